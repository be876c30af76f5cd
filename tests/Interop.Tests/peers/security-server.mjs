// A small node-opcua server for the tests of security: every policy, users with certificates, reverse connect.
//
//   node security-server.mjs --port N --pki DIR [--policies Basic256Sha256,...] [--users DIR] [--dial URL]
//
// `--users` holds the trust list of user certificates; without it every user certificate is refused. `--dial` is a client's listener.
// The variable ns=1;s=Value holds the number 42. Requests come as json-lines.mjs says.
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";
import "./pkcs1-decryption.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");

const { values: options } = parseArgs({
  options: { port: { type: "string" }, pki: { type: "string" }, policies: { type: "string", default: "Basic256Sha256" }, users: { type: "string" }, dial: { type: "string" } },
});
const applications = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
const users = new opcua.OPCUACertificateManager({ rootFolder: options.users ?? join(options.pki, "users"), automaticallyAcceptUnknownCertificate: false });
await applications.initialize();
await users.initialize();
const { MessageSecurityMode: Mode } = opcua;
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  serverCertificateManager: applications,
  userCertificateManager: users,
  securityPolicies: ["None", ...options.policies.split(",")].map((name) => opcua.SecurityPolicy[name]),
  securityModes: [Mode.None, Mode.Sign, Mode.SignAndEncrypt],
  allowAnonymous: true,
  reverseConnect: options.dial ? { connections: [{ endpointUrl: options.dial }], reconnectDelay: 200, maxReconnectDelay: 500 } : undefined,
});
await server.initialize();
const namespace = server.engine.addressSpace.getOwnNamespace();
namespace.addVariable({ organizedBy: server.engine.addressSpace.rootFolder.objects, nodeId: "s=Value", browseName: "Value", dataType: "Int32", value: { dataType: opcua.DataType.Int32, value: 42 } });
await server.start();
console.log(`READY ${server.getEndpointUrl()}`);
serve({
  about: () => ({ url: server.getEndpointUrl(), uri: server.serverInfo.applicationUri }),
  trustUser: async ({ der }) => ({ status: (await users.trustCertificate(Buffer.from(der, "hex"))) ?? null }),
});
