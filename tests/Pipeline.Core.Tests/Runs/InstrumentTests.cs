using System.Diagnostics.Metrics;

namespace Pipeline.Core.Tests.Runs;

public sealed class InstrumentTests
{
    [Fact]
    public async Task Meter_ListenedTo_CountsItemsPerStage()
    {
        string name = $"measured {Guid.NewGuid()}";
        long items = 0;
        int durations = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Pipeline.Core")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "pipeline.stage.items" && Has(tags, name) && Has(tags, "work"))
                Interlocked.Add(ref items, value);
        });
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "pipeline.stage.duration" && Has(tags, name))
                Interlocked.Increment(ref durations);
        });
        listener.Start();
        await PipelineBuilder.Start<int>(name).Stage("work", static x => x, o => o.Workers = 2).Build().RunAsync(Enumerable.Range(0, 1000)).OrHang();
        Assert.Equal(1000, items);
        Assert.True(durations > 0);
    }

    private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string value)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (Equals(tag.Value, value))
                return true;
        }

        return false;
    }
}
