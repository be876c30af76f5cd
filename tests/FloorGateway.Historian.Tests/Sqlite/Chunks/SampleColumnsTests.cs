using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Model.Values;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Sqlite.Chunks;

public class SampleColumnsTests
{
    [Fact]
    public void Putting_samples_in_any_order_gives_what_a_sorted_dictionary_gives()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var columns = new SampleColumns();
            var model = new SortedDictionary<long, (TagValue Value, uint Status)>();
            for (var i = 0; i < 200; i++)
            {
                var (time, value, status) = (T0 + random.Next(150), Value(random), random.Next(4) == 0 ? Bad : 0);
                Assert.Equal(!model.TryGetValue(time, out var held), columns.Put(time, in value, status));
                if (!model.ContainsKey(time) || SampleColumns.Replaces(status, held.Status))
                    model[time] = (value, status);
            }

            AssertSame(model, columns);
        }
    }

    [Fact]
    public void Merging_keeps_the_newer_of_two_samples_of_one_time_unless_it_alone_is_bad()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var (older, newer, merged) = (new SampleColumns(), new SampleColumns(), new SampleColumns());
            var model = new SortedDictionary<long, (TagValue Value, uint Status)>();
            foreach (var columns in new[] { older, newer })
            {
                for (var time = T0; time < T0 + 60; time++)
                {
                    if (random.Next(3) != 0)
                        continue;
                    var (value, status) = (Value(random), random.Next(4) == 0 ? Bad : 0);
                    columns.Put(time, in value, status);
                    if (!model.TryGetValue(time, out var held) || SampleColumns.Replaces(status, held.Status))
                        model[time] = (value, status);
                }
            }

            merged.Merge(older, 0, older.Count, newer, 0, newer.Count);
            AssertSame(model, merged);
        }
    }

    private static TagValue Value(Random random) => random.Next(3) switch { 0 => TagValue.From($"t{random.Next()}"), 1 => TagValue.From(random.NextDouble()), _ => TagValue.Null };

    private static void AssertSame(SortedDictionary<long, (TagValue Value, uint Status)> model, SampleColumns columns)
    {
        Assert.Equal(model.Keys, columns.Times.ToArray());
        var i = 0;
        foreach (var (value, status) in model.Values)
        {
            Assert.Equal((value, status), (columns.ValueAt(i), columns.Status[i]));
            i++;
        }
    }
}
