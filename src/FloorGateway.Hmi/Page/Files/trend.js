// The trend of one tag: what the history holds, as a band from min to max with the mean, and behind it what has come since.
import * as format from './format.js';

const margin = { left: 62, right: 12, top: 10, bottom: 22 };
const refreshMs = 30_000;

export class Trend {
  #tag = null;
  #minutes = 10;
  #buckets = [];
  #live = [];
  #fetched = 0;
  #asked = 0;
  #pointer = null;
  #width = 0;
  #note = '';

  constructor(root, now) {
    this.now = now;
    this.canvas = root.querySelector('canvas');
    this.name = root.querySelector('#trend-name');
    this.current = root.querySelector('#trend-value');
    this.note = root.querySelector('#trend-note');
    this.buttons = [...root.querySelectorAll('[data-minutes]')];
    for (const button of this.buttons) button.onclick = () => this.span(Number(button.dataset.minutes));
    this.canvas.onpointermove = e => { this.#pointer = e.offsetX; this.draw(); };
    this.canvas.onpointerleave = () => { this.#pointer = null; this.draw(); };
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.span(this.#minutes);
  }

  show(tag) {
    this.#tag = tag;
    this.#buckets = [];
    this.#live = [];
    format.text(this.name, tag.path);
    this.load();
    this.add(tag);
  }

  span(minutes) {
    this.#minutes = minutes;
    for (const button of this.buttons) button.classList.toggle('on', Number(button.dataset.minutes) === minutes);
    this.load();
  }

  /** A new sample of some tag. */
  add(tag) {
    if (tag !== this.#tag) return;
    format.text(this.current, `${format.value(tag.value)} ${tag.unit ?? ''}`);
    this.current.classList.toggle('hatched', tag.quality === 'Bad');
    const value = typeof tag.value === 'boolean' ? Number(tag.value) : tag.value;
    if (tag.at) this.#live.push({ at: tag.at, value: tag.quality === 'Good' && typeof value === 'number' ? value : null });
    if (this.#live.length > 5000) this.#live.splice(0, 1000);
  }

  /** Once a second. */
  tick() {
    if (this.#tag && performance.now() - this.#asked > refreshMs) this.load();
    this.draw();
  }

  async load() {
    const tag = this.#tag;
    if (!tag) return;
    this.#asked = performance.now();
    const to = this.now();
    const from = to - this.#minutes * 60_000;
    const buckets = Math.max(30, Math.min(600, Math.floor(this.canvas.clientWidth / 2) || 300));
    const minutes = this.#minutes;
    try {
      const response = await fetch(`/api/history?${new URLSearchParams({ path: tag.path, from: new Date(from).toISOString(), to: new Date(to).toISOString(), buckets })}`);
      const answer = await response.json();
      if (tag !== this.#tag || minutes !== this.#minutes) return;
      this.#note = response.ok ? '' : answer.detail;
      this.#width = (to - from) / buckets;
      this.#buckets = (answer.buckets ?? []).map(b => ({ ...b, at: Date.parse(b.time) }));
      this.#fetched = to;
    } catch {
      this.#note = 'the history can’t be reached';
    }

    this.draw();
  }

  draw() {
    const { canvas } = this;
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }

    const g = canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = '11px "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
    if (!this.#tag) {
      format.text(this.note, 'choose a tag in the list');
      return;
    }

    const to = this.now();
    const from = to - this.#minutes * 60_000;
    // Buckets reach to the moment they were asked for; what came later is drawn sample by sample.
    const live = this.#live.filter(p => p.at >= this.#fetched && p.at >= from);
    const buckets = this.#buckets.filter(b => b.at + this.#width >= from);
    const box = { x: margin.left, y: margin.top, w: width - margin.left - margin.right, h: height - margin.top - margin.bottom };
    const x = t => box.x + box.w * (t - from) / (to - from);
    const scale = this.#scale(buckets, live);
    format.text(this.note, this.#note || (scale ? '' : typeof this.#tag.value === 'string' ? 'text has no trend' : 'no good samples in this span'));
    this.#axes(g, box, from, to, x, scale);
    if (!scale) return;
    const y = v => box.y + box.h * (1 - (v - scale.low) / (scale.high - scale.low));
    g.save();
    g.beginPath();
    g.rect(box.x, box.y, box.w, box.h);
    g.clip();
    this.#normalRange(g, box, y);
    this.#gaps(g, box, buckets, x);
    this.#line(g, buckets, live, x, y, to);
    g.restore();
    this.#readout(g, box, from, to, buckets, live, x, y);
  }

  #scale(buckets, live) {
    let low = Infinity;
    let high = -Infinity;
    for (const b of buckets) if (b.count) { low = Math.min(low, b.min); high = Math.max(high, b.max); }
    for (const p of live) if (p.value !== null) { low = Math.min(low, p.value); high = Math.max(high, p.value); }
    if (low > high) return null;
    const room = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
    return { low: low - room, high: high + room };
  }

  #axes(g, box, from, to, x, scale) {
    g.strokeStyle = '#c3c7ca';
    g.fillStyle = '#59626b';
    g.lineWidth = 1;
    g.textBaseline = 'middle';
    if (scale) {
      const step = nice((scale.high - scale.low) / Math.max(2, box.h / 45));
      for (let v = Math.ceil(scale.low / step) * step; v <= scale.high; v += step) {
        const at = Math.round(box.y + box.h * (1 - (v - scale.low) / (scale.high - scale.low))) + 0.5;
        line(g, box.x, at, box.x + box.w, at);
        g.textAlign = 'right';
        g.fillText(label(v, step), box.x - 6, at);
      }
    }

    const step = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800].map(s => s * 1000).find(s => (to - from) / s <= box.w / 70) ?? 86_400_000;
    const zone = new Date(to).getTimezoneOffset() * 60_000;
    g.textAlign = 'center';
    for (let t = Math.ceil((from - zone) / step) * step + zone; t <= to; t += step) {
      const at = Math.round(x(t)) + 0.5;
      line(g, at, box.y, at, box.y + box.h);
      const words = format.clock(new Date(t));
      g.fillText(step >= 60_000 ? words.slice(0, 5) : words, Math.min(at, box.x + box.w - 14), box.y + box.h + 12);
    }

    g.strokeStyle = '#9ea3a8';
    g.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
  }

  #normalRange(g, box, y) {
    const { low, high } = this.#tag;
    g.setLineDash([5, 4]);
    g.strokeStyle = '#8a8f94';
    for (const limit of [low, high]) if (limit !== undefined) line(g, box.x, y(limit), box.x + box.w, y(limit));
    g.setLineDash([]);
  }

  // Where every sample was bad or uncertain there is nothing to draw, and that is shown.
  #gaps(g, box, buckets, x) {
    g.fillStyle = hatch(g);
    for (const b of buckets) if (!b.count && b.notGood) g.fillRect(x(b.at), box.y, Math.max(2, x(b.at + this.#width) - x(b.at)), box.h);
  }

  #line(g, buckets, live, x, y, to) {
    g.fillStyle = 'rgba(18, 53, 107, .18)';
    for (const b of buckets) if (b.count) g.fillRect(x(b.at), y(b.max), Math.max(1, x(b.at + this.#width) - x(b.at)), Math.max(1, y(b.min) - y(b.max)));
    g.strokeStyle = '#12356b';
    g.lineWidth = 1.5;
    g.beginPath();
    let pen = false;
    let last = null;
    // Values hold until the next one: steps, not slopes, beyond the buckets.
    const to_ = (t, v, step) => {
      if (!pen) g.moveTo(x(t), y(v));
      else if (step) { g.lineTo(x(t), y(last)); g.lineTo(x(t), y(v)); }
      else g.lineTo(x(t), y(v));
      pen = true;
      last = v;
    };
    for (const b of buckets) {
      if (b.count) to_(b.at + this.#width / 2, b.mean, false);
      else pen = false;
    }

    for (const p of live) {
      if (p.value === null) pen = false;
      else to_(p.at, p.value, true);
    }

    if (pen && this.#tag.quality === 'Good') g.lineTo(x(to), y(last));
    g.stroke();
  }

  #readout(g, box, from, to, buckets, live, x, y) {
    if (this.#pointer === null || this.#pointer < box.x || this.#pointer > box.x + box.w) return;
    const t = from + (this.#pointer - box.x) / box.w * (to - from);
    const near = [
      ...buckets.filter(b => b.count).map(b => ({ at: b.at + this.#width / 2, value: b.mean, words: b.count > 1 ? `${format.number(b.mean)}  (${format.number(b.min)} to ${format.number(b.max)})` : format.number(b.mean) })),
      ...live.filter(p => p.value !== null).map(p => ({ at: p.at, value: p.value, words: format.number(p.value) })),
    ].reduce((a, b) => a && Math.abs(a.at - t) <= Math.abs(b.at - t) ? a : b, null);
    if (!near) return;
    g.strokeStyle = '#59626b';
    g.lineWidth = 1;
    line(g, x(near.at), box.y, x(near.at), box.y + box.h);
    g.fillStyle = '#12356b';
    g.beginPath();
    g.arc(x(near.at), y(near.value), 3, 0, 7);
    g.fill();
    const words = `${format.clock(new Date(near.at))}   ${near.words} ${this.#tag.unit ?? ''}`;
    const width = g.measureText(words).width + 12;
    const left = Math.min(Math.max(box.x, x(near.at) + 8), box.x + box.w - width);
    g.fillStyle = '#f3f4f4';
    g.fillRect(left, box.y + 4, width, 20);
    g.strokeRect(left + 0.5, box.y + 4.5, width, 19);
    g.fillStyle = '#22272c';
    g.textAlign = 'left';
    g.fillText(words, left + 6, box.y + 14);
  }
}

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}

/** 1, 2 or 5 times a power of ten, not below the given step. */
function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map(n => n * power).find(n => n >= step * 0.999);
}

function label(v, step) {
  if (Math.abs(v) < step / 1e6) return '0';
  if (Math.abs(v) >= 1e7 || step < 1e-5) return v.toExponential(2);
  return v.toFixed(Math.max(0, Math.min(6, -Math.floor(Math.log10(step)))));
}

let pattern;

function hatch(g) {
  if (pattern) return pattern;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const t = tile.getContext('2d');
  t.strokeStyle = 'rgba(40, 46, 52, .35)';
  t.lineWidth = 1.5;
  for (const shift of [-8, 0, 8]) line(t, shift, 8, shift + 8, 0);
  return pattern = g.createPattern(tile, 'repeat');
}
