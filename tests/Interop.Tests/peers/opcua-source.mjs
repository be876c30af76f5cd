// A node-opcua server that produces counted value changes: the foreign source of the end-to-end tests.
//
//   node opcua-source.mjs --port 48500 --variables 1000 --rate 10 --pki DIR [--user NAME --password SECRET] [--security none]
//
// Commands on standard input, one a line:
//   run SECONDS   changes every variable RATE times a second for so long, then prints `DONE {...truth...}`
//   start / stop  the same without an end; stop prints `DONE {...truth...}`
//   truth         prints `TRUTH {...}`
//   quit
// Truth: { changes, count: {signal: n}, sum: {signal: s}, ticks: [ms, ...] } over all values ever set, the first one included; every round sets
// every signal with the same source time, listed in ticks.
// Values are multiples of 0.25, so that sums are exact in a double whatever the order of addition.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(pathToFileURL(process.env.FLOORGATEWAY_NODE_ROOT ? process.env.FLOORGATEWAY_NODE_ROOT + "/" : import.meta.url));
const opcua = require("node-opcua");

const { values: options } = parseArgs({
  options: {
    port: { type: "string" },
    variables: { type: "string", default: "1000" },
    rate: { type: "string", default: "10" },
    pki: { type: "string" },
    user: { type: "string" },
    password: { type: "string" },
    security: { type: "string", default: "Basic256Sha256" },
    "max-sessions": { type: "string", default: "20" },
  },
});
const variableCount = Number(options.variables);
const periodMs = 1000 / Number(options.rate);

const certificateManager = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificateManager.initialize();
const plain = options.security === "none";
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  resourcePath: "/UA/Source",
  buildInfo: { productName: "CountedSource" },
  serverCertificateManager: certificateManager,
  securityPolicies: plain ? [opcua.SecurityPolicy.None] : [opcua.SecurityPolicy.None, opcua.SecurityPolicy.Basic256Sha256],
  securityModes: plain ? [opcua.MessageSecurityMode.None] : [opcua.MessageSecurityMode.None, opcua.MessageSecurityMode.Sign, opcua.MessageSecurityMode.SignAndEncrypt],
  allowAnonymous: !options.user,
  userManager: { isValidUser: (name, password) => name === options.user && password === options.password },
  // 0: every change goes out; otherwise changes within the interval are folded into one, and the truth would count what nobody could have received.
  serverCapabilities: { minSupportedSampleRate: 0, maxSessions: Number(options["max-sessions"]), maxMonitoredItemsPerCall: 500, operationLimits: { maxMonitoredItemsPerCall: 500, maxNodesPerBrowse: 200, maxNodesPerRead: 500 } },
});
await server.initialize();
const space = server.engine.addressSpace;
const namespace = space.registerNamespace("http://source.example/UA/Counted/");
const folder = namespace.addObject({ organizedBy: space.rootFolder.objects, browseName: "Counted" });
const signals = [];
for (let i = 0; i < variableCount; i++) {
  const name = `V${String(i).padStart(4, "0")}`;
  const variable = namespace.addVariable({ componentOf: folder, nodeId: `s=${name}`, browseName: name, dataType: "Double", minimumSamplingInterval: 0, accessLevel: "CurrentRead" });
  signals.push({ name, variable, count: 0, sum: 0, next: i });
}

let lastTime = 0;
const ticks = [];
function tick() {
  // One distinct millisecond a round: stores that keep milliseconds must not merge two changes.
  const now = Math.max(Date.now(), lastTime + 1);
  lastTime = now;
  ticks.push(now);
  const time = new Date(now);
  for (const signal of signals) {
    const value = signal.next;
    signal.next = value >= 1_000_000 ? 0 : value + 0.25;
    signal.count++;
    signal.sum += value;
    signal.variable.setValueFromSource({ dataType: opcua.DataType.Double, value }, opcua.StatusCodes.Good, time);
  }
}

function truth() {
  const result = { changes: 0, count: {}, sum: {}, ticks };
  for (const { name, count, sum } of signals) {
    result.changes += count;
    result.count[name] = count;
    result.sum[name] = sum;
  }
  return JSON.stringify(result);
}

let timer = null;
let due = 0;
function loop(until) {
  const step = () => {
    const now = performance.now();
    if (until && now >= until) {
      timer = null;
      console.log("DONE " + truth());
      return;
    }
    while (due <= now) {
      tick();
      due += periodMs;
    }
    timer = setTimeout(step, Math.max(0, due - performance.now()));
  };
  due = performance.now();
  step();
}

tick();
await server.start();
console.log(`READY ${server.getEndpointUrl()}`);
createInterface({ input: process.stdin }).on("line", async (line) => {
  const [command, argument] = line.trim().split(/\s+/);
  if (command === "run") loop(performance.now() + Number(argument) * 1000);
  else if (command === "start") loop(0);
  else if (command === "stop") {
    clearTimeout(timer);
    console.log("DONE " + truth());
  } else if (command === "truth") console.log("TRUTH " + truth());
  else if (command === "quit") {
    await server.shutdown(100);
    process.exit(0);
  }
});
