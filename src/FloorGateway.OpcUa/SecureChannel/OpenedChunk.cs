namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Where things are in a chunk whose signature was verified. Offsets count from the chunk's first byte.</summary>
public readonly record struct OpenedChunk(uint SequenceNumber, uint RequestId, int BodyOffset, int BodyLength);
