// mqtt.js clients that do what they are told: the foreign clients of our MQTT broker.
//
//   node mqtt-client.mjs
//
// Requests come as json-lines.mjs says. Clients are named by `as`.
import { createRequire } from "node:module";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const mqtt = require("mqtt");
const clients = new Map();

function connect({ as, port, version = 5, clientId = as, clean = true, expirySeconds = 600, user, password, will }) {
  const previous = clients.get(as);
  const entry = { client: null, messages: previous?.messages ?? [], wanted: [] };
  const v5 = version === 5;
  const client = mqtt.connect({
    host: "127.0.0.1",
    port,
    protocolVersion: version,
    clientId,
    clean,
    username: user,
    password,
    reconnectPeriod: 0,
    connectTimeout: 60_000,
    will: will && { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain },
    properties: v5 ? { sessionExpiryInterval: expirySeconds } : undefined,
  });
  entry.client = client;
  clients.set(as, entry);
  client.on("message", (topic, payload, packet) => {
    entry.messages.push({
      topic,
      payload: payload.toString(),
      qos: packet.qos,
      retain: packet.retain,
      dup: packet.dup,
      contentType: packet.properties?.contentType ?? null,
      responseTopic: packet.properties?.responseTopic ?? null,
      correlation: packet.properties?.correlationData?.toString() ?? null,
      user: packet.properties?.userProperties ?? null,
      expiry: packet.properties?.messageExpiryInterval ?? null,
    });
    entry.wanted = entry.wanted.filter((w) => (entry.messages.length >= w.count ? (w.resolve(), false) : true));
  });
  return new Promise((resolve, reject) => {
    client.once("connect", (ack) => resolve({ sessionPresent: ack.sessionPresent, code: v5 ? ack.reasonCode : ack.returnCode }));
    client.once("error", (error) => {
      client.end(true);
      reject(new Error(`${error.code} ${error.message}`));
    });
  });
}

async function subscribe({ as, topic, qos = 0 }) {
  const granted = await clients.get(as).client.subscribeAsync(topic, { qos });
  return { granted: granted.map((g) => g.qos) };
}

async function unsubscribe({ as, topic }) {
  await clients.get(as).client.unsubscribeAsync(topic);
}

// Numbered messages, all on their way at once; done when the broker has acknowledged each of them.
async function publish({ as, topic, from = 0, count = 1, qos = 0, retain = false, payload, properties }) {
  const { client } = clients.get(as);
  const sent = { qos, retain };
  if (properties) sent.properties = { ...properties, correlationData: properties.correlationData && Buffer.from(properties.correlationData) };
  await Promise.all(Array.from({ length: count }, (_, i) => client.publishAsync(topic, payload ?? String(from + i), sent)));
}

async function received({ as, atLeast = 0 }) {
  const entry = clients.get(as);
  if (entry.messages.length < atLeast) await new Promise((resolve) => entry.wanted.push({ count: atLeast, resolve }));
  return { messages: entry.messages };
}

async function disconnect({ as }) {
  await clients.get(as).client.endAsync(false);
}

// As a process that is killed: the connection ends without DISCONNECT.
function drop({ as }) {
  const { client } = clients.get(as);
  return new Promise((resolve) => {
    client.once("close", () => resolve());
    client.stream.destroy();
  });
}

console.log("READY");
serve({ connect, subscribe, unsubscribe, publish, received, disconnect, drop });
