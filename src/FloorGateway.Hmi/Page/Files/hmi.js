// The page: reads the gateway's API, shows it, and says so when what it shows is old.
import * as format from './format.js';
import { Grid } from './grid.js';
import { Trend } from './trend.js';

const byId = id => document.getElementById(id);
const silenceMs = 12_000;

let ahead = 0; // the gateway's clock minus this computer's, ms
let heard = 0; // performance.now() of the last sign of life
const now = () => Date.now() + ahead;
const tags = new Map();

const trend = new Trend(byId('trend'), now);
const grid = new Grid(byId('tags'), now, choose);

function choose(tag) {
  history.replaceState(null, '', `#${encodeURI(tag.path)}`);
  grid.mark(tag);
  trend.show(tag);
}

function apply(tag, news) {
  Object.assign(tag, news);
  tag.at = tag.time ? Date.parse(tag.time) : 0;
}

function alive(time) {
  heard = performance.now();
  if (time) ahead = Date.parse(time) - Date.now();
}

async function loadTags() {
  const answer = await (await fetch('/api/tags')).json();
  alive(answer.time);
  tags.clear();
  for (const one of answer.tags) {
    const tag = { ...one, lower: one.path.toLowerCase() };
    apply(tag, {});
    tags.set(one.path, tag);
  }

  grid.set([...tags.values()]);
  const wanted = decodeURI(location.hash.slice(1));
  const first = tags.get(wanted) ?? [...tags.values()].find(t => typeof t.value === 'number' && t.low !== undefined) ?? tags.values().next().value;
  if (first) choose(first);
  return answer.version;
}

function watch(version) {
  const source = new EventSource(`/api/live?since=${encodeURIComponent(version)}`);
  source.addEventListener('tags', e => {
    const news = JSON.parse(e.data);
    alive(news.time);
    let unknown = false;
    for (const one of news.tags) {
      const tag = tags.get(one.path);
      if (!tag) { unknown = true; continue; }
      apply(tag, one);
      trend.add(tag);
    }

    // A tag that was not there before: the configuration has changed.
    if (unknown) { source.close(); start(); return; }
    if (news.tags.length) grid.draw();
  });
  // The browser comes back by itself after a broken line; after an error answer it does not.
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(start, 3000); };
}

async function start() {
  try {
    watch(await loadTags());
  } catch {
    setTimeout(start, 3000);
  }
}

const marks = { Connected: '', Running: '', Connecting: 'warning', Degraded: 'warning', Retrying: 'warning', Disconnected: 'problem', Stopped: 'problem' };

function state(word, css = marks[word] ?? 'warning') {
  const cell = format.make('td');
  cell.append(format.make('span', `mark ${css}`, word));
  return cell;
}

const cell = (words, css) => format.make('td', css, words);
const numbers = list => list.map(n => cell(format.count(n), 'number live'));

/** Fills a table; a row's notes stand below it over its whole width. */
function rows(id, list) {
  byId(id).querySelector('tbody').replaceChildren(...list.flatMap(({ cells, css, notes = [] }) => {
    const row = format.make('tr', css);
    row.append(...cells);
    return [row, ...notes.filter(Boolean).map(note => {
      const below = format.make('tr');
      const td = cell(note, 'note');
      td.colSpan = cells.length;
      below.append(td);
      return below;
    })];
  }));
}

function list(id, lines) {
  const element = byId(id);
  element.hidden = lines.length === 0;
  element.replaceChildren(...lines.map(line => format.make('li', '', line)));
}

