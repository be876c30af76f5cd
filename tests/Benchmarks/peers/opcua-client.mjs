// node-opcua's client as the benchmark's yardstick: subscribes to all variables of a source, and adds every value up.
//
//   node opcua-client.mjs --url URL --variables N --interval MS [--timestamps source|both]
//
// Prints READY once the first value of each has come; on `mark N` it prints `MARK N {received, sum}`.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const require = createRequire(process.env.FLOORGATEWAY_NODE_ROOT ? pathToFileURL(process.env.FLOORGATEWAY_NODE_ROOT + "/") : import.meta.url);
const opcua = require("node-opcua");

const { values: options } = parseArgs({
  options: { url: { type: "string" }, variables: { type: "string" }, interval: { type: "string", default: "100" }, namespace: { type: "string", default: "2" }, timestamps: { type: "string", default: "both" } },
});
const count = Number(options.variables);
const stats = { received: 0, sum: 0 };
let ready = false;

const client = opcua.OPCUAClient.create({ endpointMustExist: false, requestedSessionTimeout: 60_000, clientName: "peer" });
await client.connect(options.url);
const session = await client.createSession();
const subscription = await session.createSubscription2({
  requestedPublishingInterval: Number(options.interval),
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
    { samplingInterval: 0, discardOldest: true, queueSize: 1000 },
    options.timestamps === "source" ? opcua.TimestampsToReturn.Source : opcua.TimestampsToReturn.Both,
  );
  group.on("changed", (_, dataValue) => {
    stats.received++;
    stats.sum += dataValue.value.value;
    if (!ready && stats.received >= count) {
      ready = true;
      console.log("READY");
    }
  });
}
createInterface({ input: process.stdin }).on("line", (line) => console.log(`MARK ${line.trim().split(" ").at(-1)} ${JSON.stringify(stats)}`));
