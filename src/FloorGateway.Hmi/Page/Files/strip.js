// The line of vehicles that drive themselves, seen from above: each where it says it is.
import * as format from './format.js';
import * as words from './words.js';

const { word } = words;
const stopped = 3;
const handback = 4;
const labelled = 6; // vehicles that fit with the end of their VIN; of more it is in the title

export class Strip {
  constructor(root, plant, open) {
    this.plant = plant;
    this.note = root.querySelector('#strip-note');
    const highs = plant.vehicles.map(v => v.s.LinePosition.high).filter(h => h > 0);
    this.length = highs.length ? Math.max(...highs) : 100;
    this.line = plant.machines.find(m => m.s.VehiclesOnLine || m.s.LineSpeed);
    const track = root.querySelector('.track');
    this.markers = plant.vehicles.map(vehicle => {
      const marker = format.make('button', 'vehicle');
      marker.type = 'button';
      marker.setAttribute('role', 'listitem');
      marker.onclick = () => open(vehicle);
      return marker;
    });
    track.replaceChildren(...this.markers);
    const steps = 6;
    root.querySelector('.scale').replaceChildren(...Array.from({ length: steps + 1 }, (_, i) => {
      const tick = format.make('span', '', `${Math.round(this.length * i / steps)} m`);
      tick.style.left = `${100 * i / steps}%`;
      return tick;
    }));
    this.draw();
  }

  draw() {
    let aside = 0;
    this.plant.vehicles.forEach((vehicle, i) => {
      const { s } = vehicle;
      const at = s.LinePosition.value;
      const marker = this.markers[i];
      // A parked vehicle stands beside the line.
      const parked = typeof at !== 'number' || s.DriveState?.value === 0;
      aside += parked ? 1 : 0;
      marker.hidden = parked;
      marker.style.left = `${100 * Math.max(0, Math.min(1, (typeof at === 'number' ? at : 0) / this.length))}%`;
      const alarm = vehicle.alarms.filter(a => a.tag.value === true).sort((a, b) => a.priority - b.priority)[0];
      const drive = s.DriveState?.value;
      const css = alarm ? `p${alarm.priority}` : drive === stopped || drive === handback ? 'warning' : '';
      marker.className = `vehicle ${css}${s.LinePosition.quality === 'Bad' ? ' hatched' : ''}`;
      const vin = typeof s.Vin?.value === 'string' ? s.Vin.value : '';
      format.text(marker, this.plant.vehicles.length <= labelled ? vin.slice(-6) || vehicle.code : '');
      const says = `${vehicle.code} ${vin} ${typeof at === 'number' ? `${at.toFixed(1)} m` : ''} ${s.StationId?.value ?? ''} ${drive === undefined || drive === null ? '' : words.driving(drive)}${alarm ? ` ${alarm.name}` : ''}`;
      marker.title = says;
      marker.setAttribute('aria-label', says);
    });
    const count = this.line?.s.VehiclesOnLine?.value;
    const speed = this.line?.s.LineSpeed?.value;
    format.text(this.note, [typeof count === 'number' && `${count} ${word('onLine')}`, typeof speed === 'number' && `${word('line')} ${(speed * 60).toFixed(2)} m/min`, aside > 0 && `${aside} ${word('aside')}`].filter(Boolean).join(', '));
  }
}
