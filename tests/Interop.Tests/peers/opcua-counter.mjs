// A node-opcua server with one counter, the twin of tests/ChaosPeer: each value goes into the truth file, with its source time, before anybody can see it, so a kill leaves
// a file that names everything that may have been sent. A later run counts on from there.
//
//   node opcua-counter.mjs PORT PKI TRUTH-FILE SPARE-NAMESPACES
//
// Requests come as json-lines.mjs says: start { rate }, stop {} → { last }.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const [port, pki, truth, spare] = process.argv.slice(2);

const certificates = new opcua.OPCUACertificateManager({ rootFolder: pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
const server = new opcua.OPCUAServer({
  port: Number(port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  serverCertificateManager: certificates,
  securityPolicies: [opcua.SecurityPolicy.None, opcua.SecurityPolicy.Basic256Sha256],
  securityModes: [opcua.MessageSecurityMode.None, opcua.MessageSecurityMode.SignAndEncrypt],
  allowAnonymous: true,
  // Anything above 0 merges changes that follow each other faster.
  serverCapabilities: { minSupportedSampleRate: 0, maxSessions: 20 },
});
await server.initialize();
const space = server.engine.addressSpace;
for (let i = 0; i < Number(spare); i++) space.registerNamespace(`http://chaos.example/spare/${i}`);
const namespace = space.registerNamespace("http://chaos.example/UA/");
const counter = namespace.addVariable({ organizedBy: space.rootFolder.objects, nodeId: "s=Counter", browseName: "Counter", dataType: "Double", minimumSamplingInterval: 0 });

let value = 0;
let last = 0;
if (existsSync(truth)) {
  for (const line of readFileSync(truth, "utf8").split("\n")) {
    const [number, ticks] = line.split(" ");
    if (ticks) [value, last] = [Number(number), Number(BigInt(ticks) / 10000n) - 62135596800000];
  }
}
function count() {
  last = Math.max(Date.now(), last + 1);
  value++;
  appendFileSync(truth, `${value} ${BigInt(last + 62135596800000) * 10000n}\n`);
  counter.setValueFromSource({ dataType: opcua.DataType.Double, value }, opcua.StatusCodes.Good, new Date(last));
}
count();

await server.start();
console.log(`READY ${server.getEndpointUrl()}`);
let timer;
serve({
  start: ({ rate }) => {
    timer = setInterval(count, 1000 / rate);
  },
  stop: () => {
    clearInterval(timer);
    return { last: value };
  },
});
