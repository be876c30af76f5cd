using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>Reads one NodeSet2 file from front to back (OPC 10000-6, F.2) into a <see cref="NodeSetBuild"/>.</summary>
internal sealed class NodeSetReader
{
    public const string Schema = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";

    private readonly XmlReader xml;
    private readonly string file;
    private readonly NodeSetBuild build;
    private readonly NodeSetIds ids;
    private string? current;

    private NodeSetReader(XmlReader xml, string file, NodeSetBuild build)
    {
        this.xml = xml;
        this.file = file;
        this.build = build;
        ids = new NodeSetIds(build);
    }

    private int Line => (xml as IXmlLineInfo)?.LineNumber ?? 0;

    public static void Read(Stream stream, string file, NodeSetBuild build)
    {
        // No DTD, no external entities: a nodeset needs neither, and both reach for other files.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = build.Options.MaxFileLength,
        };
        try
        {
            using var xml = XmlReader.Create(stream, settings);
            new NodeSetReader(xml, file, build).ReadFile();
        }
        catch (XmlException e)
        {
            throw new NodeSetException(file, e.LineNumber, null, $"The file is no well-formed XML, or larger than {build.Options.MaxFileLength} characters, or has a DTD: {e.Message} Export it again, or raise NodeSetOptions.MaxFileLength.", e);
        }
    }

    private void ReadFile()
    {
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "UANodeSet" || xml.NamespaceURI != Schema)
            throw Fail($"The file is no NodeSet2 file: its root is '{xml.Name}', not UANodeSet of {Schema}. Give the NodeSet2.xml of the specification.");
        var before = build.Nodes.Count;
        var modelsBefore = build.Models.Count;
        foreach (var element in Children())
        {
            switch (element)
            {
                case "NamespaceUris":
                    foreach (var _ in Children())
                        ids.AddNamespace(Text());
                    break;
                case "Models":
                    foreach (var _ in Children())
                        ReadModel();
                    break;
                case "Aliases":
                    foreach (var _ in Children())
                    {
                        var name = Required("Alias");
                        Check(ids.AddAlias(name, Text()));
                    }

                    break;
                case "UAObject" or "UAVariable" or "UAMethod" or "UAView" or "UAObjectType" or "UAVariableType" or "UADataType" or "UAReferenceType":
                    ReadNode(element);
                    break;
                default:
                    Skip(); // ServerUris, Extensions: tools' own
                    break;
            }
        }

        if (build.Models.Count == modelsBefore + 1)
            build.Models[modelsBefore] = build.Models[modelsBefore] with { NodeCount = build.Nodes.Count - before };
    }

    private void ReadModel()
    {
        var uri = Required("ModelUri");
        var model = new NodeSetModel(uri, xml.GetAttribute("Version"), Date(xml.GetAttribute("PublicationDate"))) { File = file, NamespaceIndex = build.IndexOf(uri) };
        if (build.Models.Find(m => m.Uri == uri) is { } twice)
            throw Fail($"The model {uri} is in {twice.File} too. Load one of the two files.");
        var required = new List<NodeSetModel>();
        var restrictions = Restrictions();
        IReadOnlyList<(NodeId, PermissionType)>? permissions = null;
        foreach (var element in Children())
        {
            if (element == "RequiredModel")
            {
                required.Add(new NodeSetModel(Required("ModelUri"), xml.GetAttribute("Version"), Date(xml.GetAttribute("PublicationDate"))));
                Skip();
            }
            else if (element == "RolePermissions")
            {
                permissions = ReadRolePermissions();
            }
            else
            {
                Skip();
            }
        }

        if (permissions is not null || restrictions is not null)
            build.DefaultAccess[model.NamespaceIndex] = new NodeAccess(permissions, restrictions);
        build.Models.Add(model with { Required = required });
    }

    private void ReadNode(string element)
    {
        var line = Line;
        current = Required("NodeId");
        Check(ids.TryParse(current, out var id));
        Check(ids.TryParseName(Required("BrowseName"), out var name));
        if (build.Nodes.TryGetValue(id, out var twice))
            throw Fail($"The node is defined twice, also in {twice.File}, line {twice.Line}. Take one of them out.");
        if (build.Nodes.Count >= build.Options.MaxNodes)
            throw Fail($"There are more than {build.Options.MaxNodes} nodes. Load fewer files, or raise NodeSetOptions.MaxNodes.");
        var attributes = NodeAttributes.Read(this, element);
        var restrictions = Restrictions();
        var declaration = xml.GetAttribute("MethodDeclarationId") is { } method ? Id(method) : NodeId.Null;
        IReadOnlyList<(NodeId, PermissionType)>? permissions = null;
        string? displayName = null;
        string? description = null;
        string? inverseName = null;
        XElement? value = null;
        DataTypeDefinitionReader? definition = null;
        var references = new List<(NodeId Type, NodeId Target, bool IsForward, int Line)>();
        foreach (var child in Children())
        {
            switch (child)
            {
                case "DisplayName":
                    displayName = First(displayName);
                    break;
                case "Description":
                    description = First(description);
                    break;
                case "InverseName":
                    inverseName = First(inverseName);
                    break;
                case "References":
                    foreach (var _ in Children())
                        references.Add(ReadReference());
                    break;
                case "RolePermissions":
                    permissions = ReadRolePermissions();
                    break;
                case "Definition":
                    definition = new DataTypeDefinitionReader(this);
                    break;
                case "Value":
                    foreach (var _ in Children())
                        value = ReadElement(0);
                    break;
                default:
                    Skip(); // Category, Documentation, Extensions
                    break;
            }
        }

        var known = build.Space.Find(id);
        if (known is not null && id.NamespaceIndex != 0)
            throw Fail($"The address space has this node already ('{known.BrowseName}'). The file is loaded, or the id is taken by another one.");
        if (known is not null && (known.GetType() != attributes.Type || known.BrowseName != name))
            throw Fail($"The address space has this node already as {known}, the file as {attributes.Type.Name} '{name}'. One of them is wrong.");
        var node = known ?? attributes.Create(build.Space, id, name, definition, build.Pool.Get(inverseName));
        if (known is null)
        {
            if (displayName is not null)
                node.DisplayName = new LocalizedText(build.Pool.Get(displayName));
            node.Description = build.Pool.Get(description);
            node.Access = permissions is null && restrictions is null ? null : new NodeAccess(permissions, restrictions);
        }

        var pending = new PendingNode { Node = node, File = file, Line = line, Ids = ids, IsKnown = known is not null, Value = value, MethodDeclaration = declaration };
        build.Nodes.Add(id, pending);
        foreach (var (type, target, forward, at) in references)
            build.References.Add(new PendingReference(pending, type, target, forward, at));
        if (build.References.Count > build.Options.MaxReferences)
            throw Fail($"There are more than {build.Options.MaxReferences} references. Load fewer files, or raise NodeSetOptions.MaxReferences.");
        current = null;
    }

    private (NodeId Type, NodeId Target, bool IsForward, int Line) ReadReference()
    {
        var line = Line;
        var type = Id(Required("ReferenceType"));
        var forward = Flag("IsForward", true);
        return (type, Id(Text()), forward, line);
    }

    private List<(NodeId, PermissionType)> ReadRolePermissions()
    {
        var list = new List<(NodeId, PermissionType)>();
        foreach (var _ in Children())
        {
            var permissions = (PermissionType)Number("Permissions", 0);
            list.Add((Id(Text()), permissions));
        }

        return list;
    }

    private AccessRestrictionType? Restrictions() =>
        xml.GetAttribute("AccessRestrictions") is null ? null : (AccessRestrictionType)Number("AccessRestrictions", 0);

    // Texts may come in several languages; the address space keeps one, the first.
    internal string? First(string? already)
    {
        var text = Text();
        return already ?? text;
    }

    internal string? Attribute(string name) => xml.GetAttribute(name);

    internal string Required(string name) => xml.GetAttribute(name) ?? throw Fail($"<{xml.LocalName}> has no attribute {name}, which it needs.");

    internal bool Flag(string name, bool otherwise) => xml.GetAttribute(name)?.Trim() switch
    {
        null => otherwise,
        "true" or "1" => true,
        "false" or "0" => false,
        var other => throw Fail($"{name} is '{other}'; it must be true or false."),
    };

    internal long Number(string name, long otherwise)
    {
        if (xml.GetAttribute(name) is not { } text)
            return otherwise;
        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Fail($"{name} is '{text}'; it must be a whole number.");
    }

    internal double Real(string name, double otherwise)
    {
        if (xml.GetAttribute(name) is not { } text)
            return otherwise;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Fail($"{name} is '{text}'; it must be a number.");
    }

    internal uint[]? Dimensions(int rank)
    {
        var text = xml.GetAttribute("ArrayDimensions");
        if (string.IsNullOrWhiteSpace(text))
            return rank <= 0 ? null : build.Pool.Dimensions(string.Join(',', Enumerable.Repeat('0', Math.Min(rank, 32))));
        return build.Pool.Dimensions(text) ?? throw Fail($"ArrayDimensions is '{text}'; it must be lengths separated by commas.");
    }

    internal NodeId Id(string text)
    {
        Check(ids.TryParse(text, out var id));
        return id;
    }

    internal string Pooled(string text) => build.Pool.Get(text);

    /// <summary>Walks the child elements of the present element; the body must read each one to its end.</summary>
    internal IEnumerable<string> Children()
    {
        if (xml.Depth > build.Options.MaxDepth)
            throw Fail($"Elements are nested more than {build.Options.MaxDepth} deep.");
        if (xml.IsEmptyElement)
        {
            xml.Read();
            yield break;
        }

        xml.Read();
        while (xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
                yield return xml.LocalName;
            else if (!xml.Read())
                yield break;
        }

        xml.Read();
    }

    internal string Text() => xml.ReadElementContentAsString();

    internal void Skip() => xml.Skip();

    internal NodeSetException Fail(string problem) => new(file, Line, current, problem);

    private void Check(string? problem)
    {
        if (problem is not null)
            throw Fail(problem);
    }

    // Values wait for the types they are of, so they are kept as small trees of elements.
    private XElement ReadElement(int depth)
    {
        if (depth > build.Options.MaxDepth)
            throw Fail($"The value is nested more than {build.Options.MaxDepth} deep.");
        var element = new XElement(XName.Get(xml.LocalName, xml.NamespaceURI));
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return element;
        }

        xml.Read();
        while (xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                element.Add(ReadElement(depth + 1));
                continue;
            }

            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
                element.Add(new XText(xml.Value));
            if (!xml.Read())
                break;
        }

        xml.Read();
        return element;
    }

    private static DateTime? Date(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;
}
