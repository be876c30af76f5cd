using System.Reflection;
using FloorGateway.Configuration;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Configuration;

/// <summary>config/gateway.sample.yaml is the reference of all options, so it must be right and complete.</summary>
public sealed class SampleFileTests
{
    private static readonly string Sample = RepositoryRoot.Combine("config", "gateway.sample.yaml");

    [Fact]
    public void The_sample_loads_without_an_error()
    {
        var result = new ConfigurationLoader(new SecretsOnPaper(), _ => "x").Load(Sample);

        Assert.Empty(result.Errors.Concat(result.Warnings).Select(e => e.ToString()));
        Assert.Contains(result.Configuration!.Tags, t => t.Path == "LXE/JSH/CAS/L01/CV01/Belt.Speed" && t.High == 3);
    }

    [Fact]
    public void Sections_are_found_by_reflection() => Assert.True(AllSections().Count >= 18);

    [Fact]
    public void The_sample_names_every_option()
    {
        var errors = new Diagnostics();
        var maps = new List<ConfigMap>();
        Collect(YamlText.Read(Sample, File.ReadAllText(Sample), errors)!, maps);

        foreach (var section in AllSections())
        {
            var shown = maps.Select(m => m.Entries.Select(e => e.Key.Value).ToHashSet()).Where(keys => keys.Count > 0 && keys.IsSubsetOf(section.Keys)).SelectMany(k => k).ToHashSet();
            Assert.Equal([], section.Keys.Where(k => !shown.Contains(k)).Select(k => $"{section.Name}: {k}"));
        }
    }

    private static List<Section> AllSections() =>
    [
        .. typeof(Section).Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(Section))
            .Select(f => (Section)f.GetValue(null)!),
    ];

    private static void Collect(ConfigNode node, List<ConfigMap> maps)
    {
        switch (node)
        {
            case ConfigMap map:
                maps.Add(map);
                foreach (var entry in map.Entries)
                    Collect(entry.Value, maps);
                break;
            case ConfigSequence list:
                foreach (var item in list.Items)
                    Collect(item, maps);
                break;
        }
    }

    /// <summary>The disk, with the certificates and passwords that the sample speaks of.</summary>
    private sealed class SecretsOnPaper : IConfigurationFiles
    {
        private readonly DiskFiles disk = new();

        public string ReadText(string path) => path.Contains("secrets", StringComparison.Ordinal) ? "secret" : disk.ReadText(path);

        public IReadOnlyList<string> Find(string fromFile, string pattern) => disk.Find(fromFile, pattern);

        public string Resolve(string fromFile, string path) => disk.Resolve(fromFile, path);

        public bool Exists(string path) => path.Contains("secrets", StringComparison.Ordinal) || disk.Exists(path);
    }
}
