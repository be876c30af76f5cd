// The node-opcua client of the interop matrix. Requests come as json-lines.mjs says; sessions are named by `as`.
//
//   node matrix-client.mjs --pki DIR
//
// Subscriptions are made twice: `subscribe` with the client's own ClientSubscription, the others service by service, because only that shows
// what is acknowledged when. node-opcua's client moves a subscription only within its own reconnection, so `transfer` is the bare service too.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { AttributeIds, DataType } = opcua;

const { values: options } = parseArgs({ options: { pki: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();

const sessions = new Map();
const session = (as) => sessions.get(as).session;
const service = (as, name, request) => new Promise((resolve, reject) => session(as)[name](request, (error, response) => (error ? reject(error) : resolve(response))));

function identity({ user, password, certificate, key }) {
  if (certificate) return { type: opcua.UserTokenType.Certificate, certificateData: Buffer.from(certificate, "hex"), privateKey: key };
  return user === undefined ? { type: opcua.UserTokenType.Anonymous } : { type: opcua.UserTokenType.UserName, userName: user, password };
}

async function connect({ as, url, policy, mode, ...who }) {
  const client = opcua.OPCUAClient.create({
    applicationName: "MatrixClient",
    clientCertificateManager: certificates,
    securityPolicy: opcua.SecurityPolicy[policy],
    securityMode: opcua.MessageSecurityMode[mode],
    endpointMustExist: true,
    keepSessionAlive: true,
    requestedSessionTimeout: 300_000,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    transportTimeout: 60_000,
    defaultTransactionTimeout: 60_000,
  });
  await client.connect(url);
  try {
    sessions.set(as, { client, session: await client.createSession(identity(who)) });
  } catch (error) {
    await client.disconnect();
    throw error;
  }
  return { policy: client.securityPolicy, mode: opcua.MessageSecurityMode[client.securityMode] };
}

async function disconnect({ as, deleteSubscriptions = true }) {
  const { client, session: closing } = sessions.get(as);
  sessions.delete(as);
  await closing.close(deleteSubscriptions);
  await client.disconnect();
}

async function browse({ as, batch = 500 }) {
  const seen = new Set(["ns=0;i=84"]);
  const bad = [];
  for (let level = [opcua.resolveNodeId("RootFolder")]; level.length > 0;) {
    const next = [];
    for (let from = 0; from < level.length; from += batch) {
      const described = level.slice(from, from + batch).map((nodeId) => ({ nodeId, referenceTypeId: "i=33", browseDirection: opcua.BrowseDirection.Forward, includeSubtypes: true, nodeClassMask: 0, resultMask: 63 }));
      for (const [i, result] of (await session(as).browse(described)).entries()) {
        if (result.statusCode.isNotGood()) bad.push(`${described[i].nodeId}: ${result.statusCode.name}`);
        let page = result;
        while (page) {
          for (const reference of page.references ?? []) {
            const key = reference.nodeId.toString();
            if (reference.nodeId.serverIndex || seen.has(key)) continue;
            seen.add(key);
            next.push(reference.nodeId);
          }
          page = page.continuationPoint?.length ? await session(as).browseNext(page.continuationPoint, false) : null;
        }
      }
    }
    level = next;
  }
  return { nodes: [...seen], bad };
}

const plain = (variant) => {
  if (variant?.dataType === DataType.ByteString) return createHash("sha256").update(variant.value ?? Buffer.alloc(0)).digest("hex");
  return ArrayBuffer.isView(variant?.value) ? Array.from(variant.value) : variant?.value ?? null;
};

async function read({ as, nodes }) {
  const values = await session(as).read(nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
  return values.map((v) => ({ status: v.statusCode.name, type: DataType[v.value?.dataType ?? 0], dimensions: v.value?.dimensions ?? null, value: plain(v.value), sourceTime: v.sourceTimestamp?.getTime() ?? null }));
}

// Byte strings come as base64.
async function write({ as, values }) {
  const statuses = await session(as).write(values.map(({ node, type, array = false, value }) => ({
    nodeId: node,
    attributeId: AttributeIds.Value,
    value: { value: { dataType: DataType[type], arrayType: opcua.VariantArrayType[array ? "Array" : "Scalar"], value: type === "ByteString" ? Buffer.from(value, "base64") : value } },
  })));
  return { statuses: statuses.map((s) => s.name) };
}

async function call({ as, object, method, inputs }) {
  const result = await session(as).call({ objectId: object, methodId: method, inputArguments: inputs.map(([type, value]) => ({ dataType: DataType[type], value })) });
  return { status: result.statusCode.name, inputs: (result.inputArgumentResults ?? []).map((s) => s.name), outputs: (result.outputArguments ?? []).map(plain) };
}

const parameters = { requestedPublishingInterval: 20, requestedLifetimeCount: 6000, requestedMaxKeepAliveCount: 50, maxNotificationsPerPublish: 0, publishingEnabled: true };

async function subscribe({ as, node }) {
  const subscription = await session(as).createSubscription2(parameters);
  const state = { subscription, values: [], backwards: 0, lastTime: 0, sequences: [], wanted: null };
  subscription.on("raw_notification", (message) => message.notificationData?.length && state.sequences.push(message.sequenceNumber));
  const item = await subscription.monitor({ nodeId: node, attributeId: AttributeIds.Value }, { samplingInterval: 0, queueSize: 10_000, discardOldest: true }, opcua.TimestampsToReturn.Both);
  item.on("changed", (value) => {
    const time = value.sourceTimestamp.getTime() + (value.sourcePicoseconds ?? 0) / 1e9;
    if (time < state.lastTime) state.backwards++;
    state.lastTime = time;
    state.values.push(value.value.value);
    state.wanted?.();
  });
  sessions.get(as).subscribed = state;
}

async function until({ as, last }) {
  const state = sessions.get(as).subscribed;
  while (state.values.at(-1) !== last) await new Promise((resolve) => (state.wanted = resolve));
}

async function received({ as }) {
  const state = sessions.get(as).subscribed;
  await state.subscription.terminate();
  const { values, backwards, sequences } = state;
  return { values, backwards, sequences };
}

async function createSubscription({ as, node }) {
  const { subscriptionId } = await service(as, "createSubscription", new opcua.CreateSubscriptionRequest(parameters));
  const { results } = await service(as, "createMonitoredItems", new opcua.CreateMonitoredItemsRequest({
    subscriptionId,
    timestampsToReturn: opcua.TimestampsToReturn.Both,
    itemsToCreate: [{ itemToMonitor: { nodeId: node, attributeId: AttributeIds.Value }, monitoringMode: opcua.MonitoringMode.Reporting, requestedParameters: { clientHandle: 7, samplingInterval: 0, queueSize: 1000, discardOldest: true } }],
  }));
  return { subscriptionId, status: results[0].statusCode.name };
}

function described(message) {
  const stream = new opcua.BinaryStream(1 << 16);
  for (const part of message.notificationData ?? []) part.encode(stream);
  return {
    sequence: message.sequenceNumber,
    publishTime: message.publishTime?.getTime() ?? null,
    values: (message.notificationData ?? []).flatMap((part) => (part.monitoredItems ?? []).map((item) => plain(item.value.value))),
    bytes: Buffer.from(stream.buffer.subarray(0, stream.length)).toString("hex"),
  };
}

async function publish({ as, acknowledge = [] }) {
  const answer = await service(as, "publish", new opcua.PublishRequest({ subscriptionAcknowledgements: acknowledge }));
  return { ...described(answer.notificationMessage), subscriptionId: answer.subscriptionId, available: Array.from(answer.availableSequenceNumbers ?? []), results: (answer.results ?? []).map((s) => s.name) };
}

async function republish({ as, subscriptionId, sequence }) {
  try {
    const answer = await service(as, "republish", new opcua.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequence }));
    return { status: "Good", ...described(answer.notificationMessage) };
  } catch (error) {
    return { status: error.response?.responseHeader.serviceResult.name ?? error.message };
  }
}

async function transfer({ as, subscriptionId }) {
  const { results } = await service(as, "transferSubscriptions", new opcua.TransferSubscriptionsRequest({ subscriptionIds: [subscriptionId], sendInitialValues: false }));
  return { status: results[0].statusCode.name, available: Array.from(results[0].availableSequenceNumbers ?? []) };
}

async function deleteSubscription({ as, subscriptionId }) {
  const { results } = await service(as, "deleteSubscriptions", new opcua.DeleteSubscriptionsRequest({ subscriptionIds: [subscriptionId] }));
  return { status: results[0].name };
}

// Events of the Server object whose severity is high enough, until as many have come.
async function events({ as, minSeverity }) {
  const fields = ["EventId", "EventType", "SourceNode", "SourceName", "Time", "Message", "Severity"];
  const where = new opcua.ContentFilter({
    elements: [{
      filterOperator: opcua.FilterOperator.GreaterThanOrEqual,
      filterOperands: [
        new opcua.SimpleAttributeOperand({ typeDefinitionId: "i=2041", browsePath: ["Severity"], attributeId: AttributeIds.Value }),
        new opcua.LiteralOperand({ value: { dataType: DataType.UInt16, value: minSeverity } }),
      ],
    }],
  });
  const subscription = await session(as).createSubscription2(parameters);
  const state = { subscription, events: [], wanted: null };
  const item = await subscription.monitor(
    { nodeId: "i=2253", attributeId: AttributeIds.EventNotifier },
    { samplingInterval: 0, queueSize: 1000, discardOldest: true, filter: opcua.constructEventFilter(fields, where) },
    opcua.TimestampsToReturn.Both);
  item.on("changed", (values) => {
    const [id, type, node, name, time, message, severity] = values.map((v) => v.value);
    state.events.push({ id: Buffer.from(id).toString("hex"), type: type.toString(), node: node.toString(), name, time: time.getTime(), message: message.text, severity });
    state.wanted?.();
  });
  sessions.get(as).events = state;
}

async function raised({ as, count }) {
  const state = sessions.get(as).events;
  while (state.events.length < count) await new Promise((resolve) => (state.wanted = resolve));
  await state.subscription.terminate();
  return { events: state.events };
}

async function history({ as, node, start, end, pageSize }) {
  const pages = [];
  let continuationPoint;
  do {
    const { results: [result] } = await session(as).historyRead(new opcua.HistoryReadRequest({
      historyReadDetails: new opcua.ReadRawModifiedDetails({ isReadModified: false, startTime: new Date(start), endTime: new Date(end), numValuesPerNode: pageSize, returnBounds: false }),
      timestampsToReturn: opcua.TimestampsToReturn.Both,
      releaseContinuationPoints: false,
      nodesToRead: [{ nodeId: node, continuationPoint }],
    }));
    if (result.statusCode.isNotGood()) throw new Error(`HistoryRead: ${result.statusCode}`);
    pages.push(result.historyData.dataValues.map((v) => ({ value: v.value.value, time: v.sourceTimestamp.getTime() })));
    continuationPoint = result.continuationPoint;
  } while (continuationPoint?.length);
  return { pages };
}

console.log("READY");
serve({ connect, disconnect, browse, read, write, call, subscribe, until, received, createSubscription, publish, republish, transfer, deleteSubscription, events, raised, history });
