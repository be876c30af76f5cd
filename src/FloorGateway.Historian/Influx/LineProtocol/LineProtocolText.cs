using System.Text;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>Line protocol's escaping rules. Names are escaped once, when a series is first seen; only string values are escaped per sample.</summary>
public static class LineProtocolText
{
    /// <summary>A measurement's name: comma and space are escaped; a leading '#', which would make the line a comment, becomes '_'.</summary>
    public static string Measurement(string name) => Escape(name.StartsWith('#') ? "_" + name[1..] : name, equals: false);

    /// <summary>What a server calls the measurement written so: its name for queries.</summary>
    public static string MeasurementHeld(string name) => Escape(name.StartsWith('#') ? "_" + name[1..] : name, equals: false, held: true);

    /// <summary>What a server calls the tag key, tag value or field key written so: its name for queries.</summary>
    public static string KeyHeld(string name) => Escape(name, equals: true, held: true);

    /// <summary>A tag key, tag value or field key: comma, equals sign and space are escaped.</summary>
    public static string Key(string name) => Escape(name, equals: true);

    /// <summary>A field key; the name <c>time</c>, which servers keep for the timestamp, becomes <c>time_</c>.</summary>
    public static string FieldKey(string name) => Key(name == "time" ? "time_" : name);

    /// <summary>
    /// Writes a string value in double quotes: backslash and double quote are escaped. A line break, which the protocol allows there, is written as the
    /// two characters <c>\n</c>: VictoriaMetrics would drop the whole line and still answer 204.
    /// </summary>
    public static void WriteString(LineBuffer output, ReadOnlySpan<char> text)
    {
        // 3 bytes of UTF-8 a UTF-16 unit at most, and an escaped character is one byte that becomes two.
        var room = output.Reserve(checked((text.Length * 3) + 2));
        var at = 0;
        room[at++] = (byte)'"';
        while (true)
        {
            var special = text.IndexOfAny("\"\\\n\r");
            at += Encoding.UTF8.GetBytes(special < 0 ? text : text[..special], room[at..]);
            if (special < 0)
                break;
            room[at++] = (byte)'\\';
            room[at++] = text[special] switch { '\n' => (byte)'n', '\r' => (byte)'r', var c => (byte)c };
            text = text[(special + 1)..];
        }

        room[at++] = (byte)'"';
        output.Advance(at);
    }

    /// <summary>Writes UTF-8 JSON as a string value in double quotes; JSON has no line breaks of its own.</summary>
    public static void WriteJson(LineBuffer output, ReadOnlySpan<byte> text)
    {
        var room = output.Reserve(checked((text.Length * 2) + 2));
        var at = 0;
        room[at++] = (byte)'"';
        foreach (var one in text)
        {
            if (one is (byte)'"' or (byte)'\\')
                room[at++] = (byte)'\\';
            room[at++] = one;
        }

        room[at++] = (byte)'"';
        output.Advance(at);
    }

    // Outside quotes a backslash stands for itself unless a character that needs escaping, or the end, follows: there it could not be told from the
    // escape itself (servers differ), so it becomes a slash. Control characters end a line or vanish in servers: they become spaces.
    private static string Escape(string name, bool equals, bool held = false)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = char.IsControl(name[i]) ? ' ' : name[i];
            if (NeedsEscape(c, equals) && !held)
                text.Append('\\').Append(c);
            else if (c == '\\' && (i + 1 == name.Length || char.IsControl(name[i + 1]) || NeedsEscape(name[i + 1], equals)))
                text.Append('/');
            else
                text.Append(c);
        }

        return text.ToString();
    }

    private static bool NeedsEscape(char c, bool equals) => c is ',' or ' ' || (equals && c == '=');
}
