using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Faults;

/// <summary>What can go wrong with each equipment type beside F1 to F11: name, meaning and the member of the type that does it.</summary>
internal static class OwnFaults
{
    private static readonly Dictionary<Type, FaultType[]> Table = new()
    {
        [typeof(DieCastCell)] =
        [
            Number<DieCastCell>("vacuum-leak", "A vent leaks.", "mbar above the sound end vacuum", 60, (u, v) => u.VacuumLeak = v),
            Number<DieCastCell>("nozzle-blocked", "A spray nozzle is blocked: its die zone gains 2 °C with each cycle.", "die zone, 1 to 8", 1, (u, v) => u.BlockedNozzle = (int)v, 1, 8),
            Once<DieCastCell>("counter-rollover", "The counter of good parts stands two before its end and rolls over.", u => u.GoodCount.Set(uint.MaxValue - 1)),
        ],
        [typeof(JoiningRobot)] =
        [
            Number<JoiningRobot>("bead-skip", "No adhesive for a part of each bead.", "seconds", 2, (u, v) => u.BeadSkip = v),
            Once<JoiningRobot>("collision", "The robot runs into something and aborts.", u => u.Collide()),
            Number<JoiningRobot>("punch-wear", "A worn punch sets rivets too high.", "mm", 0.6, (u, v) => u.PunchWear = v),
            Flag<JoiningRobot>("fan-failed", "The motors' fan stands still.", (u, on) => u.FanFailed = on),
        ],
        [typeof(PaintLine)] =
        [
            Number<PaintLine>("thermocouple-drift", "The thermocouple of oven zone 4 drifts.", "°C an hour", -0.5, (u, v) => u.ThermocoupleDrift = v),
            Number<PaintLine>("burner-out", "A burner of the oven is out.", "zone, 1 to 6", 5, (u, v) => u.BurnerOut = (int)v, 1, 6),
            Number<PaintLine>("exhaust-blocked", "The exhaust is blocked.", "% LEL added", 30, (u, v) => u.ExhaustFault = v),
            Number<PaintLine>("humidifier-failed", "The booth's humidifier runs away.", "% humidity added", 12, (u, v) => u.HumidifierFault = v),
        ],
        [typeof(SelfPropelledVehicle)] =
        [
            Number<SelfPropelledVehicle>("position-jump", "The position is reported wrongly.", "metres", 12, (u, v) => u.PositionJump = v),
            Text<SelfPropelledVehicle>("duplicate-vin", "The vehicle reports the VIN of another.", "VIN", Vin.Create(1), (u, v) => u.DuplicateVin = v),
            Number<SelfPropelledVehicle>("radio-hole", "A hole in the radio's coverage.", "ms latency added", 600, (u, v) => u.RadioFade = v),
            Number<SelfPropelledVehicle>("obstacle", "Something stands in the way.", "seconds", 30, (u, v) => u.Block(v), 0.1, 3600, once: true),
            Number<SelfPropelledVehicle>("andon", "Somebody pulls the cord at the vehicle.", "seconds", 60, (u, v) => u.PullAndon(v), 0.1, 3600, once: true),
        ],
        [typeof(MarriageStation)] =
        [
            Flag<MarriageStation>("wrong-pack", "The scanner reads another pack's code.", (u, on) => u.WrongPack = on),
            Flag<MarriageStation>("duplicate-scan", "The scanner reads the pack before once more.", (u, on) => u.DuplicateScan = on),
            Flag<MarriageStation>("pallet-worn", "A worn pallet: aligning does not converge.", (u, on) => u.PalletWorn = on),
            Number<MarriageStation>("bolt-fault", "A bolt never comes to its torque.", "bolt, 1 to 16", 7, (u, v) => u.BoltFault = (int)v, 1, 16),
        ],
        [typeof(TighteningStation)] =
        [
            Number<TighteningStation>("torque-scale", "The transducer shows too much.", "per cent", 4, (u, v) => u.TransducerError = v),
            Stage("numbers-as-text", "Torque and angle of the result come as text.", ["FinalTorque", "FinalAngle"], s => new TextFault(s)),
            Stage("result-late", "The result comes late.", ["FinalTorque", "FinalAngle", "ResultEvaluation", "Result.Id"], s => new LateFault(s), "process seconds", "20"),
            Stage("result-twice", "The result is sent twice.", ["FinalTorque", "FinalAngle", "Result.Id"], s => new TwiceFault(s)),
        ],
        [typeof(FluidFill)] =
        [
            Flag<FluidFill>("bar-as-megapascal", "The test pressure comes in MPa though it is declared in bar.", (u, on) => u.PublishesMegapascal = on),
            Number<FluidFill>("seal-leak", "A worn adapter seal: pumping takes longer.", "share, 0.3 is 30 % longer", 0.3, (u, v) => u.SealLeak = v),
            Number<FluidFill>("gas-leak", "Refrigerant in the air.", "ppm", 1500, (u, v) => u.GasLeak = v),
        ],
        [typeof(GlazingRobot)] =
        [
            Flag<GlazingRobot>("camera-blurred", "The camera sees badly: the fit has an uncertain status.", (u, on) => u.CameraIsBlurred = on),
            Flag<GlazingRobot>("placement-jam", "The glass jams when it is placed.", (u, on) => u.JamsAtPlacement = on),
            Number<GlazingRobot>("nozzle-clogging", "The bead becomes too narrow.", "mm", 3, (u, v) => u.NozzleClogging = v),
        ],
        [typeof(AdasCalibration)] =
        [
            Flag<AdasCalibration>("ecu-timeout", "The vehicle's control unit does not answer.", (u, on) => u.EcuTimesOut = on),
            Number<AdasCalibration>("floor-drift", "The bay's floor tilts.", "degrees an hour", 0.1, (u, v) => u.FloorDrift = v),
            Number<AdasCalibration>("bent-bracket", "A sensor sits on a bent bracket.", "sensor, 0 to 10", 7, (u, v) => u.BentBracket = v < 0 ? null : (int)v, 0, 10, sound: -1),
            Number<AdasCalibration>("lamp-loss", "Lamps fail.", "share of the light, 0 to 1", 0.6, (u, v) => u.LampLoss = v, 0, 1),
            Flag<AdasCalibration>("wrong-software", "Vehicles come with the previous software.", (u, on) => u.WrongSoftware = on),
        ],
        [typeof(RollTest)] =
        [
            Flag<RollTest>("swapped-bytes", "The status word comes with its two bytes exchanged.", (u, on) => u.SwapsStatusBytes = on),
            Stage("speed-spike", "The speed jumps for one sample now and then.", ["Speed"], s => new SpikeFault(s), "km/h", "60"),
            Number<RollTest>("weak-brake", "The front left brake gives less.", "per cent", 35, (u, v) => u.WeakBrake = v),
            Number<RollTest>("speed-overshoot", "The speed control overshoots.", "share", 0.2, (u, v) => u.SpeedOvershoot = v),
        ],
        [typeof(FastChargeTest)] =
        [
            Number<FastChargeTest>("coolant-loss", "The coolant pump gives less.", "share of the flow", 0, (u, v) => u.CoolantFlow = v, 0, 1, sound: 1),
            Number<FastChargeTest>("bms-limit", "The battery management asks for no more than this.", "A", 300, (u, v) => u.BmsLimit = v < 0 ? null : v, 0, 720, sound: -1),
            Flag<FastChargeTest>("soc-stuck", "The published state of charge stands still.", (u, on) => u.SocIsStuck = on),
            Number<FastChargeTest>("pin-resistance", "A worn contact heats.", "times the sound resistance", 4, (u, v) => u.PinResistance = v, sound: 1),
            Number<FastChargeTest>("charger-gain", "The charger delivers another current.", "share of the request", 0.9, (u, v) => u.ChargerGain = v, sound: 1),
        ],
        [typeof(SlurryMixer)] =
        [
            Number<SlurryMixer>("scale-drift", "The scale of the active material shows too much.", "per cent", 1, (u, v) => u.ScaleError = v),
            Flag<SlurryMixer>("feeder-jam", "The screw feeder is jammed.", (u, on) => u.FeederJammed = on),
            Number<SlurryMixer>("thick-slurry", "The slurry is too thick.", "times the recipe's viscosity", 1.4, (u, v) => u.ViscosityFactor = v, sound: 1),
            Number<SlurryMixer>("seal-leak", "The lid's seal loses vacuum.", "kPa", 12, (u, v) => u.SealLeak = v),
        ],
        [typeof(Coater)] =
        [
            Number<Coater>("gauge-drift", "The beta gauge drifts.", "g/m² an hour", 0.3, (u, v) => u.GaugeDrift = v),
            Flag<Coater>("speed-in-millimetres", "The speed comes in mm/min.", (u, on) => u.SpeedInMillimetres = on),
            Flag<Coater>("splice-fails", "The next splice comes apart.", (u, on) => u.NextSpliceFails = on),
            Number<Coater>("pump-slip", "The coating pump gives less.", "share of the flow", 0.8, (u, v) => u.PumpSlip = v, 0, 2, sound: 1),
            Number<Coater>("exhaust-low", "The exhaust fans give less.", "share of the flow", 0.5, (u, v) => u.ExhaustFraction = v, 0, 2, sound: 1),
            Number<Coater>("heater-dead", "A dryer zone no longer heats.", "zone, 1 to 8", 5, (u, v) => u.DeadHeater = (int)v, 1, 8),
        ],
        [typeof(Calender)] =
        [
            Flag<Calender>("raw-counts", "The force comes as the converter's counts.", (u, on) => u.ForceInRawCounts = on),
            Number<Calender>("skew", "The rolls are not parallel.", "per cent of the force", 6, (u, v) => u.Skew = v),
            Number<Calender>("gauge-offset", "The thickness gauge is wrong.", "µm", 5, (u, v) => u.GaugeOffset = v),
        ],
        [typeof(Stacker)] =
        [
            Number<Stacker>("layer-miscount", "The counter is wrong.", "layers", -1, (u, v) => u.LayerMiscount = (int)v, -10, 10),
            Number<Stacker>("cup-wear", "Worn suction cups miss layers.", "kPa", 25, (u, v) => u.CupWear = v),
            Number<Stacker>("align-offset", "Camera or gripper is out of place.", "mm", 0.2, (u, v) => u.AlignOffset = v),
        ],
        [typeof(IsostaticPress)] =
        [
            Flag<IsostaticPress>("bag-leak", "The next batch has a leaking bag.", (u, on) => u.NextBagLeaks = on),
            Flag<IsostaticPress>("raw-counts", "The pressure comes as the converter's counts.", (u, on) => u.PressureInRawCounts = on),
            Number<IsostaticPress>("seal-leak", "The vessel's seal leaks.", "MPa/s", 0.8, (u, v) => u.SealLeak = v),
            Number<IsostaticPress>("overshoot", "The pressure control runs away.", "MPa/s", 2, (u, v) => u.Overshoot = v),
            Flag<IsostaticPress>("heater-failed", "The fluid's heater has failed.", (u, on) => u.HeaterFailed = on),
        ],
        [typeof(DryRoom)] =
        [
            Number<DryRoom>("sensor-stuck", "A dew point sensor shows -60 °C whatever the air.", "sensor, 1 to 6", 1, (u, v) => u.StuckSensor = (int)v, 1, 6),
            Stage("sensor-drift", "The dew point sensors drift.", ["DewPoint"], s => new DriftFault(s), "°C an hour", "2"),
            Flag<DryRoom>("doors-open", "Both doors of the airlock are stuck open.", (u, on) => u.DoorsStuckOpen = on),
            Flag<DryRoom>("regen-failed", "The heater of the desiccant wheel has failed.", (u, on) => u.RegenHeaterFailed = on),
            Number<DryRoom>("h2s", "Hydrogen sulfide from a leak.", "ppm", 8, (u, v) => u.H2SSource = v),
            Number<DryRoom>("air-leak", "Moist air leaks in.", "g of water a second", 2, (u, v) => u.Leak = v),
        ],
        [typeof(TabWelder)] =
        [
            Number<TabWelder>("photodiode-drift", "The photodiode behind the score drifts.", "score an hour", -0.05, (u, v) => u.PhotodiodeDrift = v),
            Number<TabWelder>("lens-dirt", "Dirt on the lens takes light.", "share, 0 to 1", 0.05, (u, v) => u.LensDirt = v, 0, 1),
            Number<TabWelder>("heater-error", "The sealing bar has another temperature.", "K", -6, (u, v) => u.HeaterError = v),
        ],
        [typeof(ElectrolyteFiller)] =
        [
            new() { Code = "unit-in-chinese", Name = "unit-in-chinese", Description = "The dosed mass is declared in 克 instead of a coded unit.", Make = s => new RelabelFault(s, "DoseMass", "克") },
            Number<ElectrolyteFiller>("balance-drift", "The balance drifts.", "g an hour", 2, (u, v) => u.BalanceDrift = v),
            Number<ElectrolyteFiller>("nozzle-blocked", "A nozzle gives 5 % less.", "nozzle, 1 to 20", 7, (u, v) => u.BlockedNozzle = (int)v, 1, 20),
            Number<ElectrolyteFiller>("pump-loss", "The pump no longer reaches its vacuum.", "kPa", 8, (u, v) => u.PumpLoss = v),
            Number<ElectrolyteFiller>("water", "Water comes with the electrolyte.", "ppm", 20, (u, v) => u.WaterIngress = v),
            Number<ElectrolyteFiller>("fluoride", "Hydrogen fluoride in the air.", "ppm", 2, (u, v) => u.FluorideLeak = v),
        ],
        [typeof(FormationRack)] =
        [
            Number<FormationRack>("channel-offset", "A channel of the first tray shows 5 mV too much.", "channel, 1 to 36", 2, (u, v) => u.Trays[0].OffsetChannel = (int)v, 1, 36),
            Stage("buffered-loss", "The rack is not heard of, and delivers later what it kept.", [], s => new BufferedLossFault(s), length: TimeSpan.FromMinutes(20)),
            Number<FormationRack>("runaway", "A cell of the first tray heats itself.", "channel, 1 to 36", 3, (u, v) => u.Trays[0].RunawayChannel = (int)v, 1, 36),
            Number<FormationRack>("smoke", "Smoke in the rack.", "% obscuration a metre", 5, (u, v) => u.SmokeSource = v),
        ],
        [typeof(AgeingRoom)] = [Number<AgeingRoom>("climate-error", "The air conditioning is wrong.", "K", -8, (u, v) => u.ClimateError = v)],
        [typeof(GradingStation)] =
        [
            Number<GradingStation>("nan", "A channel's meter reports NaN.", "channel, 1 to 36", 5, (u, v) => u.NaNChannel = (int)v, 1, 36),
            Flag<GradingStation>("swapped-order", "The tray's cells are reported from the last to the first.", (u, on) => u.SwappedOrder = on),
            Number<GradingStation>("contamination", "A lot with metal particles discharges itself.", "mV/h", 0.045, (u, v) => u.LotContamination = v),
        ],
        [typeof(ModuleLine)] =
        [
            Number<ModuleLine>("unreadable-code", "The reader cannot read a code.", "position, 1 to 36", 5, (u, v) => u.UnreadablePosition = (int)v, 1, 36),
            Flag<ModuleLine>("duplicate-id", "The reader reports one code at two positions.", (u, on) => u.DuplicateScan = on),
            Number<ModuleLine>("swollen-cell", "A swollen cell presses.", "kN", 1.5, (u, v) => u.SwollenForce = v),
            Number<ModuleLine>("glue-error", "The glue dosing is wrong.", "g", 8, (u, v) => u.GlueError = v),
        ],
        [typeof(PackLine)] =
        [
            Flag<PackLine>("duplicate-id", "The reader reports one module at two positions.", (u, on) => u.DuplicateScan = on),
            Number<PackLine>("filler-error", "The gap filler dosing is wrong.", "g", 100, (u, v) => u.FillerError = v),
            Number<PackLine>("bolt-missing", "A cover bolt is missed.", "bolt, 1 to 64", 3, (u, v) => u.MissingBolts = v < 1 ? 0 : 1UL << ((int)v - 1), 1, 64),
        ],
        [typeof(PackLeakStand)] =
        [
            Number<PackLeakStand>("thermal-bias", "A warm pack cools through the test: a false leak.", "K", 0.08, (u, v) => u.PackCooling = v),
            Flag<PackLeakStand>("hose-blocked", "The hose is blocked: the leak is exactly 0.", (u, on) => u.HoseIsBlocked = on),
            Number<PackLeakStand>("draught", "The hall door stands open.", "K/min", 0.6, (u, v) => u.Draught = v),
            Number<PackLeakStand>("gasket-leak", "A gasket leaks.", "cm³/min", 15, (u, v) => u.GasketLeak = v),
            Flag<PackLeakStand>("cover-open", "The cover cannot be closed.", (u, on) => u.CoverStandsOpen = on),
        ],
        [typeof(PackEndOfLine)] =
        [
            Number<PackEndOfLine>("wrong-cell", "One cell is of a wrong grade.", "mV", 25, (u, v) => u.WrongCell = v),
            Number<PackEndOfLine>("damp", "Damp takes insulation.", "MΩ", 90, (u, v) => u.Damp = v),
            Flag<PackEndOfLine>("bms-silent", "The battery management does not answer.", (u, on) => u.BmsIsSilent = on),
        ],
    };

