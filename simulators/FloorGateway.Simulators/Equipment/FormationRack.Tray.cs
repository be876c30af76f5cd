using System.Numerics;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>TrayState values.</summary>
public enum TrayState
{
    Empty,
    Loaded,
    ContactCheck,
    Run,
    Pause,
    Done,
    Fault,
    FireAlarm,
}

public sealed partial class FormationRack
{
    /// <summary>One tray position: loads, checks contacts, runs its program on 36 channels, reports per cell, unloads.</summary>
    public sealed partial class Tray
    {
        // The crane comes by this often where cells or room were missing.
        private const double Grid = 10, ContactSeconds = 120, CraneSeconds = 30;
        private readonly FormationRack _rack;
        private readonly RandomStream _random, _meter;
        private readonly FormationProgram _planned;
        private readonly Inlet _inlet;
        private readonly PulseCapture? _capture;
        private readonly LimitAlarm _overVoltage, _hot;
        private readonly AlarmBit _contact, _lowCapacity;
        private readonly RiseWatch _rise = new();
        private readonly float[] _scratch = new float[FormationCells.Count];

        private FormationProgram _program;
        private FormationCells? _cells;
        private FormationCycler? _cycler;
        private int _serial;
        private bool _pausedByRack;

        internal Tray(FormationRack rack, string name, FormationProgram program, Inlet inlet, bool captures)
        {
            _inlet = inlet;
            _rack = rack;
            Name = name;
            _planned = _program = program;
            _random = rack.Stream(name);
            _meter = rack.Stream(name + "/meter");
            const int n = FormationCells.Count;
            // Meters that scatter by 1 mV, 20 mA and 0.1 °C show no finer steps than these.
            Voltage = rack.FloatArray(name, "Voltage", "VLT", 0, 5, 10_000, 0.002, n, resolution: 0.001);
            Current = rack.FloatArray(name, "Current", "AMP", -30, 30, 10_000, 0.05, n, resolution: 0.01);
            Temp = rack.FloatArray(name, "Temp", "CEL", 0, 100, 10_000, 0.2, n, resolution: 0.1);
            Capacity = rack.FloatArray(name, "Capacity", "AMH", 0, 100, 60_000, 0.01, n, resolution: 0.01);
            TrayId = rack.Add(name, "TrayId", "");
            ProgramId = rack.Add(name, "ProgramId", "");
            StepNo = rack.Add(name, "StepNo", (ushort)0);
            StepElapsed = rack.Add(name, "StepElapsed", 0u, new() { Unit = "SEC", Low = 0, High = 100_000, SamplingMs = 10_000 });
            State = rack.Add(name, "TrayState", (int)TrayState.Empty, new() { DisplayName = "托盘状态" });
            EndTime = rack.Add(name, "EndTime", new DateTime(rack.Clock.StartTicks, DateTimeKind.Utc));
            ContactBits = rack.Add(name, "ContactBits", 0ul);
            ClampPressure = rack.Analog(name, "ClampPressure", "MPA", 0, 10, 10_000, 0.05, 0);
            CellIds = rack.Add(name, "CellIds", Array.Empty<string>());
            ResultCharge = Result("Result.ChargeCapacity", "AMH", 0, 100);
            ResultDischarge = Result("Result.DischargeCapacity", "AMH", 0, 100);
            ResultEfficiency = Result("Result.FirstEfficiency", "P1", 0, 100);
            ResultEndVoltage = Result("Result.EndVoltage", "VLT", 0, 5);
            ResultDcir = Result("Result.Dcir", "E45", 0, 10);
            ResultVerdict = rack.Add(name, "Result.Verdict", Array.Empty<int>());
            ResultTray = rack.Add(name, "Result.TrayId", "");
            _overVoltage = new(rack.Alarm(name, "CELL_OV", 1), 4.25, above: true, 1, 0.02);
            _hot = new(rack.Alarm(name, "CELL_HOT", 1), 65, above: true, 5, 2);
            _contact = rack.Alarm(name, "CONTACT", 3);
            _lowCapacity = rack.Alarm(name, "CAP_LO", 4);
            if (captures) _capture = new(rack, name);

            Signal<float[]> Result(string signal, string unit, double low, double high) =>
                rack.Add(name, signal, Array.Empty<float>(), new() { Unit = unit, Low = low, High = high });
        }

