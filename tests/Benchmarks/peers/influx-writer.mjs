// Writes points with InfluxData's own client until it has used some seconds of CPU, then says how many there were.
import { InfluxDB, Point, HttpError } from '@influxdata/influxdb-client';

const [url, seconds, fields] = process.argv.slice(2);
const perPoint = Number(fields);
const units = 20;
const signals = Array.from({ length: 50 }, (_, i) => `Signal.${String(i).padStart(2, '0')}`);
// The values of both writers: what sensors of limited resolution, full mantissas and counters give.
const values = Float64Array.from({ length: 100_000 }, (_, i) => (i % 10 === 7 ? Math.sin(i) : Math.round((20 + 5 * Math.sin(i / 50)) * 100) / 100));

const write = new InfluxDB({ url, token: 'bench', timeout: 30_000 }).getWriteApi('bench', 'bench', 'ms', {
  // One more than is written before each flush: a batch that is full is sent by itself, and then nobody waits for it and it would be sent when all is measured.
  batchSize: (5000 / perPoint) + 1,
  flushInterval: 0,
  gzipThreshold: 0,
  maxRetries: 3,
});
let at = 0;
let time = Date.UTC(2027, 2, 15);

async function round() {
  for (let i = 0; i < 5000 / perPoint; i++) {
    const unit = at % units;
    const point = new Point('DieCastPress')
      .tag('enterprise', 'LXE').tag('site', 'JSH').tag('area', 'CAS').tag('line', 'L01').tag('cell', `DC${unit}`).tag('unit', 'PRESS')
      .timestamp(time++);
    // Each signal once a point: a second value of it would replace the first.
    for (let k = 0; k < perPoint; k++, at++) point.floatField(signals[(perPoint === 1 ? at : k) % 50], values[at % 100_000]);
    write.writePoint(point);
  }
  await write.flush();
}

try {
  let sent = 0;
  for (const warm = performance.now(); performance.now() - warm < 3000; sent += 5000) await round();
  const start = process.cpuUsage();
  let done = 0;
  let used;
  do {
    await round();
    done += 5000;
    sent += 5000;
    used = process.cpuUsage(start);
  } while (used.user + used.system < Number(seconds) * 1e6);
  console.log(`DONE ${done / ((used.user + used.system) / 1e6)} ${sent}`);
  await write.close();
} catch (e) {
  console.log(`FAILED ${e instanceof HttpError ? e.body : e}`);
}
