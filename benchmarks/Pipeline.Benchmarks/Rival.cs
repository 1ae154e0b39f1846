using System.Threading.Tasks.Dataflow;

namespace Pipeline.Benchmarks;

/// <summary>One stage of two workers as others build it.</summary>
internal static class Rival
{
    public static async Task DataflowAsync(Func<int, int> body, int items, bool ordered)
    {
        TransformBlock<int, int> stage =
            new(body, new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 2, BoundedCapacity = 128, EnsureOrdered = ordered });
        ActionBlock<int> end = new(static _ => { }, new ExecutionDataflowBlockOptions { BoundedCapacity = 128 });
        stage.LinkTo(end, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < items; i++)
        {
            if (!stage.Post(i))
                await stage.SendAsync(i);
        }

        stage.Complete();
        await end.Completion;
    }
}
