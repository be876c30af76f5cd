using FloorGateway.Model.Samples;
using FloorGateway.Model.Status;
using FloorGateway.Model.Units;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Compares the units of measure that the server's nodes name (OPC 10000-8, 5.6.3) with those that the configuration takes for granted.</summary>
public sealed partial class OpcUaConnector
{
    // The rest is on the status page.
    private const int MaxUnitsTold = 20;

    private readonly SampleFlags[] unitFlags;
    private readonly CancellationTokenSource unitCheck = new();
    private IReadOnlyList<GatewayCondition> unitConditions = [];
    private Task checkingUnits = Task.CompletedTask;
    private UaClient? unitsOf;
    private bool toldWithout;

    /// <summary>Once in a session, beside the values: they don't wait for it.</summary>
    private void CheckUnitsOnce()
    {
        if (!options.CheckUnits || subscription?.Client is not { } client || ReferenceEquals(client, unitsOf) || !checkingUnits.IsCompleted)
            return;
        unitsOf = client;
        checkingUnits = Task.Run(() => CheckUnitsAsync(client, unitCheck.Token));
    }

    private async Task CheckUnitsAsync(UaClient client, CancellationToken cancel)
    {
        try
        {
            var named = await ReadUnitsAsync(client, cancel).ConfigureAwait(false);
            var conditions = new List<GatewayCondition>();
            var without = new List<string>();
            foreach (var tag in options.Tags)
            {
                if (!handleOf.TryGetValue(tag.Tag, out var handle))
                    continue;
                named.TryGetValue(handle, out var says);
                var differs = Compare(tag, says, conditions);
                if (says is null && tag.Unit is null && tag.IsMeasurement)
                    without.Add(catalog[tag.Tag].Path);
                unitFlags[handle] = differs ? SampleFlags.UnitMismatch : SampleFlags.None;
            }

            if (without.Count > 0)
                NameWithout(without, conditions);
            Tell(conditions);
            Volatile.Write(ref unitConditions, conditions);
        }
        catch (OperationCanceledException)
        {
            // The connector stops.
        }
        catch (Exception e) when (e is UaServiceException or ChannelException or ObjectDisposedException)
        {
            LogUnitsNotRead(options.Server, e.Message);
        }
    }

    /// <summary>The unit that each item's node names, where it names one.</summary>
    private async ValueTask<Dictionary<uint, EUInformation>> ReadUnitsAsync(UaClient client, CancellationToken cancel)
    {
        var nodes = new List<(uint Handle, NodeId Node)>();
        foreach (var handle in options.Tags.Where(t => t.Unit is not null || t.IsMeasurement).Select(t => handleOf.GetValueOrDefault(t.Tag, uint.MaxValue)).Distinct())
        {
            if (handle != uint.MaxValue && items.Settings[(int)handle] is { Path: null } item && item.NodeId.TryResolve(client.NamespaceUris, out var node))
                nodes.Add((handle, node));
        }

        var paths = await client.TranslateBrowsePathsAsync([.. nodes.Select(n => UnitOf(n.Node))], cancel).ConfigureAwait(false);
        var found = nodes.Zip(paths).Where(x => x.Second is { StatusCode.IsGood: true, Targets.Length: > 0 })
            .Select(x => (x.First.Handle, Node: x.Second.Targets[0].TargetId.TryResolve(client.NamespaceUris, out var node) ? node : NodeId.Null)).ToList();
        var values = await client.ReadValuesAsync([.. found.Select(f => f.Node)], cancel).ConfigureAwait(false);
        var units = new Dictionary<uint, EUInformation>();
        for (var i = 0; i < found.Count; i++)
        {
            // A node that has the property but nothing in it names no unit.
            if (values[i].Value.AsStructure<EUInformation>() is { } unit && (unit.UnitId > 0 || !string.IsNullOrWhiteSpace(unit.DisplayName.Text)))
                units[found[i].Handle] = unit;
        }

        return units;
    }

    private static BrowsePath UnitOf(NodeId node) => new()
    {
        StartingNode = node,
        RelativePath = new RelativePath { Elements = [new RelativePathElement { ReferenceTypeId = ReferenceTypeIds.HasProperty, IncludeSubtypes = true, TargetName = new QualifiedName("EngineeringUnits") }] },
    };

    /// <returns>True where the server names another unit than the configuration.</returns>
    private bool Compare(OpcUaTag tag, EUInformation? says, List<GatewayCondition> conditions)
    {
        if (says is null || EngineeringUnit.Find(says) is not { } named)
            return false;
        var path = catalog[tag.Tag].Path;
        if (tag.Unit is null)
        {
            if (tag.IsMeasurement && named.Quantity != "ratio")
                Add("UnitMissing", 4, $"the server gives it in {named.Symbol}, the configuration names no unit; add unit: {named.Code ?? named.Symbol}");
            return false;
        }

        if (!UnitTable.TryFind(tag.Unit, out var taken) || (taken.Quantity == named.Quantity && taken.Factor == named.Factor && taken.Offset == named.Offset))
            return false;
        if (tag.UnitIsCorrected)
            Add("UnitMismatch", 4, $"the server says {named.Symbol}, but it is taken as {taken.Symbol} by configuration (sourceUnit)");
        else
            Add("UnitMismatch", 3, $"the server gives it in {named.Symbol}, the configuration takes it as {taken.Symbol}; write sourceUnit: {named.Code ?? named.Symbol} if the server is right, or sourceUnit: {taken.Code ?? taken.Symbol} if it is not");
        return true;

        void Add(string name, int priority, string message) => conditions.Add(new GatewayCondition(name, priority, path, options.Server, time.GetUtcNow(), message));
    }

    /// <summary>One condition for all of them: a score or a share has no unit, and that is most often what they are.</summary>
    private void NameWithout(List<string> without, List<GatewayCondition> conditions)
    {
        var message = $"{without.Count} measurements have a unit neither in the configuration nor on the server and are taken as dimensionless, e.g. {string.Join(", ", without.Take(3))}; write their unit, or unit: C62 where there is none";
        conditions.Add(new GatewayCondition("UnitMissing", 4, options.Server, options.Server, time.GetUtcNow(), message));
        if (!toldWithout)
            LogNoUnit(options.Server, message);
        toldWithout = true;
    }

    private void Tell(List<GatewayCondition> conditions)
    {
        var known = Volatile.Read(ref unitConditions).Select(c => (c.Name, c.Source)).ToHashSet();
        foreach (var one in conditions.Where(c => c.Source != options.Server && !known.Contains((c.Name, c.Source))).OrderBy(c => c.Priority).Take(MaxUnitsTold))
            LogUnit(one.Priority < 4 ? LogLevel.Warning : LogLevel.Information, one.Source, one.Message);
    }
}
