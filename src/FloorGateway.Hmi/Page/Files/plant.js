// The plant page: machines in the order of the parts' flow, with state, part, counts, cycle and alarms, out of the gateway's live tags and nothing else.
import * as format from './format.js';
import * as model from './model.js';
import { Strip } from './strip.js';
import { Faults } from './faults.js';
import { Tile, alarmShape } from './tile.js';
import * as words from './words.js';

const { word } = words;
const byId = id => document.getElementById(id);
const silenceMs = 12_000;
const movesShown = 40;
const cyclesKept = 15; // the middle one of so many cycles is what a machine usually needs

let ahead = 0; // the gateway's clock minus this computer's, ms
let heard = 0; // performance.now() of the last sign of life
let plant = { lanes: [], machines: [], vehicles: [] };
let tags = new Map();
let tiles = new Map(); // machine to its tile
let strip = null;
let chosen = null;
let silentServers = new Set();
let conditions = [];
let health = null;
new Faults(byId('faults'));
const moves = [];
const whereabouts = new Map(); // part to where it was seen last
const cycles = new Map(); // machine to its last cycle times

const context = { silent: m => silentServers.has(m.server), takt };

/** What a machine's cycle is held against: its line's takt where the line gives one, else what it usually takes. */
function takt(machine) {
  const lane = plant.lanes.find(l => l.areas.some(a => a.machines.includes(machine)));
  const line = lane?.name === 'vehicles' && plant.machines.find(m => m.area === machine.area && m !== machine && (m.s.Takt || m.s.VehiclesOnLine));
  const told = line && (line.s.Takt?.value || line.interval);
  if (told > 0) return { seconds: told, binding: true };
  const seen = cycles.get(machine);
  return seen && seen.length >= 3 ? { seconds: [...seen].sort((a, b) => a - b)[seen.length >> 1], binding: false } : null;
}

function label() {
  document.documentElement.lang = words.language();
  for (const element of document.querySelectorAll('[data-word]')) format.text(element, word(element.dataset.word));
  format.text(byId('title'), word('plant'));
  format.text(byId('language'), word('otherLanguage'));
  byId('language').lang = words.language() === 'zh' ? 'en' : 'zh';
  format.text(byId('offline'), word('old'));
  showHealth();
}

/** Makes the whole picture anew: at the start, when the configuration has changed, and in another language. */
function arrange() {
  label();
  plant = model.build(tags.values());
  tiles = new Map();
  byId('lanes').replaceChildren(...plant.lanes.map(lane => {
    const section = format.make('section', 'lane');
    const areas = format.make('div', 'areas');
    areas.append(...lane.areas.map(area => {
      const group = format.make('div', 'area');
      const row = format.make('div', 'row-of-tiles');
      for (const machines of model.tiles(area)) {
        const tile = new Tile(machines, choose, context);
        for (const m of machines) tiles.set(m, tile);
        row.append(tile.element);
      }

      group.append(format.make('h3', '', words.area(area.code)), row);
      return group;
    }));
    section.append(format.make('h2', '', word(lane.name)), areas);
    return section;
  }));
  strip = plant.vehicles.length ? new Strip(byId('strip'), plant, choose) : null;
  byId('strip').hidden = !strip;
  chosen = chosen && [...plant.machines, ...plant.vehicles].find(m => m.key === chosen.key);
  drawDetail(true);
  drawBelow();
}

function take(tag, news) {
  Object.assign(tag, news);
  tag.at = tag.time ? Date.parse(tag.time) : 0;
}

function keep(machine, seconds) {
  const seen = cycles.get(machine) ?? [];
  seen.push(seconds);
  if (seen.length > cyclesKept) seen.shift();
  cycles.set(machine, seen);
}

/** The time between the parts of a machine that does not tell its cycle: waiting is part of it. */
function count(machine, at) {
  const done = (machine.s.GoodCount?.value ?? 0) + (machine.s.RejectCount?.value ?? 0);
  const before = machine.done;
  if (before && done === before.count) return;
  if (before && done > before.count && at > before.at) {
    machine.interval = (at - before.at) / 1000 / (done - before.count);
    if (!machine.s.CycleTime) keep(machine, machine.interval);
  }

  machine.done = { count: done, at };
}

