using System.Globalization;

namespace FloorGateway.Mqtt.Tests.Codec;

/// <summary>Bytes written as annotated text: hex pairs, and everything after '|' on a line is a remark.</summary>
internal static class Golden
{
    public static byte[] Bytes(string annotated)
    {
        var bytes = new List<byte>();
        foreach (var line in annotated.Split('\n'))
        {
            var hex = line.Split('|')[0];
            foreach (var token in hex.Split([' ', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
                bytes.Add(byte.Parse(token, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return [.. bytes];
    }
}
