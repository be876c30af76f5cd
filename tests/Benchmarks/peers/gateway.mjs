// The gateway that a good engineer would write by hand in an afternoon: node-opcua -> mqtt.js + line protocol. It keeps nothing on disk and proves
// nothing; it is the yardstick of tests/Benchmarks.
//
//   node gateway.mjs --opcua URL --variables N --mqtt URL --qos 0|1 --influx URL
//
// Prints READY once subscribed. On `mark N` it prints `MARK N {received, published, lines, failed}` so far. On `stop` it
// prints `DONE {received, published, lines, failed, cpuSeconds, from, to}` and ends; cpuSeconds is counted from READY.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { request, Agent } from "node:http";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(process.env.FLOORGATEWAY_NODE_ROOT ? pathToFileURL(process.env.FLOORGATEWAY_NODE_ROOT + "/") : import.meta.url);
const opcua = require("node-opcua");
const mqtt = require("mqtt");

const { values: options } = parseArgs({
  options: {
    opcua: { type: "string" },
    variables: { type: "string" },
    namespace: { type: "string", default: "2" },
    mqtt: { type: "string" },
    qos: { type: "string", default: "1" },
    influx: { type: "string" },
    "publishing-interval": { type: "string", default: "100" },
    queue: { type: "string", default: "1000" },
  },
});
const qos = Number(options.qos);
const count = Number(options.variables);

const broker = await mqtt.connectAsync(options.mqtt, { protocolVersion: 5 });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const stats = { received: 0, published: 0, lines: 0, failed: 0 };
let lines = [];

function post(batch) {
  const body = gzipSync(Buffer.from(batch.join("\n")), { level: 1 });
  const message = request(options.influx, { method: "POST", agent, headers: { "content-encoding": "gzip", "content-type": "text/plain; charset=utf-8", "content-length": body.length } }, (answer) => {
    answer.resume();
    if (answer.statusCode === 204) stats.lines += batch.length;
    else stats.failed += batch.length;
  });
  message.on("error", () => (stats.failed += batch.length));
  message.end(body);
}

function flush() {
  if (lines.length > 0) {
    post(lines);
    lines = [];
  }
}
setInterval(flush, 1000).unref();

const client = opcua.OPCUAClient.create({ endpointMustExist: false, requestedSessionTimeout: 60_000, clientName: "peer" });
await client.connect(options.opcua);
const session = await client.createSession();
const subscription = await session.createSubscription2({
  requestedPublishingInterval: Number(options["publishing-interval"]),
  requestedLifetimeCount: 1000,
  requestedMaxKeepAliveCount: 20,
  maxNotificationsPerPublish: 0,
  publishingEnabled: true,
  priority: 1,
});

for (let from = 0; from < count; from += 1000) {
  const names = Array.from({ length: Math.min(1000, count - from) }, (_, i) => `V${String(from + i).padStart(5, "0")}`);
  const group = opcua.ClientMonitoredItemGroup.create(
    subscription,
    names.map((name) => ({ nodeId: `ns=${options.namespace};s=${name}`, attributeId: opcua.AttributeIds.Value })),
    { samplingInterval: 0, discardOldest: true, queueSize: Number(options.queue) },
    opcua.TimestampsToReturn.Both,
  );
  group.on("changed", (_, dataValue, index) => {
    const name = names[index];
    stats.received++;
    const time = dataValue.sourceTimestamp;
    const good = dataValue.statusCode.value === 0;
    const payload = JSON.stringify({ v: dataValue.value.value, q: good ? "Good" : "Bad", t: time.toISOString(), u: "m/s", o: "live" });
    broker.publish(`LXE/JSH/BEN/L01/BENCH/UNIT/${name}`, payload, { qos, retain: true }, qos === 0 ? undefined : () => stats.published++);
    // Nothing acknowledges QoS 0, and mqtt.js calls back for it only when its socket's buffer has run empty: handed over is all that can be counted.
    if (qos === 0) stats.published++;
    if (good) {
      lines.push(`Bench,enterprise=LXE,site=JSH,area=BEN,line=L01,cell=BENCH,unit=UNIT ${name}=${dataValue.value.value} ${time.getTime()}000000`);
      if (lines.length >= 5000) flush();
    }
  });
  await new Promise((resolve) => group.once("initialized", resolve));
}

const start = process.cpuUsage();
const from = Date.now();
console.log("READY");
createInterface({ input: process.stdin }).on("line", async (line) => {
  const [verb, mark] = line.trim().split(" ");
  if (verb === "mark") console.log(`MARK ${mark} ${JSON.stringify(stats)}`);
  if (verb !== "stop") return;
  const cpu = process.cpuUsage(start);
  const to = Date.now();
  flush();
  console.log("DONE " + JSON.stringify({ ...stats, cpuSeconds: (cpu.user + cpu.system) / 1e6, from, to }));
  await client.disconnect();
  broker.end(true);
  process.exit(0);
});
