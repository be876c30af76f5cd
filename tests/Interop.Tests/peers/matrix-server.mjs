// The node-opcua server of the interop matrix: every security on one port, and a little of everything to do things with.
//
//   node matrix-server.mjs --port N --pki DIR
//
// User `anna` has the password `s3cret-压铸`; anonymous is allowed. Requests come as json-lines.mjs says:
//   trustUser { der }    lets in whoever has this certificate's key; hexadecimal
//   nodes { session }    every node that forward hierarchical references lead to from Root, as far as the session of that name may see them
//   held                 the values of the writable variables now, the byte string as its SHA-256
//   produce { count }    sets Counter (UInt32) count times, one further each time; tells the last value
//   raise { text, severities }  raises an event of Matrix for each severity; its message is the text with the severity
//   record { count }     sets History (Double) count times; tells values and times in milliseconds
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { DataType, VariantArrayType, SecurityPolicy: Policy, MessageSecurityMode: Mode } = opcua;

const { values: options } = parseArgs({ options: { port: { type: "string" }, pki: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
const users = new opcua.OPCUACertificateManager({ rootFolder: join(options.pki, "users"), automaticallyAcceptUnknownCertificate: false });
await users.initialize();
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  resourcePath: "/UA/Matrix",
  buildInfo: { productName: "Matrix" },
  serverCertificateManager: certificates,
  userCertificateManager: users,
  securityPolicies: [Policy.None, Policy.Basic256Sha256, Policy.Aes128_Sha256_RsaOaep, Policy.Aes256_Sha256_RsaPss],
  securityModes: [Mode.None, Mode.Sign, Mode.SignAndEncrypt],
  allowAnonymous: true,
  userManager: { isValidUser: (name, password) => name === "anna" && password === "s3cret-压铸" },
  maxConnectionsPerEndpoint: 200,
  // 0: changes that follow each other quickly are not merged.
  serverCapabilities: { minSupportedSampleRate: 0, maxSessions: 200, operationLimits: { maxNodesPerBrowse: 500, maxNodesPerRead: 500 } },
});
await server.initialize();

const space = server.engine.addressSpace;
const matrix = space.registerNamespace("http://matrix.example/UA/");
const root = matrix.addObject({ organizedBy: space.rootFolder.objects, nodeId: "s=Matrix", browseName: "Matrix", eventNotifier: 1, notifierOf: space.rootFolder.objects.server });
const big = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));

function add(name, dataType, extra = {}) {
  return matrix.addVariable({ componentOf: root, nodeId: `s=${name}`, browseName: name, dataType, minimumSamplingInterval: 0, ...extra });
}

add("Fixed.Double", "Double", { accessLevel: "CurrentRead", value: { dataType: DataType.Double, value: -2.5 } });
add("Fixed.Text", "String", { value: { dataType: DataType.String, value: "压铸 €𝄞" } });
add("Fixed.Array", "Int32", { valueRank: 1, arrayDimensions: [0], value: { dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: [-2147483648, 0, 2147483647] } });
add("Fixed.Matrix", "Double", { valueRank: 2, arrayDimensions: [2, 3], value: { dataType: DataType.Double, arrayType: VariantArrayType.Matrix, dimensions: [2, 3], value: [1, 2, 3, 4, 5, 6] } });
add("Fixed.Big", "ByteString", { value: { dataType: DataType.ByteString, value: big } });
const written = {
  Double: add("Written.Double", "Double", { accessLevel: "CurrentRead | CurrentWrite" }),
  Text: add("Written.Text", "String", { accessLevel: "CurrentRead | CurrentWrite" }),
  Array: add("Written.Array", "Int32", { valueRank: 1, arrayDimensions: [0], accessLevel: "CurrentRead | CurrentWrite" }),
  Big: add("Written.Big", "ByteString", { accessLevel: "CurrentRead | CurrentWrite" }),
};

const method = matrix.addMethod(root, {
  nodeId: "s=Add",
  browseName: "Add",
  inputArguments: [{ name: "a", dataType: DataType.Int32 }, { name: "b", dataType: DataType.Double }],
  outputArguments: [{ name: "sum", dataType: DataType.Double }, { name: "user", dataType: DataType.String }],
});
method.bindMethod(([a, b], context, done) => done(null, {
  statusCode: opcua.StatusCodes.Good,
  outputArguments: [{ dataType: DataType.Double, value: a.value + b.value }, { dataType: DataType.String, value: userOf(context.session?.userIdentityToken) }],
}));

function userOf(token) {
  if (token?.userName) return token.userName;
  return token?.certificateData ? createHash("sha1").update(token.certificateData).digest("hex").toUpperCase() : "anonymous";
}

const counter = add("Counter", "UInt32");
const history = add("History", "Double");
space.installHistoricalDataNode(history, { maxOnlineValues: 5000 });
let count = 0;
let last = 0;
const nextTime = () => new Date((last = Math.max(Date.now(), last + 1)));
function setCounter() {
  counter.setValueFromSource({ dataType: DataType.UInt32, value: count }, opcua.StatusCodes.Good, nextTime());
}
setCounter();

function nodes({ session }) {
  const { sessionContext } = Object.values(server.engine._sessions).find((s) => s.sessionName === session);
  const seen = new Set();
  const open = [space.rootFolder];
  for (const node of open) {
    const key = node.nodeId.toString();
    if (seen.has(key)) continue;
    seen.add(key);
    for (const reference of node.findReferencesEx("HierarchicalReferences", opcua.BrowseDirection.Forward)) {
      const target = space.findNode(reference.nodeId);
      if (target && !sessionContext.isBrowseAccessRestricted(target)) open.push(target);
    }
  }
  return { nodes: [...seen] };
}

function held() {
  const value = (name) => written[name].readValue().value.value;
  return { double: value("Double"), text: value("Text"), array: Array.from(value("Array") ?? []), big: createHash("sha256").update(value("Big") ?? Buffer.alloc(0)).digest("hex") };
}

async function produce({ count: n }) {
  for (let i = 0; i < n; i++) {
    count++;
    setCounter();
    // A turn of the event loop, so that the values spread over several notifications.
    if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { last: count };
}

function record({ count: n }) {
  const values = [];
  const times = [];
  for (let i = 0; i < n; i++) {
    const time = nextTime();
    const value = Math.round(Math.random() * 1e9) / 8;
    history.setValueFromSource({ dataType: DataType.Double, value }, opcua.StatusCodes.Good, time);
    values.push(value);
    times.push(time.getTime());
  }
  return { values, times };
}

function raise({ text, severities }) {
  for (const severity of severities) {
    root.raiseEvent("DeviceFailureEventType", {
      message: { dataType: DataType.LocalizedText, value: new opcua.LocalizedText({ text: `${text} ${severity}`, locale: "en" }) },
      severity: { dataType: DataType.UInt16, value: severity },
    });
  }
}

async function trustUser({ der }) {
  await users.trustCertificate(Buffer.from(der, "hex"));
}

await server.start();
console.log(`READY ${server.getEndpointUrl()}`);
serve({ trustUser, raise, nodes, held, produce, record });
