// Faults of a simulated plant. A gateway that serves a real one does not offer them, and then this panel is not there.
import * as format from './format.js';
import { word } from './words.js';

const url = '/api/simulation/faults';

export class Faults {
  constructor(root, plant) {
    this.root = root;
    this.plant = plant;
    this.form = root.querySelector('form');
    this.form.onsubmit = e => { e.preventDefault(); this.#inject(); };
    this.offered = false;
    this.#ask();
  }

  arrange() {
    this.root.hidden = !this.offered;
  }

  async #ask() {
    try {
      const answer = await fetch(url);
      this.offered = answer.ok && (answer.headers.get('content-type') ?? '').includes('json');
      if (this.offered) this.show(await answer.json());
    } catch {
      this.offered = false;
    }

    this.root.hidden = !this.offered;
    setTimeout(() => this.#ask(), this.offered ? 3000 : 30_000);
  }

  show() {
  }

  #inject() {
    format.text(this.root.querySelector('#fault-answer'), word('fault'));
  }
}
