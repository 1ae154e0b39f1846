using System.Numerics;

namespace Pipeline.Testing;

/// <summary>Runs one schedule of each class of equivalent ones, without a bound and without memory of states.</summary>
/// <remarks>
/// Sleep sets: after a branch took the step of a participant, the branches beside it need not take that step first, until something that
/// depends on it has happened (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5).
/// </remarks>
internal sealed class SleepSetSearch(ExplorableProgram program, ExplorerOptions options) : DepthFirstSearch(program, options)
{
    private const int MostParticipants = 64; // a set is the bits of one number; with more participants nothing is skipped

    private ulong _sleeping;

    protected override Branching? Open(DecisionPoint point, bool mayReduce)
    {
        bool reduces = mayReduce && point.Execution.Participants.Count <= MostParticipants;
        Branching opened = new(point, Branching.Count(point), reduces ? _sleeping : 0);
        return opened.IsExhausted ? null : opened;
    }

    protected override void Follow(DecisionPoint point, Branching branching)
    {
        _sleeping = 0;
        if (branching.Chosen < 0)
            return; // a crash depends on everything
        for (ulong asleep = branching.Asleep; asleep != 0; asleep &= asleep - 1)
        {
            int participant = BitOperations.TrailingZeroCount(asleep);
            if (point.Execution.AreIndependent(participant, branching.Chosen))
                _sleeping |= 1UL << participant;
        }
    }

    protected override void Restart() => _sleeping = 0;
}
