// What the plant page makes of tags: machines, vehicles and stocks, in the order in which parts flow. It knows ISA-95 paths, PackML and the plant's codes, and puts whatever it does not know behind.
import { states } from './words.js';

const lanes = [
  { name: 'vehicles', areas: ['CAS', 'BDY', 'PNT', 'ASM', 'EOL'] },
  { name: 'batteries', areas: ['ELE', 'SSC', 'LQC', 'FRM', 'MPK'] },
];
const flow = 'DC RB PNT SPL TT MAR FF GL ADAS RT FC MIX COAT CAL STK WIP DRY WLD ELF FR AGE GRD M P LK PE PCOAT PSTK PFR'.split(' ');

// Priorities of the plant's alarms that are not 3, which is what an alarm has that nobody rated.
const priorities = {
  1: 'FLASH LEL GAS HF H2S DP_HH P_HI ISO PIN_HI CELL_HI CELL_OV CELL_HOT SMOKE EST OVERSPD LEL_HI',
  2: 'VAC_HI MET_LO DIE_HI RIV_OUT NOZ OV_LO OBST LAT MISMATCH ALIGN BOLT XDUCER EVAC SHORT BEAD OPEN_T CONV SW_MISM IMBAL TEMP_HI VISC DOSE LOAD_DEV TENS SOLV THK BURR FORCE_DIFF HIPOT P_DEV DP_HI DOORS SCORE PWR SEAL_T VAC H2O K_RATE FORCE SCAN LEAK DELTA NOK3 COM',
  4: 'CAL TOOL_SVC CYC CAP_LO',
};
const priorityOf = new Map(Object.entries(priorities).flatMap(([p, names]) => names.split(' ').map(name => [name, Number(p)])));

export const priority = name => priorityOf.get(name) ?? 3;

/** Groups machines of a line into one tile from this many of a kind on. */
export const crowd = 9;

const letters = code => code.replace(/\d+$/, '');
const rank = (list, item) => (list.indexOf(item) < 0 ? list.length : list.indexOf(item));

/** @param tags every tag of the gateway. @returns lanes with areas with machines; vehicles; and which machine a tag belongs to. */
export function build(tags) {
  const cells = new Map();
  for (const tag of tags) {
    // Enterprise/site/area/line/cell/unit: what a plant leaves out, its machines are one level up.
    const parts = tag.unitPath.split('/');
    const key = parts.slice(0, 5).join('/');
    let cell = cells.get(key);
    if (!cell) cells.set(key, cell = { key, code: parts[Math.min(4, parts.length - 1)], area: parts[2] ?? parts[0], line: parts[3] ?? '', server: tag.server, tags: [], alarms: [], s: Object.create(null) });
    cell.tags.push(tag);
    tag.machine = cell;
    const alarm = /(?:^|\.)Alarm\.([^.]+)$/.exec(tag.signal);
    if (alarm) cell.alarms.push({ tag, name: alarm[1], priority: priority(alarm[1]) });
    else cell.s[tag.signal] ??= tag;
  }

  const all = [...cells.values()];
  const vehicles = all.filter(c => c.s.LinePosition);
  const machines = all.filter(c => c.s.State && !c.s.LinePosition);
  const byCode = (a, b) => rank(flow, letters(a.code)) - rank(flow, letters(b.code)) || (a.code < b.code ? -1 : 1);
  const areasOf = wanted => wanted.map(code => ({ code, machines: machines.filter(m => m.area === code).sort(byCode) })).filter(a => a.machines.length);
  const known = lanes.flatMap(l => l.areas);
  const rest = [...new Set(machines.map(m => m.area))].filter(code => !known.includes(code)).sort();
  return {
    machines,
    vehicles: vehicles.sort((a, b) => (a.code < b.code ? -1 : 1)),
    lanes: [...lanes.map(l => ({ name: l.name, areas: areasOf(l.areas) })), { name: 'others', areas: areasOf(rest) }].filter(l => l.areas.length),
    others: all.filter(c => !c.s.State && !c.s.LinePosition),
  };
}

/** An area's machines as tiles: each for itself, or many of a kind together. */
export function tiles(area) {
  const kinds = new Map();
  for (const m of area.machines) {
    const key = `${m.line}/${letters(m.code)}`;
    if (!kinds.has(key)) kinds.set(key, []);
    kinds.get(key).push(m);
  }

  return [...kinds.values()].flatMap(list => (list.length >= crowd ? [list] : list.map(m => [m])));
}

/** The PackML state's number, from a number or a name; 0 = none. */
export function stateOf(machine) {
  const { value } = machine.s.State;
  return typeof value === 'number' ? value : states.findIndex(s => s[0] === value) + 1;
}

/** What the state means for whoever looks: nothing to do, waits, or somebody must come. */
export function classOf(machine, silent) {
  if (silent || machine.s.State.quality === 'Bad' || !stateOf(machine)) return 'unknown';
  const n = stateOf(machine);
  if (n === 8 || n === 9) return 'problem';
  if (n === 10 || n === 11) return 'warning';
  if (n === 6) return 'run';
  return n === 5 || n === 13 || n === 14 ? 'wait' : 'stand';
}

/** What stands in the machine's store, where it says so. */
export function stock(machine) {
  const level = machine.s.Level ?? machine.s['Buffer.Level'] ?? machine.s.TrayCount ?? machine.s.TankLevel;
  if (typeof level?.value !== 'number') return null;
  const size = machine.s.Capacity?.value ?? machine.s['Buffer.Capacity']?.value;
  const full = typeof size === 'number' ? size : level.unit === '%' ? 100 : null;
  return { value: level.value, full, unit: level.unit ?? '' };
}