/** Notes where a part has come to, and how long a machine's cycle was. */
function notice(tag, before) {
  const { machine } = tag;
  if (tag.signal === 'CycleTime' && typeof tag.value === 'number' && tag.value > 0) keep(machine, tag.value);
  if (tag.signal === 'GoodCount' || tag.signal === 'RejectCount') count(machine, tag.at);

  if (tag.signal !== 'PartId' || !tag.value || tag.value === before) return;
  const from = whereabouts.get(tag.value);
  whereabouts.delete(tag.value);
  whereabouts.set(tag.value, machine);
  // The oldest are forgotten: a page stays open for weeks.
  if (whereabouts.size > 5000) whereabouts.delete(whereabouts.keys().next().value);
  if (from === machine) return;
  moves.unshift({ at: tag.at, part: tag.value, from, to: machine });
  moves.length = Math.min(moves.length, movesShown);
}

async function load() {
  const answer = await (await fetch('/api/tags')).json();
  alive(answer.time);
  tags = new Map(answer.tags.map(tag => [tag.path, tag]));
  for (const tag of tags.values()) take(tag, {});
  arrange();
  for (const m of plant.machines) {
    if (m.s.PartId?.value) whereabouts.set(m.s.PartId.value, m);
    if (m.s.GoodCount) count(m, Math.max(m.s.GoodCount.at, m.s.RejectCount?.at ?? 0));
  }

  return answer.version;
}

function watch(version) {
  const source = new EventSource(`/api/live?since=${encodeURIComponent(version)}`);
  source.addEventListener('tags', e => {
    const news = JSON.parse(e.data);
    alive(news.time);
    const dirty = new Set();
    for (const one of news.tags) {
      const tag = tags.get(one.path);
      // A tag that was not there before: the configuration has changed.
      if (!tag) { source.close(); start(); return; }
      const before = tag.value;
      take(tag, one);
      dirty.add(tag.machine);
      notice(tag, before);
    }

    draw(dirty);
  });
  // The browser comes back by itself after a broken line; after an error answer it does not.
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(start, 3000); };
}

async function start() {
  try {
    watch(await load());
  } catch {
    setTimeout(start, 3000);
  }
}

function draw(dirty) {
  for (const tile of new Set([...dirty].map(m => tiles.get(m)))) tile?.draw();
  if (strip && [...dirty].some(m => m.s.LinePosition || m.s.LineSpeed)) strip.draw();
  if (chosen && dirty.has(chosen)) drawDetail();
  drawBelow();
}

function drawBelow() {
  const active = [...plant.machines, ...plant.vehicles].flatMap(m => m.alarms.filter(a => a.tag.value === true).map(a => (
    { priority: a.priority, at: a.tag.at, where: m.code, name: a.name, says: a.tag.description ?? '', open: () => choose(m) })));
  // A unit that nobody wrote down is for whoever writes configurations, and stands in the status.
  for (const c of conditions.filter(one => one.name !== 'UnitMissing')) active.push({ priority: c.priority, at: Date.parse(c.since), where: c.source.split('/').slice(-2).join('/'), name: c.name, says: c.message });
  active.sort((a, b) => a.priority - b.priority || b.at - a.at);
  fill(byId('alarms'), active.slice(0, 100), a => [
    cell(`p${a.priority} sign`, alarmShape[a.priority]), cell('time', time(a.at)), cell('where', a.where), cell('', a.name), cell('says', a.says)], a => a.open);
  const counts = [1, 2, 3, 4].map(p => active.filter(a => a.priority === p).length);
  format.text(byId('alarm-count'), counts.map((n, i) => n && `P${i + 1}: ${n}`).filter(Boolean).join('  '));
  fill(byId('moves'), moves, m => [cell('time', time(m.at)), cell('where', m.from ? `${m.from.code} → ${m.to.code}` : `→ ${m.to.code}`), cell('part', m.part)], m => () => choose(m.to));
  const run = plant.machines.filter(m => model.classOf(m, context.silent(m)) === 'run').length;
  format.text(byId('counts'), plant.machines.length ? `${run} / ${plant.machines.length} ${word('running')}` : '');
}

