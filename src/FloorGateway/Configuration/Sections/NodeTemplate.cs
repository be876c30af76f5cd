using System.Text;
using FloorGateway.Configuration.Loading;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Configuration.Sections;

/// <summary>Fills the placeholders of one unit's node ids from its <c>with</c>. <c>{{</c> and <c>}}</c> stand for the braces themselves.</summary>
internal sealed class NodeTemplate
{
    private const string Signal = "signal";

    private readonly EquipmentTypeTags type;
    private readonly MapReader unit;
    private readonly Diagnostics errors;
    private readonly Dictionary<string, string> values = [];
    private readonly HashSet<string> used = [];

    public NodeTemplate(EquipmentTypeTags type, MapReader unit, Diagnostics errors)
    {
        this.type = type;
        this.unit = unit;
        this.errors = errors;
        foreach (var (key, value) in unit.Entries("with"))
        {
            if (unit.Scalar(value, key.Value) is { } text)
                values[key.Value] = text.Value;
        }
    }

    /// <summary>The signal's node id; empty with an error in the list where it can't be had.</summary>
    public string Fill(TagTemplate template)
    {
        var pattern = template.Node ?? type.NodePattern;
        if (pattern is null)
        {
            errors.Error(template.Tag.Source.At, $"signal '{template.Tag.Signal}' has no node", "add node: \"nsu=URI;s={unit}.NAME\" to it, or node: \"s={unit}.{signal}\" to its equipment type");
            return "";
        }

        var at = template.Node is null ? unit.Source["type"] : template.Tag.Source["node"];
        var text = Replace(pattern, template.Tag.Signal, at);
        if (text is null)
            return "";
        if (text.StartsWith("gateway:", StringComparison.Ordinal))
        {
            if (text == ConfiguredTag.ClockOffsetNode)
                return text;
            errors.Error(at, $"'{text}' is nothing that the gateway tells of itself", $"write {ConfiguredTag.ClockOffsetNode}, or the node id on the server");
            return "";
        }

        if (text.StartsWith(OpcUaTag.PathPrefix, StringComparison.Ordinal))
        {
            if (NodePath.TryParse(text[OpcUaTag.PathPrefix.Length..], out _))
                return text;
            errors.Error(at, $"'{text}' is not a browse path", "write path:nsu=URI;NAME/NAME with browse names from below the Objects folder; & before a / that belongs to a name");
            return "";
        }

        if (!text.StartsWith("ns=", StringComparison.Ordinal) && !text.StartsWith("nsu=", StringComparison.Ordinal) && type.Namespace is { } uri)
            text = $"nsu={uri};{text}";
        if (!text.StartsWith("svr=", StringComparison.Ordinal) && ExpandedNodeId.TryParse(text, out _))
            return text;
        errors.Error(at, $"'{text}' is not a node id", "write nsu=URI;s=TEXT or nsu=URI;i=NUMBER (or ns=N;... where the server's namespace numbers never change)");
        return "";
    }

    /// <summary>A word under <c>with</c> that no node id asks for is most likely a slip.</summary>
    public void WarnOfUnused()
    {
        foreach (var key in values.Keys.Where(k => !used.Contains(k)))
            errors.Warn(unit.Source["with"], $"no node of {type.Name} holds {{{key}}}", $"take '{key}' out of 'with', or use it in a node");
    }

    private string? Replace(string pattern, string signal, SourcePosition at)
    {
        var text = new StringBuilder(pattern.Length + 32);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c is '{' or '}' && i + 1 < pattern.Length && pattern[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            if (c != '{')
            {
                text.Append(c);
                continue;
            }

            var close = pattern.IndexOf('}', i);
            if (close < 0)
            {
                errors.Error(at, $"'{pattern}' opens a placeholder with '{{' and never closes it", "add '}', or write '{{' where the node id itself holds a brace");
                return null;
            }

            var name = pattern[(i + 1)..close];
            var value = name == Signal ? signal : values.GetValueOrDefault(name);
            if (value is null)
            {
                errors.Error(unit.Source["with"], $"the nodes of {type.Name} need a value for {{{name}}}", $"add with: {{{name}: VALUE}} to this unit");
                return null;
            }

            used.Add(name);
            text.Append(value);
            i = close;
        }

        return text.ToString();
    }
}
