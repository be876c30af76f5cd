using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Equipment;

public sealed partial class FormationRack
{
    public sealed partial class Tray
    {
        // What a channel's meters scatter by: V, A, °C.
        private const double VoltageNoise = 0.001, CurrentNoise = 0.02, TemperatureNoise = 0.1;

        // Coarse enough for a rack to be set up in no time; the charge that a step misses at a limit is below half a per cent.
        private const double StockStep = 60;

        /// <summary>The run begins in the middle of a day: the position is at a random point of its round, and what it holds was put in before.</summary>
        internal void BeginSomewhere()
        {
            var random = _rack.Stream(Name + "/stock");
            var (loaded, done, empty) = _planned.Handling;
            var handling = loaded + done + empty;
            var age = random.Uniform(0, handling + _planned.PlannedSeconds);
            if (age < handling)
            {
                _rack.After(age, Load);
                return;
            }

            age -= handling;
            _serial++;
            _cells = new(_planned, _rack.RackAmbient.Value, _random);
            Carrier = _rack.Context.Parts.Make($"{_rack.Code}-{Name}-{_serial:D5}", PartKind.Tray, _planned.Model);
            for (var i = 1; i <= FormationCells.Count; i++)
            {
                var cell = _rack.MakeCell(_planned);
                Carrier.Contents.Add(cell);
                _rack.Context.Genealogy.Consumed(cell.Id, Carrier.Id, i, _rack.Code, _rack.Clock.ToSource(0));
            }

            TrayId.Set(Carrier.Id);
            CellIds.Set([.. Carrier.Contents.Select(c => c.Id)]);
            Begin(_planned);
            for (var t = 0.0; t < age && !_cycler!.Finished; t += StockStep)
            {
                _cells.Step(StockStep, Ambient());
                _cycler.Advance(StockStep, 0);
            }

            if (_cycler!.Finished)
            {
                Finish(_cycler);
                return;
            }

            StepNo.Set((ushort)(_cycler.Step + 1));
            StepElapsed.Set((uint)_cycler.StepElapsed);
            EndTime.Set(new DateTime(_rack.Clock.ToSource(Ticks(_planned.PlannedSeconds - age)), DateTimeKind.Utc));
            // The rack's operator has just come; it goes on when the rack does.
            PauseByRack();
        }

        private void Read(Func<int, double> value, ulong skipped)
        {
            for (var i = 0; i < _scratch.Length; i++) _scratch[i] = (skipped >> i & 1) == 0 ? (float)value(i) : 0;
        }

        // What is shown scatters, what is judged has been filtered. A channel that is switched off shows 0.
        private void Show(Signal<float[]> signal, double noise)
        {
            if (_rack.Context.Scale.MeterNoise)
            {
                foreach (ref var value in _scratch.AsSpan())
                {
                    if (value != 0) value += (float)_meter.Normal(0, noise);
                }
            }

            signal.Set(_scratch);
        }
    }
}
