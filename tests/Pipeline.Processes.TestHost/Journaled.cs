using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Processes.TestHost;

/// <summary>A run with a journal that a test kills and starts again.</summary>
internal static class Journaled
{
    /// <summary>Delivers the numbers from 0 on: one line each, to a file and then to the standard output, in the order in which they finish.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="resultPath">The file of results.</param>
    /// <param name="items">Numbers in all.</param>
    /// <param name="most">After so many lines it waits to be killed, so that it cannot run ahead of the test to its end.</param>
    public static async Task<int> RunAsync(string journalPath, string resultPath, int items, int most)
    {
        await using ResumeJournal<int> journal = ResumeJournal.Open<int>(journalPath, Key);
        await using FileStream results = new(resultPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("killed")
            .Stage("work", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, static stage => (stage.Workers, stage.Order) = (4, StageOrder.Completion))
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, items),
            async (x, _) =>
            {
                if (most-- == 0)
                    await new TaskCompletionSource().Task;
                results.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{x}\n")));
                Console.Out.WriteLine(x);
                Console.Out.Flush();
            },
            new RunOptions { Workers = 4, Journal = journal });
        Console.Out.WriteLine($"resumed {report.ItemsResumed}");
        return 0;
    }

    private static string Key(int item) => item.ToString(CultureInfo.InvariantCulture);
}
