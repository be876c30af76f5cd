// A node-opcua server with one variable of everything: the foreign server of our OPC UA client.
//
//   node opcua-zoo.mjs --port N --pki DIR [--trust-all false] [--token-lifetime MILLISECONDS]
//
// User `anna` has the password `s3cret`; anonymous is allowed. Requests come as json-lines.mjs says:
//   same { a, b }        whether two variables hold values with the same encoding
//   trust                trusts the clients whose certificates were refused
//   produce { count }    sets Counter (UInt32) count times, one further each time; tells the last value
import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { DataType, VariantArrayType } = opcua;

const { values: options } = parseArgs({ options: { port: { type: "string" }, pki: { type: "string" }, "trust-all": { type: "string", default: "true" }, "token-lifetime": { type: "string", default: "600000" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: options["trust-all"] === "true" });
await certificates.initialize();
const { MessageSecurityMode: Mode, SecurityPolicy: Policy } = opcua;
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  resourcePath: "/UA/Zoo",
  buildInfo: { productName: "Zoo" },
  serverCertificateManager: certificates,
  securityPolicies: [Policy.None, Policy.Basic256Sha256],
  securityModes: [Mode.None, Mode.Sign, Mode.SignAndEncrypt],
  allowAnonymous: true,
  defaultSecureTokenLifetime: Number(options["token-lifetime"]),
  userManager: { isValidUser: (name, password) => name === "anna" && password === "s3cret" },
  nodeset_filename: [opcua.nodesets.standard, fileURLToPath(new URL("zoo.NodeSet2.xml", import.meta.url))],
  serverCapabilities: {
    // Anything above 0 merges changes that follow each other faster.
    minSupportedSampleRate: 0,
    maxSessions: 20,
    maxBrowseContinuationPoints: 2,
    operationLimits: { maxNodesPerBrowse: 7, maxNodesPerRead: 13, maxNodesPerWrite: 5, maxMonitoredItemsPerCall: 11, maxNodesPerMethodCall: 2, maxNodesPerTranslateBrowsePathsToNodeIds: 3 },
  },
});
await server.initialize();

// Few references in one answer, whatever the client asks for: small controllers do so.
server.on("create_session", (session) => {
  const manager = session.continuationPointManager;
  const register = manager.registerReferences.bind(manager);
  manager.registerReferences = (wanted, ...rest) => register(Math.min(wanted || 20, 20), ...rest);
});

const space = server.engine.addressSpace;
const types = space.getNamespaceIndex("http://zoo.example/UA/Types/");
const zoo = space.registerNamespace("http://zoo.example/UA/");
const root = zoo.addObject({ organizedBy: space.rootFolder.objects, nodeId: "s=Zoo", browseName: "Zoo" });

const point = (x, y) => space.constructExtensionObject(space.findDataType("Point", types), { x, y });
const reading = (name, value, limits, place) => space.constructExtensionObject(space.findDataType("Reading", types), { name, value, limits, place });
const text = (value, locale) => new opcua.LocalizedText({ text: value, locale });
const inner = (dataType, value, arrayType = VariantArrayType.Scalar) => new opcua.Variant({ dataType, arrayType, value });

