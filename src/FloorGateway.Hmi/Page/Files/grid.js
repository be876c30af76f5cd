// The list of tags. Only the rows in sight exist; they are used again while scrolling, so 60,000 tags cost what 40 do.
import * as format from './format.js';

const rowHeight = 24;
const lateMs = 60_000;
const rank = { Good: 0, Uncertain: 1, Bad: 2 };

export class Grid {
  #all = [];
  #shown = [];
  #silent = new Set();
  #rows = [];
  #sort = 'path';
  #down = false;
  #words = [];
  #abnormalOnly = false;
  #chosen = null;
  #common = '';

  /** @param root the section; @param now gives the gateway's time in ms; @param choose called with the tag that was clicked. */
  constructor(root, now, choose) {
    this.now = now;
    this.choose = choose;
    this.view = root.querySelector('.rows');
    this.space = root.querySelector('.space');
    this.counter = root.querySelector('#count');
    this.folder = root.querySelector('#folder');
    this.heads = [...root.querySelectorAll('[data-sort]')];
    for (const head of this.heads) head.onclick = () => this.#sortBy(head.dataset.sort);
    root.querySelector('#search').oninput = e => { this.#words = e.target.value.toLowerCase().split(/\s+/).filter(Boolean); this.arrange(); };
    root.querySelector('#abnormal').onchange = e => { this.#abnormalOnly = e.target.checked; this.arrange(); };
    this.view.onscroll = () => this.draw();
    this.view.onkeydown = e => this.#key(e);
    new ResizeObserver(() => this.draw()).observe(this.view);
    this.#markSort();
  }

  set(tags) {
    this.#all = tags;
    this.#common = commonFolder(tags);
    this.#rows.forEach(row => { row.tag = null; });
    this.folder.title = `All paths begin with ${this.#common}`;
    format.text(this.folder, this.#common && `in ${this.#common}`);
    this.arrange();
  }

  mark(tag) {
    this.#chosen = tag;
    this.draw();
  }

  /** Filters and sorts anew. */
  arrange() {
    const words = this.#words;
    this.#shown = this.#all.filter(tag => (!this.#abnormalOnly || this.abnormal(tag)) && words.every(word => tag.lower.includes(word)));
    const sign = this.#down ? -1 : 1;
    const key = {
      path: (a, b) => 0,
      value: (a, b) => compare(a.value, b.value),
      quality: (a, b) => rank[a.quality] - rank[b.quality] || a.status - b.status,
      age: (a, b) => b.at - a.at,
    }[this.#sort];
    this.#shown.sort((a, b) => sign * (key(a, b) || (a.path < b.path ? -1 : 1)));
    format.text(this.counter, this.#shown.length === this.#all.length ? format.count(this.#all.length) : `${format.count(this.#shown.length)} of ${format.count(this.#all.length)}`);
    this.space.style.height = `${this.#shown.length * rowHeight}px`;
    this.draw();
  }

  /** Once a second: the order may follow the values, ages grow. */
  tick() {
    if (this.#abnormalOnly || this.#sort === 'quality') this.arrange();
    else this.draw();
  }

  abnormal(tag) {
    return tag.quality !== 'Good' || outside(tag) || this.#silent.has(tag.server);
  }

  /** Servers that say nothing at present: what they said last must not pass for the present value. */
  silence(servers) {
    this.#silent = new Set(servers);
    this.tick();
  }

  draw() {
    const first = Math.floor(this.view.scrollTop / rowHeight);
    const count = Math.max(0, Math.min(this.#shown.length - first, Math.ceil(this.view.clientHeight / rowHeight) + 1));
    while (this.#rows.length < count) this.#rows.push(this.#makeRow());
    this.#rows.forEach((row, i) => {
      row.element.hidden = i >= count;
      if (i < count) this.#fill(row, this.#shown[first + i], (first + i) * rowHeight);
    });
  }

  #makeRow() {
    const element = format.make('div', 'row');
    element.setAttribute('role', 'row');
    const row = { element, path: format.make('span', 'path'), value: format.make('span', 'val'), unit: format.make('span'), range: format.make('span', 'range'), needle: format.make('i'), quality: format.make('span', 'quality'), age: format.make('span', 'age') };
    const folder = format.make('span');
    row.folder = format.make('bdi');
    row.signal = format.make('b');
    folder.append(row.folder);
    row.path.append(folder, row.signal);
    row.range.append(row.needle);
    element.append(row.path, row.value, row.unit, row.range, row.quality, row.age);
    element.onclick = () => this.choose(row.tag);
    this.view.append(element);
    return row;
  }

  #fill(row, tag, top) {
    const { element } = row;
    element.style.top = `${top}px`;
    element.classList.toggle('chosen', tag === this.#chosen);
    const age = this.now() - tag.at;
    if (row.tag !== tag) {
      row.tag = tag;
      format.text(row.folder, `${tag.unitPath}/`.slice(this.#common.length));
      format.text(row.signal, tag.signal);
      row.path.title = tag.description ? `${tag.path}\n${tag.description}` : tag.path;
      format.text(row.unit, tag.unit);
    }

    format.text(row.value, format.value(tag.value));
    const silent = this.#silent.has(tag.server);
    row.value.classList.toggle('hatched', silent || tag.quality === 'Bad');
    format.text(row.quality, silent ? 'no connection' : tag.quality === 'Good' ? 'Good' : tag.statusName);
    row.quality.title = silent ? `${tag.server} is not connected; its last word was ${tag.statusName}` : tag.statusName;
    row.quality.className = `quality ${silent ? 'bad' : tag.quality.toLowerCase()}`;
    format.text(row.age, tag.at ? format.age(age) : '');
    element.classList.toggle('late', tag.at > 0 && age > lateMs && tag.quality !== 'Good');
    const ranged = tag.low !== undefined && tag.high !== undefined && tag.high > tag.low && typeof tag.value === 'number' && tag.quality !== 'Bad';
    row.range.className = `range${ranged ? outside(tag) ? ' out' : '' : ' none'}`;
    if (ranged) {
      row.needle.style.left = `${100 * Math.max(0, Math.min(1, (tag.value - tag.low) / (tag.high - tag.low)))}%`;
      row.range.title = `${format.number(tag.low)} to ${format.number(tag.high)} ${tag.unit ?? ''}`;
    }
  }

  #sortBy(key) {
    this.#down = this.#sort === key ? !this.#down : key === 'quality';
    this.#sort = key;
    this.#markSort();
    this.arrange();
  }

  #markSort() {
    for (const head of this.heads) {
      head.classList.toggle('up', head.dataset.sort === this.#sort && !this.#down);
      head.classList.toggle('down', head.dataset.sort === this.#sort && this.#down);
    }
  }

  #key(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const at = Math.max(0, Math.min(this.#shown.length - 1, this.#shown.indexOf(this.#chosen) + step));
    if (!this.#shown[at]) return;
    this.choose(this.#shown[at]);
    const top = at * rowHeight;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    if (top + rowHeight > this.view.scrollTop + this.view.clientHeight) this.view.scrollTop = top + rowHeight - this.view.clientHeight;
  }
}

export const outside = tag => typeof tag.value === 'number' && tag.quality !== 'Bad' && (tag.value < tag.low || tag.value > tag.high);

/** The folders that all units share: said once instead of in each row. */
function commonFolder(tags) {
  if (!tags.length) return '';
  let common = tags[0].unitPath.split('/').slice(0, -1);
  for (const tag of tags) {
    const parts = tag.unitPath.split('/');
    const differ = common.findIndex((part, i) => part !== parts[i]);
    if (differ >= 0) common = common.slice(0, differ);
  }

  return common.map(part => `${part}/`).join('');
}

function compare(a, b) {
  const numbers = (typeof b === 'number') - (typeof a === 'number');
  if (numbers) return numbers;
  return typeof a === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