function showStatus(status) {
  alive(status.time);
  format.text(byId('gateway'), status.gatewayId);
  document.title = `${status.gatewayId} – FloorGateway`;
  const health = byId('health');
  health.className = `mark ${{ unhealthy: 'problem', degraded: 'warning' }[status.health.status] ?? ''}`;
  format.text(health, status.health.status);
  format.text(byId('since'), `version ${status.version}, running for ${format.age(status.uptimeSeconds * 1000)}`);
  list('problems', status.health.problems);
  health.title = status.health.warnings.join('\n');
  // What never leaves this machine is told, not shouted: yellow is for what others could reach.
  const local = status.insecureChoices.filter(choice => choice.endsWith('(stays on this machine)'));
  list('insecure', status.insecureChoices.filter(choice => !local.includes(choice)).map(choice => `insecure by choice: ${choice}`));
  byId('local').hidden = local.length === 0;
  format.text(byId('local-count'), `${local.length} insecure ${local.length === 1 ? 'choice stays' : 'choices stay'} on this machine`);
  list('local-choices', local);
  grid.silence(status.connections.filter(c => !['Connected', 'Degraded'].includes(c.state)).map(c => c.server));
  rows('connections', status.connections.map(c => {
    const bad = Object.entries(c.badTags);
    const cells = [
      cell(c.server),
      state(c.state),
      cell(format.age(now() - Date.parse(c.since))),
      cell(format.count(c.tags), 'number live'),
      c.security.startsWith('None') ? state(c.security, 'warning') : cell(c.security, 'wrap'),
    ];
    cells[0].title = c.url;
    return { cells, notes: [c.detail && `${c.url}: ${c.detail}`, bad.length && `can’t give ${bad.slice(0, 3).map(([tag, why]) => `${tag} (${why})`).join(', ')}${bad.length > 3 ? ` and ${bad.length - 3} more` : ''}`] };
  }));
  rows('feeds', status.feeds.map(f => ({
    cells: [cell(f.feed), state(f.state), cell(format.age(f.lagSeconds * 1000), 'number live'), ...numbers([f.delivered, f.waiting, f.refused, f.expired])],
    notes: [f.lastError],
  })));
}

function showLedger(ledger) {
  const closes = byId('closes');
  closes.className = `mark ${ledger.closes ? 'yes' : 'problem'}`;
  format.text(closes, ledger.closes ? 'closes: every sample is accounted for' : 'does not close');
  list('differences', ledger.differences);
  const line = s => ({ cells: [cell(s.server), ...numbers([s.received, s.suppressedDeadband + s.suppressedDuplicate, s.journaled, s.gaps])] });
  const sum = key => ledger.servers.reduce((total, s) => total + s[key], 0);
  const total = line({ server: 'Sum', received: sum('received'), suppressedDeadband: sum('suppressedDeadband'), suppressedDuplicate: sum('suppressedDuplicate'), journaled: ledger.journaled, gaps: sum('gaps') });
  rows('ledger', [...ledger.servers.map(line), { ...total, css: 'sum' }]);
}

let gapsKnown = ''; // how many gap records there were when they were fetched, by server

/** Fetched only when there is a new one: they are read from the history. */
async function showGaps(ledger) {
  const known = ledger.servers.map(s => s.gaps).join();
  if (known === gapsKnown) return;
  const answer = await fetch('/api/gaps?limit=100');
  gapsKnown = known;
  if (!answer.ok) return;
  const { gaps, more } = await answer.json();
  byId('gaps').hidden = gaps.length === 0;
  format.text(byId('gaps-count'), `Missing in the last 24 hours: ${gaps.length}${more ? ' and more' : ''} ${gaps.length === 1 ? 'gap' : 'gaps'}`);
  byId('gaps-list').replaceChildren(...gaps.map(g => {
    const [from, to] = [new Date(g.from), new Date(g.to)];
    return format.make('li', '', `${g.tag ?? `all of ${g.server}`}, ${format.day(from)} ${format.clock(from)} to ${format.clock(to)} (${format.age(g.seconds * 1000)}): ${g.cause}`);
  }));
}

async function poll() {
  try {
    const [status, ledger] = await Promise.all(['/api/status', '/api/ledger'].map(async url => (await fetch(url)).json()));
    showStatus(status);
    showLedger(ledger);
    await showGaps(ledger);
  } catch {
    // The clock below says that nothing is heard any more.
  }

  setTimeout(poll, 2000);
}

setInterval(() => {
  const t = new Date(now());
  format.text(byId('clock'), `${format.day(t)} ${format.clock(t)}`);
  const silence = heard ? performance.now() - heard : 0;
  const lost = silence > silenceMs;
  byId('offline').hidden = !lost;
  document.body.classList.toggle('stale', lost);
  if (lost) format.text(byId('offline'), `No word from the gateway for ${format.age(silence)}: everything below is old.`);
  grid.tick();
  trend.tick();
}, 1000);

poll();
start();
