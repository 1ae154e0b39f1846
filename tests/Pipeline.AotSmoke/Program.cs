using Pipeline.Core;

// Published as a native program: it uses every shape once, so that what the trimmer or the compiler would miss shows here.
StagedPipeline<int, Batch<string>> pipeline = PipelineBuilder.Start<int>("native")
    .Where("positive", static x => x >= 0)
    .Stage("square", static x => (long)x * x, static o => o.Workers = 2)
    .SelectMany("twice", static x => new[] { x, x })
    .StageByKey("keyed", static x => x % 10, static async (x, ct) =>
    {
        await Task.Yield();
        return $"{x}";
    }, static o => o.Workers = 2)
    .Batch("tens", new BatchOptions { MaxItems = 10 })
    .Build();
int items = 0;
RunReport report = await pipeline.RunAsync(Enumerable.Range(-10, 1010), (batch, _) =>
{
    items += batch.Count;
    return default;
});
Console.WriteLine($"{report.Outcome}: {items} parts of {report.ItemsCompleted} items, {report.ItemsSkipped} skipped");
return report.Outcome == RunOutcome.Completed && items == 2000 && report.ItemsSkipped == 10 ? 0 : 1;
