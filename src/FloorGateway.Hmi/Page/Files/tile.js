// One machine, or many of a kind, as a tile of the plant page. Made once, filled again whenever something of it has changed.
import * as format from './format.js';
import * as model from './model.js';
import { kind, state, word } from './words.js';

const shapes = { problem: '■', warning: '▲', wait: '◇', stand: '□', run: '●', unknown: '?' };
const slowAfter = 1.1; // cycle over takt, from which a machine is said to be slow

export class Tile {
  /** @param machines one, or a crowd; @param open called with the machine that was chosen; @param context tells silence and takt. */
  constructor(machines, open, context) {
    this.machines = machines;
    this.context = context;
    this.element = format.make(machines.length > 1 ? 'div' : 'button', 'tile');
    if (machines.length > 1) this.#makeCrowd(open);
    else this.#makeOne(open);
    this.draw();
  }

  draw() {
    if (this.machines.length > 1) this.#drawCrowd();
    else this.#drawOne(this.machines[0]);
  }

  #makeOne(open) {
    this.element.type = 'button';
    this.element.onclick = () => open(this.machines[0]);
    this.parts = Object.fromEntries(['head', 'state', 'part', 'counts', 'cycle', 'marks', 'bar'].map(name => [name, format.make('span', name)]));
    this.code = format.make('b');
    this.kind = format.make('span', 'quiet');
    this.parts.head.append(this.code, this.kind);
    this.part = format.make('bdi');
    this.parts.part.append(this.part);
    this.needle = format.make('i');
    this.limit = format.make('u');
    this.parts.bar.append(this.needle, this.limit);
    this.element.append(...Object.values(this.parts));
  }

  #drawOne(machine) {
    const { s } = machine;
    const silent = this.context.silent(machine);
    const css = model.classOf(machine, silent);
    this.element.className = `tile ${css}`;
    format.text(this.code, machine.code);
    format.text(this.kind, kind(machine.code) ?? machine.s.State.equipmentType);
    const n = model.stateOf(machine);
    const name = silent ? word('noLink') : machine.s.State.quality === 'Bad' ? word(machine.s.State.time ? 'bad' : 'noValue') : state(n) ?? word('noState');
    format.text(this.parts.state, `${shapes[css]} ${name}`);
    const part = s.PartId?.value ?? s.BatchId?.value ?? s.LotId?.value ?? s.Vin?.value;
    format.text(this.part, part || '—');
    this.parts.part.title = part ? `${word('part')} ${part}` : '';
    const [good, bad] = [s.GoodCount?.value ?? 0, s.RejectCount?.value ?? 0];
    format.text(this.parts.counts, s.GoodCount ? `✓ ${format.count(good)}  ✗ ${format.count(bad)}${bad && good + bad >= 20 ? ` (${percent(100 * bad / (good + bad))} %)` : ''}` : '');
    this.parts.counts.title = `${word('good')} ${good}, ${word('reject')} ${bad}`;
    this.#drawCycle(machine);
    this.#drawMarks(machine);
    this.element.setAttribute('aria-label', `${machine.code} ${name} ${this.parts.marks.textContent}`);
  }

  #drawCycle(machine) {
    const cycle = machine.s.CycleTime ? machine.s.CycleTime.value : machine.interval;
    const takt = this.context.takt(machine);
    const store = model.stock(machine);
    const shown = typeof cycle === 'number' && cycle > 0;
    this.slow = shown && machine.s.CycleTime && takt?.binding && cycle > takt.seconds * slowAfter;
    format.text(this.parts.cycle, shown ? `${seconds(cycle)}${takt ? ` / ${seconds(takt.seconds)}` : ''}` : store ? `${word('fill')} ${format.count(Math.round(store.value))}${store.full ? ` / ${format.count(store.full)}` : ''}` : '');
    const what = word(machine.s.CycleTime ? 'cycle' : 'interval');
    this.parts.cycle.title = takt ? `${what} / ${word(takt.binding ? 'takt' : 'usual')}` : what;
    const share = shown && takt ? cycle / (takt.seconds * 1.5) : store?.full ? store.value / store.full : null;
    this.parts.bar.classList.toggle('none', share === null);
    this.parts.bar.classList.toggle('out', Boolean(this.slow));
    if (share !== null) this.needle.style.width = `${100 * Math.max(0, Math.min(1, share))}%`;
    this.limit.hidden = !(shown && takt);
  }

  #drawMarks(machine) {
    const { s } = machine;
    const marks = machine.alarms.filter(a => a.tag.value === true).sort((a, b) => a.priority - b.priority).map(a => [`p${a.priority}`, `${alarmShape[a.priority]} ${a.name}`, a.tag.description]);
    const stop = s.LineStopReason?.value;
    if (stop === 1) marks.push(['flag', `! ${word('andon')}`, s.StopStation?.value]);
    if (s.Blocked?.value === true || stop === 3) marks.push(['flag', `⇥ ${word('blocked')}`]);
    if (s.Starved?.value === true || stop === 2) marks.push(['flag', `⇤ ${word('starved')}`]);
    if (this.slow) marks.push(['flag', `▸ ${word('slow')}`]);
    const shown = marks.length > 3 ? [...marks.slice(0, 2), ['flag', `+${marks.length - 2}`]] : marks;
    const text = JSON.stringify(shown);
    if (text === this.marked) return;
    this.marked = text;
    this.parts.marks.replaceChildren(...shown.map(([css, words, title]) => {
      const mark = format.make('span', css, words);
      if (title) mark.title = title;
      return mark;
    }));
  }

  #makeCrowd(open) {
    this.element.className = 'tile crowd';
    this.code = format.make('b');
    this.kind = format.make('span', 'quiet');
    const head = format.make('span', 'head');
    head.append(this.code, this.kind);
    this.sum = format.make('span', 'counts');
    this.cells = this.machines.map(m => {
      const cell = format.make('button', 'cell');
      cell.type = 'button';
      cell.onclick = () => open(m);
      return cell;
    });
    const grid = format.make('span', 'cells');
    grid.append(...this.cells);
    this.element.append(head, this.sum, grid);
  }

  #drawCrowd() {
    const [first, last] = [this.machines[0], this.machines.at(-1)];
    format.text(this.code, `${first.code} – ${last.code}`);
    format.text(this.kind, kind(first.code) ?? first.s.State.equipmentType);
    let [run, good, bad] = [0, 0, 0];
    this.machines.forEach((m, i) => {
      const css = model.classOf(m, this.context.silent(m));
      const alarm = m.alarms.filter(a => a.tag.value === true).sort((a, b) => a.priority - b.priority)[0];
      this.cells[i].className = `cell ${css}${alarm ? ` p${alarm.priority}` : ''}`;
      format.text(this.cells[i], alarm ? alarmShape[alarm.priority] : css === 'run' ? '' : shapes[css]);
      const says = `${m.code} ${state(model.stateOf(m)) ?? ''}${alarm ? ` ${alarm.name}` : ''}`;
      this.cells[i].title = says;
      this.cells[i].setAttribute('aria-label', says);
      run += css === 'run' ? 1 : 0;
      good += m.s.GoodCount?.value ?? 0;
      bad += m.s.RejectCount?.value ?? 0;
    });
    format.text(this.sum, `${run} / ${this.machines.length} ${word('running')}  ✓ ${format.count(good)}  ✗ ${format.count(bad)}`);
  }
}

const percent = p => p.toFixed(p < 10 ? 1 : 0);

export const alarmShape = { 1: '▲1', 2: '▼2', 3: '◆3', 4: '●4' };

export const seconds = s => (s < 600 ? `${s < 20 ? s.toFixed(1) : Math.round(s)} s` : s < 36_000 ? `${(s / 60).toFixed(s < 6000 ? 1 : 0)} min` : `${(s / 3600).toFixed(1)} h`);
