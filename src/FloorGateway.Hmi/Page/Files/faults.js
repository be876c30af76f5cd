// Faults of a simulated plant. A gateway that serves a real one does not offer them, and then this panel is not there.
import * as format from './format.js';
import { word } from './words.js';

const api = '/api/simulation';

export class Faults {
  #units = null;

  /** @param root the section. */
  constructor(root) {
    this.root = root;
    this.form = root.querySelector('form');
    this.answer = root.querySelector('#fault-answer');
    const { unit, fault } = this.form.elements;
    unit.onchange = () => this.#showUnit();
    fault.onchange = () => this.#showFault();
    this.form.onsubmit = e => { e.preventDefault(); this.#inject(); };
    this.#ask();
  }

  async #ask() {
    let offered = false;
    try {
      const answer = await fetch(`${api}/faults`);
      offered = answer.ok;
      if (offered) {
        this.#showActive(await answer.json());
        if (!this.#units) await this.#showUnits();
      }
    } catch {
      // Not offered, or the gateway is gone, which the page says elsewhere.
    }

    this.root.hidden = !offered;
    // Where it is not offered now, it will not be until the gateway starts anew.
    setTimeout(() => this.#ask(), offered ? 2000 : 60_000);
  }

  async #showUnits() {
    this.#units = await (await fetch(`${api}/catalogue`)).json();
    this.form.elements.unit.replaceChildren(...this.#units.map(u => option(u.unit, u.unit)));
    await this.#showUnit();
  }

  async #showUnit() {
    const { unit, fault } = this.form.elements;
    const [found] = await (await fetch(`${api}/catalogue?unit=${encodeURIComponent(unit.value)}`)).json();
    this.known = found;
    fault.replaceChildren(...found.faults.map(f => option(f.code, f.code === f.name ? f.code : `${f.code} ${f.name}`, f.description)));
    this.#showFault();
  }

  #showFault() {
    const { fault, signal, param } = this.form.elements;
    const kind = this.known?.faults.find(f => f.code === fault.value);
    if (!kind) return;
    fault.title = kind.description ?? '';
    const signals = this.known.signals.filter(s => !kind.needsNumber || s.number);
    // Where it may do without, no signal means all of them.
    const wants = kind.scope === 'Signal';
    signal.disabled = !wants;
    signal.replaceChildren(...(wants && kind.needsSignal ? [] : [option('', '—')]), ...(wants ? signals.map(s => option(s.name, s.name.split('/').at(-1), s.name)) : []));
    param.disabled = !kind.parameter;
    param.value = '';
    param.placeholder = kind.standard ?? '';
    param.title = [kind.parameter, ...(kind.words ?? [])].filter(Boolean).join(', ');
  }

  async #inject() {
    const { unit, fault, signal, param, seconds } = this.form.elements;
    const body = JSON.stringify({ unit: unit.value, fault: fault.value, signal: signal.value, param: param.value, durationS: Number(seconds.value) });
    const answer = await fetch(`${api}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { problems = [] } = await answer.json();
    format.text(this.answer, problems.map(p => [p.message, p.remedy].filter(Boolean).join('; ')).join(' '));
    this.#showActive(await (await fetch(`${api}/faults`)).json());
  }

  #showActive(list) {
    const text = JSON.stringify(list.map(f => f.id)) + word('end');
    if (text === this.shown) return;
    this.shown = text;
    this.root.querySelector('tbody').replaceChildren(...list.map(f => {
      const row = format.make('tr');
      const last = format.make('td');
      const end = format.make('button', '', word('end'));
      end.type = 'button';
      end.onclick = async () => { await fetch(`${api}/faults?unit=${encodeURIComponent(f.unit)}`, { method: 'DELETE' }); };
      last.append(end);
      row.append(format.make('td', '', f.unit), format.make('td', '', f.fault), format.make('td', '', (f.signal ?? '').split('/').at(-1)), format.make('td', '', f.param ?? ''), last);
      return row;
    }));
  }
}

function option(value, text, title) {
  const element = format.make('option', '', text);
  element.value = value;
  if (title) element.title = title;
  return element;
}
