using System.Reflection;
using System.Xml.Linq;
using FloorGateway.TestKit;

namespace Architecture.Tests;

/// <summary>A project names only those that the design lets it name; nothing names the host.</summary>
public sealed class ArrowTests
{
    /// <summary>Project to the projects it may name. A new project gets its line here, and the line is the decision.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["FloorGateway.Model"] = [],
        ["FloorGateway.Net"] = [],
        ["FloorGateway.OpcUa"] = ["FloorGateway.Net"],
        ["FloorGateway.Mqtt"] = ["FloorGateway.Net"],
        ["FloorGateway.Sparkplug"] = ["FloorGateway.Mqtt"],
        ["FloorGateway.Pipeline"] = ["FloorGateway.Model"],
        ["FloorGateway.Historian"] = ["FloorGateway.Model"],
        ["FloorGateway.Control"] = ["FloorGateway.Model"],
        ["FloorGateway.Connectors"] = ["FloorGateway.OpcUa", "FloorGateway.Mqtt", "FloorGateway.Sparkplug", "FloorGateway.Model"],
        ["FloorGateway.Hmi"] = ["FloorGateway.Model"],
        ["FloorGateway.Simulators"] = ["FloorGateway.OpcUa"],
        ["FloorGateway"] =
        [
            "FloorGateway.Model", "FloorGateway.Net", "FloorGateway.OpcUa", "FloorGateway.Mqtt", "FloorGateway.Sparkplug", "FloorGateway.Pipeline", "FloorGateway.Historian",
            "FloorGateway.Control", "FloorGateway.Connectors", "FloorGateway.Hmi", "FloorGateway.Simulators",
        ],
    };

    private const string Host = "FloorGateway";

    public static TheoryData<string> Projects => [.. ProductProjects().Select(p => Path.GetFileNameWithoutExtension(p))];

    public static TheoryData<string> Assemblies => [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "FloorGateway*.dll").Select(f => Path.GetFileNameWithoutExtension(f)).Where(Arrows.ContainsKey)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_names_only_what_its_arrows_allow(string project)
    {
        Assert.True(Arrows.ContainsKey(project), $"{project} has no line in the table of arrows");

        Assert.Equal([], References(project).Except(Arrows[project]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_uses_only_what_its_arrows_reach(string assembly)
    {
        var used = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("FloorGateway", StringComparison.Ordinal));

        Assert.Equal([], used.Except(Reach(assembly)));
    }

    [Fact]
    public void Nothing_but_tests_names_the_host() =>
        Assert.Equal([], ProductProjects().Select(p => Path.GetFileNameWithoutExtension(p)).Where(p => References(p).Contains(Host)));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(RepositoryRoot.Combine("FloorGateway.sln")).Replace('\\', '/');
        var projects = AllProjects().Select(p => Path.GetRelativePath(RepositoryRoot.Path, p).Replace('\\', '/'));

        Assert.Equal([], projects.Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_library_has_its_tests() =>
        Assert.Equal(
            [],
            ProductProjects().Select(p => Path.GetFileNameWithoutExtension(p))
                .Where(p => !Directory.Exists(RepositoryRoot.Combine("tests", p + ".Tests")))
                // The screens are tested in a browser.
                .Except(["FloorGateway.Hmi"]));

    private static HashSet<string> Reach(string project)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(Arrows[project]);
        while (open.TryDequeue(out var next))
        {
            if (!reached.Add(next))
                continue;
            foreach (var further in Arrows[next])
                open.Enqueue(further);
        }

        return reached;
    }

    private static List<string> References(string project) =>
    [
        .. XDocument.Load(ProductProjects().Single(p => Path.GetFileNameWithoutExtension(p) == project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/'))),
    ];

    private static IEnumerable<string> ProductProjects() => AllProjects().Where(p =>
    {
        var top = Path.GetRelativePath(RepositoryRoot.Path, p).Split(Path.DirectorySeparatorChar)[0];
        return top is "src" or "simulators";
    });

    private static IEnumerable<string> AllProjects() =>
        ((string[])["src", "simulators", "tests", "tools"]).Select(f => RepositoryRoot.Combine(f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.csproj", SearchOption.AllDirectories))
            .Where(p => !p.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
