using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>The stages that take structures apart.</summary>
internal static class StructureStage
{
    // Deeper nesting than any companion specification has.
    private const int MaxDepth = 32;

    /// <summary>Puts a field in the structure's place.</summary>
    /// <param name="sample">With a structure.</param>
    /// <param name="path">Names from the structure down to the field.</param>
    public static void TakeField(ref Sample sample, string[] path)
    {
        if (sample.Value.IsNull)
            return;
        foreach (var name in path)
        {
            if (sample.Value.AsStructure() is not { } structure || !TryFind(structure, name, out var value))
            {
                // Without fields only its bytes are known: the server does not define the type.
                ValueStages.Fail(ref sample, StatusQuality.BadDecodingError);
                return;
            }

            sample.Value = value;
        }
    }

    /// <summary>Makes one level of a structure within structures: <c>Outer.Inner</c>.</summary>
    public static void Flatten(ref Sample sample)
    {
        if (sample.Value.AsStructure() is not { } structure || !structure.Fields.Any(f => f.Value.Kind == ValueKind.Structure))
            return;
        var fields = new List<KeyValuePair<string, TagValue>>(structure.Fields.Count * 2);
        Collect(structure, "", fields, 0);
        sample.Value = TagValue.From(new StructureValue { TypeName = structure.TypeName, Fields = fields });
    }

    private static void Collect(StructureValue structure, string prefix, List<KeyValuePair<string, TagValue>> fields, int depth)
    {
        foreach (var (name, value) in structure.Fields)
        {
            if (value.AsStructure() is { Fields.Count: > 0 } inner && depth < MaxDepth)
                Collect(inner, $"{prefix}{name}.", fields, depth + 1);
            else
                fields.Add(new(prefix + name, value));
        }
    }

    private static bool TryFind(StructureValue structure, string name, out TagValue value)
    {
        foreach (var field in structure.Fields)
        {
            if (field.Key == name)
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
