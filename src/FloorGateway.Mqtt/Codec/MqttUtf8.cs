using System.Text;
using System.Text.Unicode;

namespace FloorGateway.Mqtt.Codec;

/// <summary>UTF-8 strings of MQTT (MQTT 5 §1.5.4): well-formed, no surrogates, no U+0000.</summary>
public static class MqttUtf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Longest string, in bytes: its length stands in two bytes.</summary>
    public const int MaximumLength = 65535;

    /// <summary>True when the bytes may stand in an MQTT string.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= MaximumLength && !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    /// <summary>Encodes a string, refusing what the wire may not carry.</summary>
    /// <exception cref="ArgumentException">The text has lone surrogates or U+0000, or is longer than 65535 bytes.</exception>
    public static byte[] GetBytes(string text, string what)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"The {what} holds a lone surrogate; MQTT strings are well-formed UTF-8.", nameof(text), e);
        }

        if (bytes.Length > MaximumLength)
            throw new ArgumentException($"The {what} takes {bytes.Length} bytes; an MQTT string holds 65535 at most.", nameof(text));
        if (bytes.AsSpan().Contains((byte)0))
            throw new ArgumentException($"The {what} holds U+0000, which MQTT strings may not.", nameof(text));
        return bytes;
    }

    /// <summary>Decodes bytes that <see cref="IsValid"/> has accepted.</summary>
    public static string GetString(ReadOnlySpan<byte> utf8) => Strict.GetString(utf8);
}
