using System.Text.Json;

namespace Pipeline.Profiling.Tests;

/// <summary>The trace against the Trace Event Format: what Perfetto and chrome://tracing need to open it.</summary>
public sealed class TimelineTraceTests
{
    [Fact]
    public async Task Write_AnyRun_HasOnlyEventsThatTheFormatKnows()
    {
        JsonElement root = await Trace();
        Assert.Equal("ms", root.GetProperty("displayTimeUnit").GetString());
        JsonElement[] events = [.. root.GetProperty("traceEvents").EnumerateArray()];
        Assert.NotEmpty(events);
        foreach (JsonElement one in events)
        {
            Assert.Equal(1, one.GetProperty("pid").GetInt32());
            Assert.False(string.IsNullOrEmpty(one.GetProperty("name").GetString()));
            switch (one.GetProperty("ph").GetString())
            {
                case "X":
                    Assert.True(one.GetProperty("ts").GetDouble() >= 0 && one.GetProperty("dur").GetDouble() >= 0);
                    Assert.True(one.GetProperty("tid").GetInt32() > 0);
                    Assert.Equal(JsonValueKind.String, one.GetProperty("cat").ValueKind);
                    break;
                case "C":
                    Assert.True(one.GetProperty("ts").GetDouble() >= 0);
                    Assert.All(one.GetProperty("args").EnumerateObject(), value => Assert.True(value.Value.GetInt32() >= 0));
                    break;
                case "M":
                    Assert.Contains(one.GetProperty("name").GetString(), new[] { "process_name", "thread_name" });
                    Assert.Equal(JsonValueKind.String, one.GetProperty("args").GetProperty("name").ValueKind);
                    break;
                default:
                    Assert.Fail($"The format has no event {one}");
                    break;
            }
        }

        int[] named =
            [.. events.Where(e => e.GetProperty("ph").GetString() == "M" && e.GetProperty("name").GetString() == "thread_name").Select(
                e => e.GetProperty("tid").GetInt32())];
        Assert.Equal(named.Distinct(), named);
        Assert.All(events.Where(e => e.GetProperty("ph").GetString() == "X"), e => Assert.Contains(e.GetProperty("tid").GetInt32(), named));
    }

    [Fact]
    public async Task Write_Queues_EndEmptyAndTheirTimesRise()
    {
        JsonElement root = await Trace();
        IGrouping<string?, JsonElement>[] counters = root.GetProperty("traceEvents")
            .EnumerateArray()
            .Where(e => e.GetProperty("ph").GetString() == "C")
            .GroupBy(e => e.GetProperty("name").GetString()).ToArray();
        Assert.Contains(counters, c => c.Key == "waiting for b");
        foreach (IGrouping<string?, JsonElement> counter in counters)
        {
            double[] times = [.. counter.Select(e => e.GetProperty("ts").GetDouble())];
            Assert.Equal(times.Order(), times);
            Assert.Equal(0, counter.Last().GetProperty("args").GetProperty("items").GetInt32());
        }
    }

    [Fact]
    public async Task Write_Trace_HasOneTrackPerWorkerWithoutOverlap()
    {
        RunReport timed = await PipelineBuilder.Start<int>("traced").Stage("a", x => x).Stage("b", x => x).Build()
            .RunAsync(Enumerable.Range(0, 20), new RunOptions { RecordTimeline = true, Workers = 2 },
                TestContext.Current.CancellationToken);
        using MemoryStream stream = new();
        TimelineTrace.Write(stream, timed);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement[] slices =
            [.. json.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => e.GetProperty("ph").GetString() == "X")];
        Assert.Equal(40, slices.Count(s => s.GetProperty("cat").GetString() is "a" or "b"));
        foreach (IGrouping<int, JsonElement> track in slices.GroupBy(s => s.GetProperty("tid").GetInt32()))
        {
            JsonElement[] turns = [.. track.OrderBy(t => t.GetProperty("ts").GetDouble())];
            Assert.All(
                turns.Zip(turns.Skip(1)), p =>
                    Assert.True(
                        p.First.GetProperty("ts").GetDouble()
                            + p.First.GetProperty("dur").GetDouble() <= p.Second.GetProperty("ts").GetDouble() + 1e-6));
        }

        Assert.Contains(
            "RecordTimeline",
            Assert.Throws<ArgumentException>(() => TimelineTrace.Write(Stream.Null, timed with { Timeline = [] })).Message);
    }

    private static async Task<JsonElement> Trace()
    {
        RunReport timed = await PipelineBuilder.Start<int>("traced").Stage("a", x => x).Stage("b", x => x).Build()
            .RunAsync(Enumerable.Range(0, 20), new RunOptions { RecordTimeline = true, Workers = 2 },
                TestContext.Current.CancellationToken);
        using MemoryStream stream = new();
        TimelineTrace.Write(stream, timed);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
