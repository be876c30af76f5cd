namespace FloorGateway.OpcUa.Encoding;

/// <summary>Decodes one structure at the reader's position.</summary>
public delegate IUaStructure StructureDecoder(ref UaReader reader);
