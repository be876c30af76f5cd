// How values, times and counts are written.

const counts = new Intl.NumberFormat('en', { useGrouping: true });

export const count = n => counts.format(n).replaceAll(',', '\u202f');

/** A value as people read it: six digits that count, long things cut. */
export function value(v) {
  if (v === null || v === undefined) return '—';
  if (typeof v === 'number') return number(v);
  if (typeof v === 'boolean') return v ? 'true' : 'false';
  if (Array.isArray(v)) return `[${v.length}] ${v.slice(0, 6).map(value).join('  ')}${v.length > 6 ? ' …' : ''}`;
  if (typeof v === 'object') return JSON.stringify(v);
  return String(v);
}

export function number(v) {
  if (Number.isInteger(v)) return Math.abs(v) < 1e15 ? String(v) : v.toExponential(5);
  const size = Math.abs(v);
  if (size >= 1e7 || size < 1e-4) return v.toExponential(3);
  return v.toFixed(Math.max(0, Math.min(6, 5 - Math.floor(Math.log10(size)))));
}

/** How long ago, in at most two units. */
export function age(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

const two = n => String(n).padStart(2, '0');

export const clock = t => `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;

export const day = t => `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;

/** Fills an element with text; null leaves it empty. */
export function text(element, words) {
  if (element.textContent !== (words ?? '')) element.textContent = words ?? '';
}

/** Makes an element with a class and text. */
export function make(name, css, words) {
  const element = document.createElement(name);
  if (css) element.className = css;
  if (words !== undefined) element.textContent = words;
  return element;
}
