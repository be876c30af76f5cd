using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>A piece of the library that takes bytes from strangers.</summary>
internal interface IFuzzTarget
{
    /// <summary>As on the command line and in corpus/.</summary>
    string Name { get; }

    /// <summary>Its share of a run's cases; a slow target gets a small one.</summary>
    int Weight { get; }

    /// <summary>Valid inputs, one for each way through the target at least; changed copies of them are tried.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>A fresh input with everything in its place and odd values in it.</summary>
    byte[] Make(FuzzRandom random);

    /// <summary>Tries one input. Refusing it is fine; any exception is a defect.</summary>
    Verdict Run(byte[] input);

    /// <summary>Most bytes that an input of that many bytes may make the target allocate.</summary>
    long MaxAllocation(int length);
}

/// <summary>What became of an input.</summary>
/// <param name="Accepted">True when it was taken as valid.</param>
/// <param name="Path">Tells inputs apart that went different ways: status, type, how far. New ones are kept and changed further.</param>
internal readonly record struct Verdict(bool Accepted, int Path);

/// <summary>The target did something it must not do.</summary>
internal sealed class DefectException(string message) : Exception(message)
{
    public static void ThrowIf(bool wrong, string message)
    {
        if (wrong)
            throw new DefectException(message);
    }
}
