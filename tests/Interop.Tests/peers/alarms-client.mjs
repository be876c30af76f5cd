// A node-opcua client that watches events and alarms: the foreign client of our servers' events.
//
//   node alarms-client.mjs --pki DIR --url opc.tcp://...
//
// Requests come as json-lines.mjs says:
//   events { count, match }      waits for that many events of the Server object with this text in the message; fields by name
//   list { count }               waits until the client's own list of alarms (installAlarmMonitoring) has that many to show
//   acknowledge|confirm|comment { condition, event, text }   event in hex; gives the status
//   call { object, method, inputs: [{ type, value }] }       gives the status
//   refresh                      calls ConditionRefresh for the events' subscription
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { values: options } = parseArgs({ options: { pki: { type: "string" }, url: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
const client = opcua.OPCUAClient.create({
  clientCertificateManager: certificates,
  endpointMustExist: false,
  connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
});
await client.connect(options.url);
const session = await client.createSession();
const fields = [
  "EventId", "EventType", "SourceName", "SourceNode", "Time", "Message", "Severity", "ConditionName", "Retain", "Comment",
  "ActiveState.Id", "AckedState.Id", "ConfirmedState.Id", "ShelvingState.CurrentState", "ConditionId", "2:Serial",
];
const subscription = await session.createSubscription2({ requestedPublishingInterval: 50, requestedLifetimeCount: 1000, requestedMaxKeepAliveCount: 20, publishingEnabled: true, maxNotificationsPerPublish: 100 });
const item = await subscription.monitor(
  { nodeId: opcua.resolveNodeId("Server"), attributeId: opcua.AttributeIds.EventNotifier },
  { filter: opcua.constructEventFilter(fields), queueSize: 1000, discardOldest: true, samplingInterval: 0 },
  opcua.TimestampsToReturn.Both,
);
const seen = [];
const plain = (v) => (v.value === null || v.value === undefined ? null : Buffer.isBuffer(v.value) ? v.value.toString("hex") : v.value.text !== undefined ? v.value.text : v.value instanceof opcua.NodeId ? v.value.toString() : v.value);
item.on("changed", (values) => seen.push(Object.fromEntries(fields.map((f, i) => [f, plain(values[i])]))));
const until = async (done) => {
  for (let left = 3000; !done() && left > 0; left--) await new Promise((resolve) => setTimeout(resolve, 10));
};
let alarms;
const status = (s) => ({ status: s.name });

console.log("READY");
serve({
  events: async ({ count, match = "" }) => {
    const found = () => seen.filter((e) => (e.Message ?? "").includes(match));
    await until(() => found().length >= count);
    return { events: found(), filterResult: item.filterResult?.selectClauseResults?.map((s) => s.name) ?? null };
  },
  list: async ({ count }) => {
    alarms ??= await opcua.installAlarmMonitoring(session);
    const shown = () => alarms.alarms().filter((a) => a.getRetain());
    await until(() => shown().length === count);
    return { alarms: shown().map((a) => ({ condition: a.conditionId.toString(), event: a.eventId.toString("hex"), name: a.fields.conditionName.value, acked: a.fields.ackedState.id.value, message: a.fields.message.value.text })) };
  },
  acknowledge: async ({ condition, event, text }) => status(await session.acknowledgeCondition(opcua.resolveNodeId(condition), Buffer.from(event, "hex"), text)),
  confirm: async ({ condition, event, text }) => status(await session.confirmCondition(opcua.resolveNodeId(condition), Buffer.from(event, "hex"), text)),
  comment: async ({ condition, event, text }) => status(await session.addCommentCondition(opcua.resolveNodeId(condition), Buffer.from(event, "hex"), text)),
  call: async ({ object, method, inputs = [] }) =>
    status((await session.call({ objectId: object, methodId: method, inputArguments: inputs.map(({ type, value }) => ({ dataType: opcua.DataType[type], value })) })).statusCode),
  refresh: async () => status((await session.call({ objectId: "i=2782", methodId: "i=3875", inputArguments: [{ dataType: opcua.DataType.UInt32, value: subscription.subscriptionId }] })).statusCode),
});
