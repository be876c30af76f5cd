// node-opcua's server as the benchmark's yardstick: variables ns=2;s=V00000… that change in turn, a slice each cycle.
//
//   node opcua-server.mjs --port P --variables N --rate R [--cycle MS] --pki DIR
//
// Prints READY.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(process.env.FLOORGATEWAY_NODE_ROOT ? pathToFileURL(process.env.FLOORGATEWAY_NODE_ROOT + "/") : import.meta.url);
const opcua = require("node-opcua");

const { values: options } = parseArgs({
  options: { port: { type: "string" }, variables: { type: "string" }, rate: { type: "string" }, cycle: { type: "string", default: "10" }, pki: { type: "string" } },
});
const certificateManager = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificateManager.initialize();
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  serverCertificateManager: certificateManager,
  securityPolicies: [opcua.SecurityPolicy.None],
  securityModes: [opcua.MessageSecurityMode.None],
  serverCapabilities: { minSupportedSampleRate: 0, maxMonitoredItemsPerCall: 10_000, operationLimits: { maxMonitoredItemsPerCall: 10_000 } },
});
await server.initialize();
const space = server.engine.addressSpace;
// Index 1 is the server's own; the variables go to 2, as in the other source.
const namespace = space.registerNamespace("http://example.com/UA/Load/");
const folder = namespace.addObject({ organizedBy: space.rootFolder.objects, browseName: "Load" });
const variables = Array.from({ length: Number(options.variables) }, (_, i) => {
  const name = `V${String(i).padStart(5, "0")}`;
  return namespace.addVariable({ componentOf: folder, nodeId: `s=${name}`, browseName: name, dataType: "Double", minimumSamplingInterval: 0, accessLevel: "CurrentRead", value: { dataType: "Double", value: 0 } });
});
await server.start();

const values = variables.map(() => Math.random() * 100);
const rate = Number(options.rate);
const start = performance.now();
let changes = 0;
let next = 0;
let last = 0;
setInterval(() => {
  const due = Math.floor(((performance.now() - start) / 1000) * rate);
  while (changes < due) {
    last = Math.max(Date.now(), last + 1);
    const time = new Date(last);
    for (let slice = Math.min(due - changes, variables.length); slice > 0; slice--) {
      values[next] = Math.round((values[next] + Math.random() - 0.5) * 100) / 100;
      variables[next].setValueFromSource({ dataType: opcua.DataType.Double, value: values[next] }, opcua.StatusCodes.Good, time);
      next = (next + 1) % variables.length;
      changes++;
    }
  }
}, Number(options.cycle));
console.log("READY");
