// Requests and answers of the peers: each line on standard input is { id, do, ... } and gets one line `REPLY <id> OK {...}` or
// `REPLY <id> FAILED {message, status}`.
import { createInterface } from "node:readline";

export function serve(actions) {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const request = JSON.parse(line);
    try {
      console.log(`REPLY ${request.id} OK ${JSON.stringify((await actions[request.do](request)) ?? {})}`);
    } catch (error) {
      console.log(`REPLY ${request.id} FAILED ${JSON.stringify({ message: error.message, status: error.response?.responseHeader?.serviceResult?.name ?? null })}`);
    }
  });
  lines.on("close", () => process.exit(0));
}
