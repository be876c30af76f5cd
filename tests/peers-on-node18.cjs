// Debian 12's Node.js 18 has Web Crypto, but not under the global name that node-opcua looks for.
globalThis.crypto ??= require("node:crypto").webcrypto;
