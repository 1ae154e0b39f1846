using System.Diagnostics;

namespace Pipeline.Testing;

/// <summary>The situation before a step: who could take it. Reused from step to step by the runner.</summary>
[DebuggerDisplay("step {Step}: {Current} went last, {Candidates.Count} others can run")]
internal sealed class DecisionPoint(Execution execution)
{
    public Execution Execution { get; } = execution;

    /// <summary>Gets the number of steps executed so far.</summary>
    public int Step { get; private set; }

    /// <summary>Gets the participant that took the last step; -1 before the first.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>Gets whether the current participant can go on, so that a switch is a preemption.</summary>
    public bool CanContinue { get; private set; }

    /// <summary>Gets the other participants that can run when <see cref="CanContinue"/>, else all that can run; in ring order.</summary>
    public List<int> Candidates { get; } = [];

    /// <summary>Gets the participants that may die now, in ring order from the current one.</summary>
    public List<int> CrashCandidates { get; } = [];

    public int CrashesLeft { get; set; }

    /// <summary>Gets whether a participant can take a step.</summary>
    public bool AnyCanRun => CanContinue || Candidates.Count > 0;

    public void MoveOn(int participant)
    {
        Current = participant;
        Step++;
    }

    public void Refresh()
    {
        int count = Execution.Participants.Count;
        CanContinue = Current >= 0 && Execution.IsEnabled(Current) && !Execution.IsYielding(Current);
        Candidates.Clear();
        CrashCandidates.Clear();
        for (int offset = 1; offset <= count; offset++)
        {
            int participant = (Current + offset + count) % count;
            if (participant == Current && CanContinue)
                continue;
            if (Execution.IsEnabled(participant))
                Candidates.Add(participant);
        }

        if (CrashesLeft == 0)
            return;
        for (int offset = 0; offset < count; offset++)
        {
            int participant = (Math.Max(Current, 0) + offset) % count;
            if (Execution.CanCrash(participant))
                CrashCandidates.Add(participant);
        }
    }
}
