using FloorGateway.Model.Samples;

namespace FloorGateway.Model.Ports;

/// <summary>The latest value of every tag.</summary>
public interface ILiveTags
{
    /// <summary>The tag's latest normalised sample; false where it has had none since start.</summary>
    bool TryGet(int tag, out Sample sample);

    /// <summary>Grows with every change of any tag: a reader that saw the same number has missed nothing.</summary>
    long Version { get; }

    /// <summary>The <see cref="Version"/> at which the tag last changed; 0 = never.</summary>
    long VersionOf(int tag);
}
