using System.Text;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>The text forms: node ids, expanded node ids, index ranges (and what they select), endpoint URLs. The first byte says which.</summary>
internal sealed class TextTarget : IFuzzTarget
{
    private const int Kinds = 4;

    private static readonly Variant[] Values =
    [
        Variant.From(Enumerable.Range(0, 10).ToArray()), Variant.From("0123456789"), Variant.From(new byte[10]), Variant.From(1.5), Variant.From(Array.Empty<int>()), Variant.From((string?)null),
        Variant.FromMatrix(BuiltInType.Int32, Enumerable.Range(0, 12).ToArray(), [3, 4]), Variant.FromMatrix(BuiltInType.Int32, Enumerable.Range(0, 24).ToArray(), [2, 3, 4]), Variant.FromMatrix(BuiltInType.Int32, Array.Empty<int>(), [0, 4]),
        Variant.From((string?[])["ab", null, "cd"]),
    ];

    private static readonly string[] Texts =
    [
        "0i=84", "0ns=2;s=Line1.Speed", "0ns=65535;i=4294967295", "0g=72962b91-fa75-4ae6-8d28-b404dc7daf63", "0ns=3;b=AAH/", "0s=", "0ns=1;s=a;b=c",
        "1svr=1;nsu=http://example.com/;s=Name", "1nsu=a%3Bb%25;i=1", "1ns=2;i=7", "1svr=4294967295;i=1", "1nsu=;s=",
        "20", "20:1", "21:2,0:1", "22147483647", "20:2147483647", "21,2,3", "20:1,0:1,0:3", "22:1", "2-1", "2 1",
        "3opc.tcp://localhost:4840/test", "3opc.tcp://[::1]:4840", "3opc.tcp://a", "3http://a", "3opc.tcp://:1",
    ];

    public string Name => "text";

    public int Weight => 20;

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Texts.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(FuzzRandom random) => Encoding.UTF8.GetBytes(random.Below(Kinds) switch
    {
        0 => "0" + ValueMaker.Node(random),
        1 => "1" + ValueMaker.Expanded(random),
        2 => "2" + string.Join(',', Enumerable.Range(0, 1 + random.Below(4)).Select(_ => random.OneIn(2) ? $"{random.Below(12)}" : $"{random.Below(5)}:{random.Below(12)}")),
        _ => "3opc.tcp://" + ValueMaker.Text(random) + ":" + random.Below(100_000),
    });

    public long MaxAllocation(int length) => 100_000 + (60L * length);

    public Verdict Run(byte[] input)
    {
        if (input.Length == 0)
            return default;
        var text = Encoding.UTF8.GetString(input.AsSpan(1));
        var kind = input[0] % Kinds;
        var path = kind switch
        {
            0 => Node(text),
            1 => Expanded(text),
            2 => Range(text),
            _ => Url(text),
        };
        return new Verdict(path != 0, HashCode.Combine(kind, path));
    }

    private static int Node(string text)
    {
        if (!NodeId.TryParse(text, out var id))
            return 0;
        DefectException.ThrowIf(!NodeId.TryParse(id.ToString(), out var again) || again != id || again.GetHashCode() != id.GetHashCode(), $"'{id}' does not read as what it was written from");
        return 1 + (int)id.IdType;
    }

    private static int Expanded(string text)
    {
        if (!ExpandedNodeId.TryParse(text, out var id))
            return 0;
        DefectException.ThrowIf(!ExpandedNodeId.TryParse(id.ToString(), out var again) || again != id, $"'{id}' does not read as what it was written from");
        id.TryResolve(["http://opcfoundation.org/UA/", "http://example.com/"], out _);
        return 1 + (int)id.NodeId.IdType + (id.NamespaceUri is null ? 0 : 8) + (id.ServerIndex == 0 ? 0 : 16);
    }

    private static int Range(string text)
    {
        if (!NumericRange.TryParse(text, out var range))
            return 0;
        var path = 1;
        foreach (var value in Values)
        {
            var selected = range.Select(value, out var part);
            path = HashCode.Combine(path, selected.Value);
            DefectException.ThrowIf(selected.IsGood && part.Type != value.Type, $"'{text}' of {value} is a {part.Type}");
            if (!selected.IsGood)
                continue;
            var replaced = range.Replace(value, part, out var result);
            path = HashCode.Combine(path, replaced.Value);
            DefectException.ThrowIf(replaced.IsGood && result != value, $"'{text}' of {value} put back where it was gives {result}");
        }

        return path | 1;
    }

    private static int Url(string text)
    {
        try
        {
            var address = EndpointAddress.Parse(text);
            DefectException.ThrowIf(address.Port is < 0 or > 65535 || address.Host.Length == 0, $"'{text}' gives {address}");
            return 1;
        }
        catch (ChannelException)
        {
            // What it says it throws.
            return 0;
        }
    }
}
