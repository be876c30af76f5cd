// A small node-opcua client for the tests of security: every policy, users with certificates, reverse connect.
//
//   node security-client.mjs --pki DIR
//
// Requests come as json-lines.mjs says:
//   read { url, policy, mode, node, certificate, key }    reads one value in a session of its own; certificate in hex, its key in PEM
//   listen { url }                                        waits for servers that dial
//   readReversed { serverUri, policy, mode, node, serverCertificate }    the same with the next server that dials; its certificate in hex
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";
import "./pkcs1-decryption.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");

const { values: options } = parseArgs({ options: { pki: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
let listener;

function create(policy, mode, serverCertificate) {
  return opcua.OPCUAClient.create({
    applicationName: "SecurityClient",
    clientCertificateManager: certificates,
    securityPolicy: opcua.SecurityPolicy[policy],
    securityMode: opcua.MessageSecurityMode[mode],
    endpointMustExist: false,
    serverCertificate: serverCertificate ? Buffer.from(serverCertificate, "hex") : undefined,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    transportTimeout: 20_000,
  });
}

async function readOne(client, node, certificate, key) {
  try {
    const user = certificate
      ? { type: opcua.UserTokenType.Certificate, certificateData: Buffer.from(certificate, "hex"), privateKey: key }
      : { type: opcua.UserTokenType.Anonymous };
    const session = await client.createSession(user);
    const value = await session.read({ nodeId: node, attributeId: opcua.AttributeIds.Value });
    await session.close();
    return { status: value.statusCode.name, value: value.value.value };
  } finally {
    await client.disconnect();
  }
}

async function read({ url, policy = "None", mode = "None", node, certificate, key }) {
  const client = create(policy, mode);
  await client.connect(url);
  return await readOne(client, node, certificate, key);
}

async function listen({ url }) {
  listener = new opcua.ClientReverseConnect(url);
  await listener.start();
  return { port: listener.listeningPort };
}

async function readReversed({ serverUri, policy = "None", mode = "None", node, serverCertificate }) {
  const client = create(policy, mode, serverCertificate);
  await client.connectReverse(listener, { serverUri });
  return await readOne(client, node);
}

console.log("READY");
serve({ read, listen, readReversed, stop: async () => (await listener?.stop(), {}) });