        /// <summary>TRAY01 to TRAY60.</summary>
        public string Name { get; }

        public Signal<float[]> Voltage { get; }
        public Signal<float[]> Current { get; }
        public Signal<float[]> Temp { get; }
        public Signal<float[]> Capacity { get; }
        public Signal<string> TrayId { get; }
        public Signal<string> ProgramId { get; }
        public Signal<ushort> StepNo { get; }
        public Signal<uint> StepElapsed { get; }
        public Signal<int> State { get; }

        /// <summary>Wall-clock time at which the program is expected to end.</summary>
        public Signal<DateTime> EndTime { get; }

        /// <summary>One bit per channel; 1 is a faulty contact.</summary>
        public Signal<ulong> ContactBits { get; }
        public Signal<double> ClampPressure { get; }
        public Signal<string[]> CellIds { get; }
        public Signal<float[]> ResultCharge { get; }
        public Signal<float[]> ResultDischarge { get; }
        public Signal<float[]> ResultEfficiency { get; }
        public Signal<float[]> ResultEndVoltage { get; }
        public Signal<float[]> ResultDcir { get; }

        /// <summary>Per cell: 1 good, 2 low capacity, 3 micro-short, 4 other, 5 skipped for its contact.</summary>
        public Signal<int[]> ResultVerdict { get; }

        /// <summary>Published last of a result.</summary>
        public Signal<string> ResultTray { get; }

        /// <summary>Channel (1 to 36) whose meter shows 5 mV too much; 0 when all are sound.</summary>
        public int OffsetChannel { get; set; }

        /// <summary>Channel (1 to 36) whose cell heats itself by 3 °C a minute; 0 when none does.</summary>
        public int RunawayChannel { get; set; }

        /// <summary>True while a program runs.</summary>
        public bool Running => Is(TrayState.Run);

        internal FormationCells? Cells => _cells;

        /// <summary>The tray in the position with its cells; null while empty.</summary>
        internal Part? Carrier { get; private set; }

        internal bool WaitsForCells { get; private set; }

        internal bool WaitsForRoom { get; private set; }

        internal void Load()
        {
            WaitsForCells = !_inlet.IsReady;
            _rack.ShowWaiting();
            if (WaitsForCells)
            {
                _rack.After(CraneSeconds, Load);
                return;
            }

            _serial++;
            _program = _planned;
            _cells = new(_program, _rack.RackAmbient.Value, _random);
            _rise.Clear();
            Carrier = _rack.Context.Parts.Make($"{_rack.Code}-{Name}-{_serial:D5}", PartKind.Tray, _program.Model);
            for (var i = 1; i <= FormationCells.Count; i++)
            {
                var cell = _inlet.Take();
                Carrier.Contents.Add(cell);
                _rack.Context.Genealogy.Consumed(cell.Id, Carrier.Id, i, _rack.Code, _rack.Clock.ToSource(_rack.Now));
            }

            TrayId.Set(Carrier.Id);
            CellIds.Set([.. Carrier.Contents.Select(c => c.Id)]);
            Set(TrayState.Loaded);
            _rack.After(_program.Handling.Loaded - ContactSeconds, CheckContacts);
        }

        internal MethodOutcome StartProgram(string id)
        {
            var program = _rack._released.FirstOrDefault(p => p.Id == id);
            if (program is null)
                return new(MethodOutcome.BadInvalidArgument, $"{Name}: program {id} is not released; released are {string.Join(", ", _rack._released.Select(p => p.Id))}.");
            if (!Is(TrayState.Loaded) && !Is(TrayState.ContactCheck)) return Refuse("StartProgram", "Loaded or ContactCheck");
            if (_rack.PackMl != PackMlState.Execute) return MethodOutcome.WrongState($"{Name}: StartProgram needs the rack in Execute, it is in {_rack.PackMl}.");
            if (ContactBits.Value != 0) return MethodOutcome.WrongState($"{Name}: {BitOperations.PopCount(ContactBits.Value)} contacts are faulty; re-seat the tray.");
            Begin(program);
            return MethodOutcome.Good;
        }

        internal MethodOutcome Pause()
        {
            if (!Running) return Refuse("PauseTray", "Run");
            PauseChannels();
            return MethodOutcome.Good;
        }

