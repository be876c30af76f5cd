using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Encoding;

public sealed class NestedInputTests
{
    [Fact]
    public void Arrays_within_arrays_allocate_by_the_bytes_that_are_there_and_not_by_what_each_level_declares()
    {
        // Each of 90 levels says that it holds as many variants as there are bytes after it; every single one passes the length check.
        const int Filler = 200_000;
        var bytes = Wire.Bytes((ref UaWriter w) =>
        {
            for (var level = 0; level < 90; level++)
            {
                w.WriteByte(0x98); // array of Variant
                w.WriteInt32(Filler);
            }

            w.WriteRaw(new byte[Filler]);
        });
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new UaReader(bytes);
        reader.ReadVariant();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 30L * bytes.Length * 3, $"{allocated} bytes for {bytes.Length}");
    }

    [Fact]
    public void Elements_are_limited_over_the_whole_message()
    {
        var limits = new EncodingLimits { MaxElements = 100 };
        Assert.True(Failed(Enumerable.Range(0, 60).Select(i => Variant.From([Variant.From(i), Variant.From(i)])).ToArray()));
        Assert.False(Failed(Enumerable.Range(0, 30).Select(i => Variant.From([Variant.From(i), Variant.From(i)])).ToArray()));
        // Elements within a structure's body count as well, and plain numbers, which take in memory what they take on the wire, do not.
        Assert.True(Failed([Variant.From(new ExtensionObject(new WriteRequest { NodesToWrite = [.. Enumerable.Range(0, 99).Select(_ => new WriteValue())] })), Variant.From([Variant.From(1), Variant.From(2)])]));
        Assert.False(Failed([Variant.From(new double[5000])]));

        bool Failed(Variant[] values)
        {
            var reader = new UaReader(Wire.Bytes((ref UaWriter w) => w.WriteVariant(Variant.From(values))), limits);
            reader.ReadVariant();
            return reader.Failed;
        }
    }
}
