// Newer Node.js refuses to decrypt RSA with PKCS#1 v1.5 padding, since a server that does can be used as an oracle (CVE-2023-46809). The tests of
// the deprecated policy Basic128Rsa15 need a peer that still does: the padding is taken off by hand. Imported before node-opcua.
import { createRequire } from "node:module";

const crypto = createRequire(import.meta.url)("node:crypto");
const { RSA_NO_PADDING, RSA_PKCS1_PADDING } = crypto.constants;
const decrypt = crypto.privateDecrypt;
crypto.privateDecrypt = (key, cipher) => {
  if (key.padding !== RSA_PKCS1_PADDING) return decrypt(key, cipher);
  const block = decrypt({ ...key, padding: RSA_NO_PADDING }, cipher);
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error("not padded as PKCS#1 v1.5 says");
  return block.subarray(end + 1);
};