        internal MethodOutcome Resume()
        {
            if (!Is(TrayState.Pause) || _rack.PackMl != PackMlState.Execute) return Refuse("ResumeTray", "Pause with the rack in Execute");
            Set(TrayState.Run);
            return MethodOutcome.Good;
        }

        internal MethodOutcome Abort()
        {
            if (!Running && !Is(TrayState.Pause)) return Refuse("AbortTray", "Run or Pause");
            GiveUp();
            return MethodOutcome.Good;
        }

        internal void PauseByRack()
        {
            if (!Running) return;
            _pausedByRack = true;
            PauseChannels();
        }

        internal void ReleaseByRack()
        {
            if (_pausedByRack && Is(TrayState.Pause)) Set(TrayState.Run);
            _pausedByRack = false;
        }

        internal void Sample()
        {
            if (_cells is null) return;
            _cells.Step(Grid, Ambient());
            if (RunawayChannel > 0) _cells.Warm(RunawayChannel - 1, 3 * Grid / 60);
            if (Running) Advance(_cycler!);
            ClampPressure.Set(_program.ClampPressure > 0 && (Running || Is(TrayState.Pause)) ? _program.ClampPressure + _random.Normal(0, 0.1 / 3) : 0);
            var skipped = ContactBits.Value;
            double highest = 0, hottest = 0;
            Read(i => _cells.Voltage(i) + (i + 1 == OffsetChannel ? 0.005 : 0), skipped);
            foreach (var v in _scratch) highest = Math.Max(highest, v);
            Show(Voltage, VoltageNoise);
            Read(i => _cells.Current(i), skipped);
            Show(Current, CurrentNoise);
            Read(i => _cells.Temperature(i), skipped: 0);
            foreach (var t in _scratch) hottest = Math.Max(hottest, t);
            var rises = _rise.Exceeds(_scratch);
            Show(Temp, TemperatureNoise);
            _overVoltage.Evaluate(highest, _rack.Seconds);
            // Two degrees a minute is alarm as much as 65 °C; the limit alarm clears both.
            if (rises) _hot.Bit.Set(true);
            else _hot.Evaluate(hottest, _rack.Seconds);
            if (_rack._smoke.IsActive && !Is(TrayState.FireAlarm)) Set(TrayState.FireAlarm);
            else if (!_rack._smoke.IsActive && Is(TrayState.FireAlarm)) GiveUp();
        }

        internal void SampleCapacity()
        {
            if (_cells is null) return;
            for (var i = 0; i < _scratch.Length; i++) _scratch[i] = (float)_cells.Stored(i);
            Capacity.Set(_scratch);
        }

        private void CheckContacts()
        {
            Set(TrayState.ContactCheck);
            var bits = 0ul;
            for (var i = 0; i < FormationCells.Count; i++)
            {
                // A worn pin shows at the first touch and mostly not at the second.
                if (_random.Chance(0.002) && _random.Chance(0.2)) bits |= 1ul << i;
            }

            ContactBits.Set(bits);
            _contact.Set(bits != 0);
            _rack.After(ContactSeconds, AutoStart);
        }

        // In automatic the rack starts the planned program and leaves faulty channels out.
        private void AutoStart()
        {
            if (!Is(TrayState.ContactCheck) || _rack.Mode.Value != 1) return;
            if (_rack.PackMl == PackMlState.Execute && _rack.Context.Operator) Begin(_planned);
            else _rack.After(30, AutoStart);
        }

        private void Begin(FormationProgram program)
        {
            _program = program;
            _cycler = new(program, _cells!);
            ProgramId.Set(program.Id);
            _rack.PartId.Set(TrayId.Value);
            EndTime.Set(new DateTime(_rack.Clock.ToSource(_rack.Now + Ticks(program.PlannedSeconds)), DateTimeKind.Utc));
            Set(TrayState.Run);
            StepNo.Set(1);
        }

        private void Advance(FormationCycler cycler)
        {
            var before = cycler.Step;
            var current = _cells!.Current(0);
            cycler.Advance(Grid, ContactBits.Value);
            _capture?.OnStep(_cells, current, TrayId.Value, cycler.Step + 1);
            if (cycler.Finished)
            {
                Finish(cycler);
                return;
            }

            if (cycler.Step != before) StepNo.Set((ushort)(cycler.Step + 1));
            StepElapsed.Set((uint)cycler.StepElapsed);
        }

