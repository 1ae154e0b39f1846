using System.Diagnostics;
using CsCheck;
using Pipeline.BugFinding.Bugs;

namespace Pipeline.BugFinding;

/// <summary>CsCheck's SampleParallel over the bugs that fit it: operations on one state, compared with every sequential order.</summary>
internal static class ParallelSampling
{
    public static Finding? Hunt(SeededBug bug, TimeSpan limit)
    {
        if (bug.Hangs)
            return null; // it has no time limit for one run: a deadlock would hang the hunt itself
        long states = 0;
        long began = Stopwatch.GetTimestamp();
        try
        {
            // Each operation is one participant's whole body on a shared instance; CsCheck chooses how many run and in what order.
            Gen<Instance> initial = Gen.Const(0).Select(_ =>
            {
                Interlocked.Increment(ref states);
                return new Instance(bug.Create());
            });
            GenOperation<Instance>[] operations =
                [.. Enumerable.Range(0, bug.Create().Participants.Length).Select(
                    i => Gen.Operation<Instance>($"participant {i}", instance => instance.Perform(i)))];
            initial.SampleParallel(
                operations, equal: (a, b) => a.Outcome == b.Outcome, time: (int)limit.TotalSeconds, maxSequentialOperations: 0,
                maxParallelOperations: bug.Create().Participants.Length, print: i => i.Outcome, writeLine: _ => { });
            return new Finding(false, states, limit.TotalSeconds);
        }
        catch (CsCheckException)
        {
            return new Finding(true, states, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    private sealed class Instance(BugRun run)
    {
        private readonly int[] _performed = new int[run.Participants.Length];

        // A participant is performed once for each instance; a repeated operation is left out, in the sequential orders as well.
        public void Perform(int participant)
        {
            if (Interlocked.Exchange(ref _performed[participant], 1) == 0)
                run.Participants[participant]();
        }

        public string Outcome => _performed.Sum() < _performed.Length ? "partial" : run.Holds() ? "holds" : "broken";
    }
}
