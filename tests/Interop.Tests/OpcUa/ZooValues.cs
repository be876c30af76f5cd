using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa;

/// <summary>The values in peers/opcua-zoo.mjs as our library has them, by the variable's name.</summary>
internal static class ZooValues
{
    private static readonly Dictionary<string, Variant> Table = Make();

    public static IEnumerable<string> Names => Table.Keys;

    public static Variant Of(string name) => Table[name];

    private static Dictionary<string, Variant> Make()
    {
        Dictionary<string, Variant> table = [];
        void Add<T>(BuiltInType type, Func<T, Variant> scalar, Func<T[], Variant> array, params T[] values)
        {
            table[$"Scalar.{type}"] = scalar(values[0]);
            table[$"Array.{type}"] = array(values);
            table[$"Matrix.{type}"] = Variant.FromMatrix(type, (T[])[.. values, .. values], [2, 3]);
        }

        static DateTime Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
        var guid = new Guid("72962B91-FA75-4AE6-8D28-B404DC7DAF63");
        Add(BuiltInType.Boolean, Variant.From, Variant.From, true, false, true);
        Add(BuiltInType.SByte, Variant.From, Variant.From, sbyte.MinValue, (sbyte)0, sbyte.MaxValue);
        Add(BuiltInType.Byte, Variant.From, Variant.FromByteArray, byte.MaxValue, (byte)0, (byte)1);
        Add(BuiltInType.Int16, Variant.From, Variant.From, short.MinValue, (short)0, short.MaxValue);
        Add(BuiltInType.UInt16, Variant.From, Variant.From, ushort.MaxValue, (ushort)0, (ushort)1);
        Add(BuiltInType.Int32, Variant.From, Variant.From, int.MinValue, 0, int.MaxValue);
        Add(BuiltInType.UInt32, Variant.From, Variant.From, uint.MaxValue, 0u, 1u);
        Add(BuiltInType.Int64, Variant.From, Variant.From, long.MinValue, 1L, long.MaxValue);
        Add(BuiltInType.UInt64, Variant.From, Variant.From, ulong.MaxValue, 1UL, 0x0102_0304_0506_0708UL);
        Add(BuiltInType.Float, Variant.From, Variant.From, float.MaxValue, -0.5f, 0f);
        Add(BuiltInType.Double, Variant.From, Variant.From, double.Epsilon, -1.25, double.PositiveInfinity);
        Add<string?>(BuiltInType.String, Variant.From, Variant.From, "压铸 €𝄞\0!", "", null);
        Add(BuiltInType.DateTime, Variant.From, Variant.From, Utc("2027-03-15T12:34:56.789Z"), DateTime.UnixEpoch, Utc("2099-12-31T23:59:59.999Z"));
        Add(BuiltInType.Guid, Variant.From, Variant.From, guid, Guid.Empty, new Guid("FFFFFFFF-0000-1111-2222-333333333333"));
        Add<byte[]?>(BuiltInType.ByteString, Variant.From, Variant.From, [0, 1, 255], [], null);
        Add<string?>(BuiltInType.XmlElement, Variant.FromXml, Variant.FromXml, "<a b=\"1\">压铸</a>", "<x/>", "<y/>");
        Add(BuiltInType.NodeId, Variant.From, Variant.From, new NodeId(2, "压铸"), new NodeId(1, guid), new NodeId(300, [0, 1, 255]));
        Add(
            BuiltInType.ExpandedNodeId,
            Variant.From,
            Variant.From,
            new ExpandedNodeId(new NodeId(2, "near")),
            new ExpandedNodeId(new NodeId(0, 70000), "http://far.example/", 3),
            new ExpandedNodeId(new NodeId(0, 84)));
        Add(BuiltInType.StatusCode, Variant.From, Variant.From, new StatusCode(StatusCodes.BadOutOfService), StatusCode.Good, new StatusCode(StatusCodes.UncertainLastUsableValue));
        Add(BuiltInType.QualifiedName, Variant.From, Variant.From, new QualifiedName(2, "名"), new QualifiedName(0, "x"), new QualifiedName(1, "y"));
        Add(BuiltInType.LocalizedText, Variant.From, Variant.From, new LocalizedText("zh-CN", "压铸"), new LocalizedText("plain"), new LocalizedText("en", "z"));
        Add(
            BuiltInType.DataValue,
            Variant.From,
            Variant.From,
            new DataValue(Variant.From(1.5), StatusCodes.UncertainLastUsableValue, Utc("2027-03-15T12:34:56.789Z").Ticks),
            new DataValue(Variant.Null, StatusCodes.BadNoData),
            new DataValue(Variant.From("x")));
        table["Empty.Double"] = Variant.From((double[])[]);
        table["Nested.Variant"] = Variant.From(
        [
            Variant.From(-7),
            Variant.From(["a", "b"]),
            Variant.From([Variant.From(true), Variant.From(0.5)]),
        ]);
        return table;
    }
}