        private void Finish(FormationCycler cycler)
        {
            var cells = _cells!;
            var n = FormationCells.Count;
            var verdict = new int[n];
            for (var i = 0; i < n; i++)
            {
                var cell = Carrier!.Contents[i];
                var skipped = (ContactBits.Value >> i & 1) != 0;
                var found = FormedTrays.Judge(_program, cells, i, cells.Discharged(i), skipped);
                if (!skipped) FormedTrays.Describe(cell, cells, i, cells.Discharged(i), cells.VoltageAt(i, 0));
                _rack.Judge(cell, TrayId.Value, found == FormationVerdict.Good, found == FormationVerdict.Good ? "" : $"NotOK {found}");
                verdict[i] = (int)found;
            }

            ResultCharge.Set(PerCell(cells.Charged));
            ResultDischarge.Set(PerCell(cells.Discharged));
            ResultEfficiency.Set(PerCell(i => cells.Charged(i) > 0 ? 100 * cells.Discharged(i) / cells.Charged(i) : 0));
            ResultEndVoltage.Set(PerCell(cells.Voltage));
            ResultDcir.Set(PerCell(cells.Resistance));
            ResultVerdict.Set(verdict);
            _lowCapacity.Set(verdict.Contains(2));
            ResultTray.Set(TrayId.Value);
            var good = (uint)verdict.Count(v => v == 1);
            _rack.GoodCount.Set(_rack.GoodCount.Value + good);
            _rack.RejectCount.Set(_rack.RejectCount.Value + (uint)n - good);
            _rack.CycleTime.Set(cycler.RunElapsed);
            EndTime.Set(new DateTime(_rack.Clock.ToSource(_rack.Now), DateTimeKind.Utc));
            Set(TrayState.Done);
            _rack.After(_program.Handling.Done, Unload);

            float[] PerCell(Func<int, double> value) => [.. Enumerable.Range(0, n).Select(i => (float)value(i))];
        }

        private void Unload()
        {
            if (!Is(TrayState.Done) && !Is(TrayState.Fault)) return;
            WaitsForRoom = !_rack._done.IsReady;
            _rack.ShowWaiting();
            if (WaitsForRoom)
            {
                _rack.After(CraneSeconds, Unload);
                return;
            }

            _rack._done.Put(Carrier!);
            Carrier = null;
            _cells = null;
            _cycler = null;
            var none = new float[FormationCells.Count];
            Voltage.Set(none);
            Current.Set(none);
            Temp.Set(none);
            Capacity.Set(none);
            TrayId.Set("");
            ProgramId.Set("");
            StepNo.Set(0);
            StepElapsed.Set(0);
            ClampPressure.Set(0);
            ContactBits.Set(0);
            CellIds.Set([]);
            Set(TrayState.Empty);
            _rack.After(_planned.Handling.Empty, Load);
        }

        private void GiveUp()
        {
            _cycler?.Pause();
            foreach (var cell in Carrier?.Contents ?? []) cell.IsGood = false;
            Set(TrayState.Fault);
            _rack.After(_program.Handling.Done, Unload);
        }

        private void PauseChannels()
        {
            _cycler!.Pause();
            Set(TrayState.Pause);
        }

        // The plates of a heated tray regulate the cells' mean temperature, so they cool when current heats the cells.
        private double Ambient()
        {
            if (_program.PlateTemperature is not { } plate || !(Running || Is(TrayState.Pause))) return _rack.RackAmbient.Value;
            var mean = 0.0;
            for (var i = 0; i < FormationCells.Count; i++) mean += _cells!.Temperature(i) / FormationCells.Count;
            return Math.Clamp(plate + 3 * (plate - mean), 20, 140);
        }

        private bool Is(TrayState state) => State.Value == (int)state;

        private void Set(TrayState state) => State.Set((int)state);

        private MethodOutcome Refuse(string method, string needed) =>
            MethodOutcome.WrongState($"{_rack.Code}: {method} needs {Name} in state {needed}, it is in {(TrayState)State.Value}.");
    }
}
