// A node-opcua client that does what it is told: the foreign client of our OPC UA servers.
//
//   node opcua-client.mjs --pki DIR
//
// Requests come as json-lines.mjs says.
// Sessions are named by `as` and live until `disconnect` or the end of standard input.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { AttributeIds, DataType, StatusCodes } = opcua;

const { values: options } = parseArgs({ options: { pki: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();

const sessions = new Map();

async function connect({ as, url, policy = "None", mode = "None", user, password, renewEveryMs = 0 }) {
  const client = opcua.OPCUAClient.create({
    applicationName: "InteropClient",
    clientCertificateManager: certificates,
    securityPolicy: opcua.SecurityPolicy[policy],
    securityMode: opcua.MessageSecurityMode[mode],
    endpointMustExist: true,
    keepSessionAlive: true,
    requestedSessionTimeout: 120_000,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    tokenRenewalInterval: renewEveryMs,
    transportTimeout: 60_000,
    defaultTransactionTimeout: 60_000,
  });
  const entry = { client, session: null, renewals: 0, cuts: 0, subscriptions: [] };
  client.on("security_token_renewed", () => entry.renewals++);
  client.on("connection_lost", () => entry.cuts++);
  await client.connect(url);
  try {
    entry.session = await client.createSession(
      user === undefined ? { type: opcua.UserTokenType.Anonymous } : { type: opcua.UserTokenType.UserName, userName: user, password });
  } catch (error) {
    await client.disconnect();
    throw error;
  }
  sessions.set(as, entry);
  return { policy: client.securityPolicy, mode: opcua.MessageSecurityMode[client.securityMode], sessionId: entry.session.sessionId.toString() };
}

// The references of each node, all of them however many answers it takes.
async function referencesOf(session, nodes, referenceTypeId, browseDirection, bad) {
  const results = await session.browse(nodes.map((nodeId) => ({ nodeId, referenceTypeId, browseDirection, includeSubtypes: true, nodeClassMask: 0, resultMask: 63 })));
  const all = [];
  for (let i = 0; i < results.length; i++) {
    let { statusCode, references, continuationPoint } = results[i];
    if (statusCode.isNotGood()) bad.push({ node: nodes[i].toString(), what: "browse", status: statusCode.name });
    const found = references ?? [];
    while (continuationPoint && continuationPoint.length > 0) {
      const more = await session.browseNext(continuationPoint, false);
      if (more.statusCode.isNotGood()) bad.push({ node: nodes[i].toString(), what: "browseNext", status: more.statusCode.name });
      found.push(...(more.references ?? []));
      continuationPoint = more.continuationPoint;
    }
    all.push(found);
  }
  return all;
}

// Every node that any reference leads to from Root, in both directions, with all attributes of each.
async function explore({ as, batch = 200 }) {
  const { session } = sessions.get(as);
  const bad = [];
  const seen = new Set(["ns=0;i=84"]);
  const classes = {};
  let level = [opcua.resolveNodeId("RootFolder")];
  let references = 0;
  let inverse = 0;
  let attributes = 0;
  while (level.length > 0) {
    const next = [];
    for (let from = 0; from < level.length; from += batch) {
      const nodes = level.slice(from, from + batch);
      for (const found of await referencesOf(session, nodes, "i=31", opcua.BrowseDirection.Both, bad)) {
        for (const reference of found) {
          references++;
          if (!reference.isForward) inverse++;
          if (reference.nodeId.serverIndex) continue;
          const key = reference.nodeId.toString();
          if (!seen.has(key)) {
            seen.add(key);
            next.push(reference.nodeId);
          }
        }
      }
    }
    for (let from = 0; from < level.length; from += batch / 20) {
      const nodes = level.slice(from, from + batch / 20);
      const reads = nodes.flatMap((nodeId) => Array.from({ length: 27 }, (_, i) => ({ nodeId, attributeId: i + 1 })));
      const values = await session.read(reads);
      values.forEach((value, i) => {
        const { nodeId, attributeId } = reads[i];
        if (value.statusCode.isGood()) {
          attributes++;
          if (attributeId === AttributeIds.NodeClass) {
            const name = opcua.NodeClass[value.value.value];
            classes[name] = (classes[name] ?? 0) + 1;
          }
        } else if (value.statusCode !== StatusCodes.BadAttributeIdInvalid) {
          bad.push({ node: nodeId.toString(), what: AttributeIds[attributeId], status: value.statusCode.name });
        } else if (attributeId <= 4) {
          bad.push({ node: nodeId.toString(), what: AttributeIds[attributeId], status: "missing: every node has it" });
        }
      });
    }
    level = next;
  }
  return { nodes: seen.size, references, inverse, attributes, classes, bad };
}

// Everything below Objects, as a client that shows a plant does it: what each node is an instance of, by the namespace of the type, and what could not be read.
async function plant({ as, batch = 500 }) {
  const { session } = sessions.get(as);
  const uris = await session.readNamespaceArray();
  const bad = [];
  const seen = new Map([["ns=0;i=85", null]]);
  let level = [opcua.resolveNodeId("ObjectsFolder")];
  let values = 0;
  while (level.length > 0) {
    const next = [];
    for (let from = 0; from < level.length; from += batch) {
      const nodes = level.slice(from, from + batch);
      for (const found of await referencesOf(session, nodes, "i=33", opcua.BrowseDirection.Forward, bad)) {
        for (const reference of found) {
          const key = reference.nodeId.toString();
          if (seen.has(key)) continue;
          seen.set(key, reference.typeDefinition?.isEmpty?.() === false ? reference.typeDefinition.toString() : null);
          next.push(reference.nodeId);
        }
      }
      const attributes = [AttributeIds.NodeClass, AttributeIds.BrowseName, AttributeIds.DisplayName, AttributeIds.Value, AttributeIds.DataType];
      const reads = nodes.flatMap((nodeId) => attributes.map((attributeId) => ({ nodeId, attributeId })));
      (await session.read(reads)).forEach((value, i) => {
        const { nodeId, attributeId } = reads[i];
        if (value.statusCode.isGood() && attributeId === AttributeIds.Value) values++;
        if (value.statusCode.isGood() || (attributeId > 4 && value.statusCode === StatusCodes.BadAttributeIdInvalid)) return;
        bad.push({ node: nodeId.toString(), what: AttributeIds[attributeId], status: value.statusCode.name });
      });
    }
    level = next;
  }
  const types = [...new Set([...seen.values()].filter((t) => t !== null))];
  const names = await session.read(types.map((nodeId) => ({ nodeId, attributeId: AttributeIds.BrowseName })));
  const instances = {};
  const nameOf = new Map(types.map((t, i) => [t, names[i].statusCode.isGood() ? `${uris[opcua.resolveNodeId(t).namespace]}|${names[i].value.value.name}` : null]));
  for (const type of seen.values()) {
    if (type === null) continue;
    const name = nameOf.get(type);
    if (name === null) bad.push({ node: type, what: "type definition", status: "not there" });
    else instances[name] = (instances[name] ?? 0) + 1;
  }
  return { nodes: seen.size, values, instances, uris, bad };
}

// Reads a value until it is the wanted one.
async function until({ as, node, value, ms = 20_000 }) {
  const { session } = sessions.get(as);
  const end = Date.now() + ms;
  for (;;) {
    const read = await session.read({ nodeId: node, attributeId: AttributeIds.Value });
    const now = plain(read.value);
    if (now === value || Date.now() > end) return { value: now, status: read.statusCode.name };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function plain(variant) {
  if (!variant || variant.value === null || variant.value === undefined) return null;
  const one = (value) => {
    if (variant.dataType === DataType.Int64) return opcua.coerceInt64(value) && BigInt.asIntN(64, (BigInt(value[0]) << 32n) | BigInt(value[1])).toString();
    if (variant.dataType === DataType.UInt64) return ((BigInt(value[0]) << 32n) | BigInt(value[1])).toString();
    if (variant.dataType === DataType.Double || variant.dataType === DataType.Float) return Number.isFinite(value) ? value : String(value);
    if (typeof value === "object" && value !== null && typeof value.toJSON === "function") return value.toJSON();
    return value;
  };
  return variant.arrayType === opcua.VariantArrayType.Scalar ? one(variant.value) : Array.from(variant.value, one);
}

async function read({ as, nodes, attribute = "Value" }) {
  const values = await sessions.get(as).session.read(nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds[attribute] })));
  return values.map((v) => ({
    status: v.statusCode.name,
    type: v.value ? DataType[v.value.dataType] : "Null",
    shape: v.value ? opcua.VariantArrayType[v.value.arrayType] : "Scalar",
    value: plain(v.value),
  }));
}

async function write({ as, node, type, value }) {
  const status = await sessions.get(as).session.write({ nodeId: node, attributeId: AttributeIds.Value, value: { value: { dataType: DataType[type], value } } });
  return { status: status.name };
}

// A value from one server to another, and what the other one says it has now.
async function transfer({ from, to, source, target }) {
  const [value] = await sessions.get(from).session.read([{ nodeId: source, attributeId: AttributeIds.Value }]);
  const status = await sessions.get(to).session.write({ nodeId: target, attributeId: AttributeIds.Value, value: { value: value.value } });
  const [back] = await sessions.get(to).session.read([{ nodeId: target, attributeId: AttributeIds.Value }]);
  const bytes = (variant) => {
    const stream = new opcua.BinaryStream(1 << 16);
    opcua.encodeVariant(variant, stream);
    return Buffer.from(stream.buffer.subarray(0, stream.length)).toString("hex");
  };
  return { status: status.name, sent: bytes(value.value), readBack: bytes(back.value) };
}

async function call({ as, object, method, inputs = [] }) {
  const result = await sessions.get(as).session.call({ objectId: object, methodId: method, inputArguments: inputs.map(([type, value]) => ({ dataType: DataType[type], value })) });
  return { status: result.statusCode.name, inputs: (result.inputArgumentResults ?? []).map((s) => s.name), outputs: (result.outputArguments ?? []).map(plain) };
}

// Counts and sums of what is received, in the order in which it arrives; sums of scalars only.
async function subscribe({ as, nodes, publishingIntervalMs = 50, queueSize = 10_000 }) {
  const entry = sessions.get(as);
  const subscription = await entry.session.createSubscription2({
    requestedPublishingInterval: publishingIntervalMs,
    requestedLifetimeCount: 6000,
    requestedMaxKeepAliveCount: 20,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
  });
  const state = { subscription, total: 0, overflows: 0, messages: 0, sequences: new Set(), repeatedSequences: 0, ends: [], totals: {}, wanted: [] };
  entry.subscriptions.push(state);
  subscription.on("raw_notification", (message) => {
    if (!message.notificationData?.length) return;
    state.messages++;
    if (state.sequences.has(message.sequenceNumber)) state.repeatedSequences++;
    state.sequences.add(message.sequenceNumber);
  });
  subscription.on("status_changed", (status) => state.ends.push(status.name));
  subscription.on("internal_error", (error) => state.ends.push(error.message));
  const group = opcua.ClientMonitoredItemGroup.create(
    subscription,
    nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
    { samplingInterval: 0, queueSize, discardOldest: true },
    opcua.TimestampsToReturn.Both);
  group.on("changed", (item, value) => {
    const key = item.itemToMonitor.nodeId.toString();
    const totals = (state.totals[key] ??= { count: 0, sum: 0, notGood: 0, backwards: 0, last: 0 });
    const number = value.value.arrayType !== opcua.VariantArrayType.Scalar ? 0 : Number(plain(value.value));
    const scalar = typeof plain(value.value) !== "string" || value.value.dataType === DataType.UInt64 || value.value.dataType === DataType.Int64;
    totals.count++;
    if (scalar && Number.isFinite(number)) totals.sum += number;
    if (value.statusCode.isNotGood()) totals.notGood++;
    if (value.statusCode.hasOverflowBit) state.overflows++;
    const time = value.sourceTimestamp ? value.sourceTimestamp.getTime() + (value.sourcePicoseconds ?? 0) / 1e9 : 0;
    if (time < totals.last) totals.backwards++;
    totals.last = time;
    state.total++;
    state.wanted = state.wanted.filter((w) => (state.total >= w.count ? (w.resolve(), false) : true));
  });
  await new Promise((resolve, reject) => {
    group.once("initialized", resolve);
    group.once("err", (message) => reject(new Error(message)));
  });
  const refused = group.monitoredItems.filter((item) => !item.statusCode.isGood()).map((item) => ({ node: item.itemToMonitor.nodeId.toString(), status: item.statusCode.name }));
  return { index: entry.subscriptions.length - 1, subscriptionId: subscription.subscriptionId, refused };
}

async function received({ as, index = 0, atLeast = 0 }) {
  const state = sessions.get(as).subscriptions[index];
  if (state.total < atLeast) await new Promise((resolve) => state.wanted.push({ count: atLeast, resolve }));
  const { total, overflows, messages, repeatedSequences, ends, totals } = state;
  return { total, overflows, messages, repeatedSequences, ends, totals };
}

// One subscription by hand: what is not acknowledged can be had again, what is acknowledged can't.
async function republish({ as, node }) {
  const { session } = sessions.get(as);
  const service = (name, request) => new Promise((resolve, reject) => session[name](request, (error, response) => (error ? reject(error) : resolve(response))));
  const created = await service("createSubscription", new opcua.CreateSubscriptionRequest({ requestedPublishingInterval: 50, requestedLifetimeCount: 6000, requestedMaxKeepAliveCount: 20, publishingEnabled: true }));
  const subscriptionId = created.subscriptionId;
  await service("createMonitoredItems", new opcua.CreateMonitoredItemsRequest({
    subscriptionId,
    timestampsToReturn: opcua.TimestampsToReturn.Both,
    itemsToCreate: [{ itemToMonitor: { nodeId: node, attributeId: AttributeIds.Value }, monitoringMode: opcua.MonitoringMode.Reporting, requestedParameters: { clientHandle: 7, samplingInterval: 0, queueSize: 10 } }],
  }));
  const text = (message) => JSON.stringify(message.notificationData.flatMap((d) => d.monitoredItems.map((i) => [i.clientHandle, plain(i.value.value), i.value.sourceTimestamp])));
  const first = await service("publish", new opcua.PublishRequest({ subscriptionAcknowledgements: [] }));
  const sequenceNumber = first.notificationMessage.sequenceNumber;
  const again = await service("republish", new opcua.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequenceNumber }));
  const second = await service("publish", new opcua.PublishRequest({ subscriptionAcknowledgements: [{ subscriptionId, sequenceNumber }] }));
  const third = await service("publish", new opcua.PublishRequest({ subscriptionAcknowledgements: [{ subscriptionId, sequenceNumber }] }));
  let gone;
  try {
    await service("republish", new opcua.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequenceNumber }));
    gone = "Good";
  } catch (error) {
    gone = error.response?.responseHeader.serviceResult.name ?? error.message;
  }
  await service("deleteSubscriptions", new opcua.DeleteSubscriptionsRequest({ subscriptionIds: [subscriptionId] }));
  return {
    availableAtFirst: first.availableSequenceNumbers?.includes(sequenceNumber) ?? false,
    first: text(first.notificationMessage),
    again: text(again.notificationMessage),
    acknowledged: second.results[0].name,
    availableAfter: second.availableSequenceNumbers?.includes(sequenceNumber) ?? false,
    acknowledgedTwice: third.results[0].name,
    republishAfter: gone,
  };
}

function statistics({ as }) {
  const { renewals, cuts, client } = sessions.get(as);
  return { renewals, cuts, bytesRead: client.bytesRead, bytesWritten: client.bytesWritten };
}

async function disconnect({ as }) {
  const entry = sessions.get(as);
  sessions.delete(as);
  if (entry) {
    for (const { subscription } of entry.subscriptions) await subscription.terminate();
    await entry.session.close(true);
    await entry.client.disconnect();
  }
  return {};
}

console.log("READY");
serve({ connect, explore, plant, until, read, write, transfer, call, subscribe, received, republish, statistics, disconnect });