const cell = (css, text) => format.make('td', css, text);
const time = at => (at ? format.clock(new Date(at)) : '');

function fill(section, list, cells, open) {
  const rows = list.map(item => ({ item, cells: cells(item) }));
  const text = JSON.stringify(rows.map(r => r.cells.map(c => c.textContent)));
  section.querySelector('.empty').hidden = list.length > 0;
  if (section.dataset.shown === text) return;
  section.dataset.shown = text;
  section.querySelector('tbody').replaceChildren(...rows.map(({ item, cells: made }) => {
    const row = format.make('tr');
    row.append(...made);
    const go = open(item);
    if (go) {
      row.className = 'goes';
      row.tabIndex = 0;
      row.onclick = go;
      row.onkeydown = e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); go(); } };
    }

    return row;
  }));
}

function choose(machine) {
  chosen = machine === chosen ? null : machine;
  drawDetail(true);
}

/** Everything that the gateway knows of the chosen machine. */
function drawDetail(anew = false) {
  byId('detail').hidden = !chosen;
  if (!chosen) return;
  format.text(byId('detail-name'), chosen.code);
  format.text(byId('detail-kind'), `${words.kind(chosen.code) ?? ''}  ${chosen.key}`);
  byId('detail-close').setAttribute('aria-label', word('close'));
  const body = byId('detail').querySelector('tbody');
  if (anew) {
    body.replaceChildren(...chosen.tags.map(tag => {
      const row = format.make('tr');
      const name = cell('name', '');
      const link = format.make('a', '', `${tag.unitPath.split('/').slice(5).map(u => `${u}/`).join('')}${tag.signal}`);
      link.href = `/#${encodeURI(tag.path)}`;
      link.title = tag.description ?? '';
      name.append(link);
      row.append(name, cell('number live', ''), cell('quiet', tag.unit ?? ''));
      return row;
    }));
  }

  chosen.tags.forEach((tag, i) => {
    const value = body.rows[i].cells[1];
    format.text(value, tag.signal === 'State' ? words.state(model.stateOf(chosen)) ?? '—' : format.value(tag.value));
    value.classList.toggle('hatched', tag.quality === 'Bad' || context.silent(chosen));
  });
}

function alive(at) {
  heard = performance.now();
  if (at) ahead = Date.parse(at) - Date.now();
}

function showHealth() {
  if (!health) return;
  byId('health').className = `mark ${{ unhealthy: 'problem', degraded: 'warning' }[health.status] ?? ''}`;
  format.text(byId('health'), `${word('gateway')} ${word(health.status)}`);
}

async function poll() {
  try {
    const status = await (await fetch('/api/status')).json();
    alive(status.time);
    conditions = status.conditions ?? [];
    health = status.health;
    format.text(byId('gateway'), status.gatewayId);
    document.title = `${word('plant')} – ${status.gatewayId}`;
    showHealth();
    byId('health').title = [...health.problems, ...health.warnings].join('\n');
    const silent = new Set(status.connections.filter(c => !['Connected', 'Degraded'].includes(c.state)).map(c => c.server));
    const changed = silent.size !== silentServers.size || [...silent].some(s => !silentServers.has(s));
    silentServers = silent;
    if (changed) for (const tile of new Set(tiles.values())) tile.draw();
    drawBelow();
  } catch {
    // The clock below says that nothing is heard any more.
  }

  setTimeout(poll, 2000);
}

setInterval(() => {
  const t = new Date(Date.now() + ahead);
  format.text(byId('clock'), `${format.day(t)} ${format.clock(t)}`);
  const lost = heard > 0 && performance.now() - heard > silenceMs;
  byId('offline').hidden = !lost;
  document.body.classList.toggle('stale', lost);
}, 1000);

byId('language').onclick = () => { words.choose(words.language() === 'zh' ? 'en' : 'zh'); arrange(); };
byId('detail-close').onclick = () => choose(null);
document.addEventListener('keydown', e => { if (e.key === 'Escape' && chosen) choose(chosen); });
label();
poll();
start();