    /// <summary>Equipment types that have faults of their own, with their class.</summary>
    public static IEnumerable<Type> Classes => Table.Keys;

    /// <summary>The own faults of a unit.</summary>
    public static IReadOnlyList<FaultType> Of(Unit unit) => Table.GetValueOrDefault(unit.GetType(), []);

    private static FaultType Number<T>(
        string name, string description, string parameter, double standard, Action<T, double> set, double low = double.MinValue, double high = double.MaxValue, double sound = 0, bool once = false)
        where T : Unit => new()
    {
        Code = name,
        Name = name,
        Description = description,
        Parameter = parameter,
        Standard = standard.ToString(CultureInfo.InvariantCulture),
        Range = (low, high),
        Make = s => new UnitFault(() => set((T)s.Unit, s.Number), once ? () => { } : () => set((T)s.Unit, sound)),
    };

    private static FaultType Text<T>(string name, string description, string parameter, string standard, Action<T, string?> set)
        where T : Unit => new()
    {
        Code = name,
        Name = name,
        Description = description,
        Parameter = parameter,
        Standard = standard,
        IsText = true,
        Make = s => new UnitFault(() => set((T)s.Unit, s.Param), () => set((T)s.Unit, null)),
    };

    private static FaultType Flag<T>(string name, string description, Action<T, bool> set)
        where T : Unit => new()
    {
        Code = name,
        Name = name,
        Description = description,
        Make = s => new UnitFault(() => set((T)s.Unit, true), () => set((T)s.Unit, false)),
    };

    private static FaultType Once<T>(string name, string description, Action<T> act)
        where T : Unit => new()
    {
        Code = name,
        Name = name,
        Description = description,
        Make = s => new UnitFault(() => act((T)s.Unit), () => { }),
    };

    // Faults of the sender rather than of the machine: they act on these of its signals, or on all where none is named.
    private static FaultType Stage(string name, string description, string[] signals, Func<FaultSetting, FaultEffect> make, string parameter = "", string standard = "", TimeSpan length = default) => new()
    {
        Code = name,
        Name = name,
        Description = description,
        Parameter = parameter,
        Standard = standard,
        Length = length,
        Signals = signals,
        Make = make,
    };
}
