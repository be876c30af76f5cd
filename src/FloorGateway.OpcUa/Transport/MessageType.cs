namespace FloorGateway.OpcUa.Transport;

/// <summary>The three ASCII letters that open every chunk, read as a little-endian number (Part 6, 7.1.2.2 and 6.7.2.2).</summary>
public enum MessageType : uint
{
    /// <summary>HEL</summary>
    Hello = 0x4C4548,

    /// <summary>ACK</summary>
    Acknowledge = 0x4B4341,

    /// <summary>ERR</summary>
    Error = 0x525245,

    /// <summary>RHE</summary>
    ReverseHello = 0x454852,

    /// <summary>OPN</summary>
    OpenSecureChannel = 0x4E504F,

    /// <summary>CLO</summary>
    CloseSecureChannel = 0x4F4C43,

    /// <summary>MSG</summary>
    Message = 0x47534D,
}

/// <summary>The fourth letter of a chunk (Part 6, 6.7.2.2).</summary>
public enum ChunkType : byte
{
    /// <summary>F: the last chunk of a message.</summary>
    Final = (byte)'F',

    /// <summary>C: more chunks follow.</summary>
    Intermediate = (byte)'C',

    /// <summary>A: the sender gives the message up; the body holds a status code and a reason.</summary>
    Abort = (byte)'A',
}