// Three values of each type, the first one the most awkward.
const cages = {
  Boolean: [true, false, true],
  SByte: [-128, 0, 127],
  Byte: [255, 0, 1],
  Int16: [-32768, 0, 32767],
  UInt16: [65535, 0, 1],
  Int32: [-2147483648, 0, 2147483647],
  UInt32: [4294967295, 0, 1],
  Int64: [[0x80000000, 0x00000000], [0, 1], [0x7fffffff, 0xffffffff]],
  UInt64: [[0xffffffff, 0xffffffff], [0, 1], [0x01020304, 0x05060708]],
  Float: [3.4028234663852886e38, -0.5, 0],
  Double: [5e-324, -1.25, Infinity],
  String: ["压铸 €𝄞\u0000!", "", null],
  DateTime: [new Date("2027-03-15T12:34:56.789Z"), new Date("1970-01-01T00:00:00Z"), new Date("2099-12-31T23:59:59.999Z")],
  Guid: ["72962B91-FA75-4AE6-8D28-B404DC7DAF63", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-0000-1111-2222-333333333333"],
  ByteString: [Buffer.from([0, 1, 255]), Buffer.alloc(0), null],
  XmlElement: ["<a b=\"1\">压铸</a>", "<x/>", "<y/>"],
  NodeId: [opcua.resolveNodeId("ns=2;s=压铸"), opcua.resolveNodeId("ns=1;g=72962B91-FA75-4AE6-8D28-B404DC7DAF63"), opcua.resolveNodeId("ns=300;b=AAH/")],
  ExpandedNodeId: [
    // node-opcua drops namespace URI and server index of a scalar in its address space; in arrays they stay.
    new opcua.ExpandedNodeId(opcua.NodeIdType.STRING, "near", 2),
    new opcua.ExpandedNodeId(opcua.NodeIdType.NUMERIC, 70000, 0, "http://far.example/", 3),
    new opcua.ExpandedNodeId(opcua.NodeIdType.NUMERIC, 84, 0),
  ],
  StatusCode: [opcua.StatusCodes.BadOutOfService, opcua.StatusCodes.Good, opcua.StatusCodes.UncertainLastUsableValue],
  QualifiedName: [new opcua.QualifiedName({ namespaceIndex: 2, name: "名" }), new opcua.QualifiedName({ namespaceIndex: 0, name: "x" }), new opcua.QualifiedName({ namespaceIndex: 1, name: "y" })],
  LocalizedText: [text("压铸", "zh-CN"), text("plain", null), text("z", "en")],
  DataValue: [
    new opcua.DataValue({ value: inner(DataType.Double, 1.5), statusCode: opcua.StatusCodes.UncertainLastUsableValue, sourceTimestamp: new Date("2027-03-15T12:34:56.789Z") }),
    new opcua.DataValue({ statusCode: opcua.StatusCodes.BadNoData }),
    new opcua.DataValue({ value: inner(DataType.String, "x") }),
  ],
};

function addPair(name, dataType, valueRank, variant) {
  const common = { componentOf: root, dataType, valueRank, accessLevel: "CurrentRead | CurrentWrite", minimumSamplingInterval: 0 };
  const arrayDimensions = variant.dimensions ?? (valueRank === 1 ? [0] : undefined);
  zoo.addVariable({ ...common, arrayDimensions, nodeId: `s=${name}`, browseName: name, value: variant });
  zoo.addVariable({ ...common, arrayDimensions, nodeId: `s=Copy.${name}`, browseName: `Copy.${name}` });
}

for (const [type, values] of Object.entries(cages)) {
  const dataType = DataType[type];
  addPair(`Scalar.${type}`, type, -1, { dataType, arrayType: VariantArrayType.Scalar, value: values[0] });
  addPair(`Array.${type}`, type, 1, { dataType, arrayType: VariantArrayType.Array, value: values });
  addPair(`Matrix.${type}`, type, 2, { dataType, arrayType: VariantArrayType.Matrix, dimensions: [2, 3], value: [...values, ...values] });
}
addPair("Empty.Double", "Double", 1, { dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [] });
addPair("Nested.Variant", "BaseDataType", 1, {
  dataType: DataType.Variant,
  arrayType: VariantArrayType.Array,
  value: [inner(DataType.Int32, -7), inner(DataType.String, ["a", "b"], VariantArrayType.Array), inner(DataType.Variant, [inner(DataType.Boolean, true), inner(DataType.Double, 0.5)], VariantArrayType.Array)],
});
addPair("Standard.Structure", "Argument", -1, { dataType: DataType.ExtensionObject, value: new opcua.Argument({ name: "speed", dataType: DataType.Double, valueRank: -1, description: text("m/s") }) });
const readingType = `ns=${types};i=3002`;
const first = () => reading("north", 1.5, [0.25, -2, 1e300], { x: 0.5, y: -0.5 });
addPair("Custom.Structure", readingType, -1, { dataType: DataType.ExtensionObject, value: first() });
addPair("Custom.Structures", readingType, 1, { dataType: DataType.ExtensionObject, arrayType: VariantArrayType.Array, value: [first(), reading("", 0, [], { x: 1, y: 2 })] });

const animal = (fields) => space.constructExtensionObject(space.findDataType("Animal", types), fields);
const food = (fields) => space.constructExtensionObject(space.findDataType("Food", types), fields);
addPair("Custom.Optional", `ns=${types};i=3004`, -1, { dataType: DataType.ExtensionObject, value: animal({ name: "Leo", mood: 3, place: { x: 1, y: 2 } }) });
addPair("Custom.Union", `ns=${types};i=3005`, -1, { dataType: DataType.ExtensionObject, value: food({ recipe: "hay" }) });

const bad = zoo.addVariable({ componentOf: root, nodeId: "s=Broken", browseName: "Broken", dataType: "Double" });
bad.setValueFromSource({ dataType: DataType.Double, value: 2.5 }, opcua.StatusCodes.BadSensorFailure, new Date("2027-03-15T00:00:00.001Z"));
zoo.addVariable({ componentOf: root, nodeId: "s=ReadOnly", browseName: "ReadOnly", dataType: "Double", accessLevel: "CurrentRead", value: { dataType: DataType.Double, value: 1 } });

const add = zoo.addMethod(root, {
  nodeId: "s=Add",
  browseName: "Add",
  inputArguments: [{ name: "a", dataType: DataType.Int32 }, { name: "b", dataType: DataType.Double }],
  outputArguments: [{ name: "sum", dataType: DataType.Double }, { name: "text", dataType: DataType.String }],
});
add.bindMethod(([a, b], _context, done) => done(null, {
  statusCode: opcua.StatusCodes.Good,
  outputArguments: [{ dataType: DataType.Double, value: a.value + b.value }, { dataType: DataType.String, value: `${a.value} + ${b.value}` }],
}));
const fail = zoo.addMethod(root, { nodeId: "s=Fail", browseName: "Fail", inputArguments: [], outputArguments: [] });
fail.bindMethod((_inputs, _context, done) => done(null, { statusCode: opcua.StatusCodes.BadInvalidState }));

let floor = root;
for (let depth = 1; depth <= 25; depth++) floor = zoo.addObject({ organizedBy: floor, nodeId: `s=Floor${depth}`, browseName: `Floor${depth}`, typeDefinition: "FolderType" });
for (let hall = 0; hall < 9; hall++) {
  const wide = zoo.addObject({ organizedBy: root, nodeId: `s=Hall${hall}`, browseName: `Hall${hall}`, typeDefinition: "FolderType" });
  for (let i = 0; i < 50 + hall; i++) zoo.addVariable({ organizedBy: wide, nodeId: `s=Hall${hall}.${i}`, browseName: `Animal${i}`, dataType: "Int32", value: { dataType: DataType.Int32, value: i } });
}

const counter = zoo.addVariable({ componentOf: root, nodeId: "s=Counter", browseName: "Counter", dataType: "UInt32", minimumSamplingInterval: 0 });
let count = 0;
let last = 0;
function setCounter() {
  last = Math.max(Date.now(), last + 1);
  counter.setValueFromSource({ dataType: DataType.UInt32, value: count }, opcua.StatusCodes.Good, new Date(last));
}
setCounter();

const variable = (name) => zoo.findNode(`s=${name}`);
function encoded(name) {
  const value = variable(name).readValue().value;
  const stream = new opcua.BinaryStream(1 << 16);
  opcua.encodeVariant(value, stream);
  return Buffer.from(stream.buffer.subarray(0, stream.length)).toString("hex");
}

// What an administrator does with the server's tool. Its folders are watched as well, but only every few seconds.
async function trust() {
  const files = await readdir(certificates.rejectedFolder);
  for (const file of files) await certificates.trustCertificate(new X509Certificate(await readFile(join(certificates.rejectedFolder, file))).raw);
  return { trusted: files.length };
}

await server.start();
console.log(`READY ${server.getEndpointUrl()}`);
serve({
  trust,
  same: ({ a, b }) => ({ a: encoded(a), b: encoded(b) }),
  produce: async ({ count: n }) => {
    for (let i = 0; i < n; i++) {
      count++;
      setCounter();
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { last: count };
  },
});
