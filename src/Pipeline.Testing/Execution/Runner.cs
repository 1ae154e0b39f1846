namespace Pipeline.Testing;

/// <summary>Runs a program once, under a decider.</summary>
internal static class Runner
{
    /// <summary>Runs the program and returns what happened; <see cref="RunRecord.Abandoned"/> when the decider gave up.</summary>
    public static RunRecord Run(ExplorableProgram program, IDecider decider, int stepLimit, TraceBuilder? trace = null)
    {
        using Execution execution = program.Start();
        DecisionPoint point = new(execution) { CrashesLeft = program.CrashBudget };
        ScheduleRecorder recorder = new();
        trace?.Begin(execution);
        while (true)
        {
            RunFailure? failure = execution.Failure;
            if (failure is null && point.Step >= stepLimit)
                failure = new RunFailure(FailureKind.StepLimit, $"the run did not end within {stepLimit} steps: the participants keep "
                    + $"each other busy, or a participant spins. Raise {nameof(ExplorerOptions)}.{nameof(ExplorerOptions.StepLimit)} if "
                    + $"the program is just long");
            if (failure is not null)
                return End(failure);

            point.Refresh();
            if (!point.AnyCanRun)
            {
                if (execution.TryAdvanceTime())
                    continue;
                return End(AllAreDone(execution) ? execution.JudgeEnd() : execution.JudgeDeadlock());
            }

            Decision decision = decider.Decide(point);
            if (decision.Kind == DecisionKind.Abandon)
                return new RunRecord(recorder.ToSchedule(), null, point.Step, Abandoned: true);
            if (decision.Kind == DecisionKind.Diverged)
                return End(Nondeterminism.Diverged(point.Step));
            recorder.Record(point, decision);
            Take(execution, point, decision, trace);
        }

        RunRecord End(RunFailure? failure)
        {
            trace?.End(failure);
            return new RunRecord(recorder.ToSchedule(), failure, point.Step, Abandoned: false);
        }
    }

    private static void Take(Execution execution, DecisionPoint point, Decision decision, TraceBuilder? trace)
    {
        int participant = decision.Kind switch
        {
            DecisionKind.Continue => point.Current,
            DecisionKind.Switch => point.Candidates[decision.Index],
            _ => point.CrashCandidates[decision.Index],
        };
        bool preempted = decision.Kind == DecisionKind.Switch && point.CanContinue;
        string text;
        if (decision.Kind == DecisionKind.Crash)
        {
            text = execution.Crash(participant);
            point.CrashesLeft--;
        }
        else
        {
            text = execution.Step(participant);
        }

        trace?.Add(execution, participant, text, preempted ? point.Current : -1, decision.Kind == DecisionKind.Crash);
        point.MoveOn(decision.Kind == DecisionKind.Crash ? point.Current : participant);
    }

    private static bool AllAreDone(Execution execution)
    {
        for (int i = 0; i < execution.Participants.Count; i++)
        {
            if (!execution.IsDone(i))
                return false;
        }

        return true;
    }
}
