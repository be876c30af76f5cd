using FloorGateway.Historian.Influx.LineProtocol;

namespace FloorGateway.Historian.Tests.Influx.LineProtocol;

public class LineProtocolTextTests
{
    [Theory]
    [InlineData("Die Cast,Cell=1", "Die\\ Cast\\,Cell=1")]
    [InlineData("#1", "_1")]
    [InlineData("plain", "plain")]
    public void Escapes_comma_and_space_in_measurements(string name, string escaped) => Assert.Equal(escaped, LineProtocolText.Measurement(name));

    [Theory]
    [InlineData("a b,c=d", "a\\ b\\,c\\=d")]
    [InlineData("压铸", "压铸")]
    [InlineData("quote\"stays", "quote\"stays")]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("end\\", "end/")]
    [InlineData("two\\\\", "two\\/")]
    [InlineData("before\\,comma", "before/\\,comma")]
    [InlineData("tab\tand\nline", "tab\\ and\\ line")]
    public void Escapes_comma_space_and_equals_in_keys_and_tag_values(string name, string escaped) => Assert.Equal(escaped, LineProtocolText.Key(name));

    [Fact]
    public void Keeps_clear_of_the_reserved_field_name() => Assert.Equal("time_", LineProtocolText.FieldKey("time"));
}
