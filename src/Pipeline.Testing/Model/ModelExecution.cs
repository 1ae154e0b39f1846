namespace Pipeline.Testing;

/// <summary>A run of a model program, and the order of its dependent steps as a number.</summary>
internal sealed class ModelExecution : Execution
{
    private readonly ModelWorld _world;
    private readonly ModelRun _run;
    private readonly string[] _names;
    private readonly HistoryHash _history;
    private RunFailure? _failure;

    public ModelExecution(ModelWorld world, ModelRun run)
    {
        (_world, _run) = (world, run);
        _names = [.. run.Participants.Select(p => p.Name)];
        _history = new HistoryHash(_names.Length, run.Resources.Count);
        _failure = Judge();
    }

    public override IReadOnlyList<string> Participants => _names;

    public override RunFailure? Failure => _failure;

    public override UInt128 HistoryHash => _history.Value;

    public override bool AllowsReduction => _world.JudgesEndOnly;

    public override bool IsDone(int participant) => _run.Participants[participant].IsDone;

    public override bool IsEnabled(int participant) => _run.Participants[participant].Pending is { IsEnabled: true };

    public override bool IsYielding(int participant)
    {
        ModelParticipant actor = _run.Participants[participant];
        return actor.JustRestarted || actor.Pending?.Shape.Effect == StepEffect.Yields;
    }

    public override bool CanCrash(int participant) => _run.Participants[participant].MayCrash;

    public override bool AreIndependent(int first, int second)
    {
        IModelStep? one = _run.Participants[first].Pending;
        IModelStep? other = _run.Participants[second].Pending;
        return one is not null && other is not null && one.Shape.IsIndependentOf(other.Shape);
    }

    public override string PendingText(int participant) => _run.Participants[participant].Pending?.Shape.Intent ?? "ended";

    public override string Step(int participant)
    {
        StepShape shape = _run.Participants[participant].Pending!.Shape;
        if (shape.Effect == StepEffect.Orders)
            _history.Barrier(participant);
        else if (shape.Resource is null)
            _history.Local(participant);
        else
            _history.Access(participant, shape.Resource.Index, shape.Effect == StepEffect.Writes);
        string text = _run.Take(participant);
        _failure = Judge();
        return text;
    }

    public override string Crash(int participant)
    {
        _history.Barrier(participant + _names.Length);
        string text = _run.Crash(participant);
        _failure = Judge();
        return text;
    }

    public override bool TryAdvanceTime()
    {
        if (!_run.TryAdvanceTime())
            return false;
        _history.Barrier(-1);
        return true;
    }

    public override RunFailure? JudgeEnd() => _world.JudgeEnd();

    public override RunFailure JudgeDeadlock() => WaitForReport.Describe(_names, Waits(), Done());

    public override IEnumerable<KeyValuePair<string, string>> State() => _run.Resources.Select(r => KeyValuePair.Create(r.Name, r.Show()));

    public override IReadOnlyList<WaitEdge> Waits()
    {
        List<WaitEdge> waits = [];
        for (int i = 0; i < _names.Length; i++)
        {
            if (_run.Participants[i].Pending is { IsEnabled: false } step)
                waits.Add(new WaitEdge(i, step.Shape.Resource?.Name ?? step.Shape.Intent, step.Shape.Resource?.Holders ?? []));
        }

        return waits;
    }

    public override IReadOnlyList<KeyValuePair<string, IReadOnlyList<int>>> Holds() =>
        [.. _run.Resources.Where(r => r.Holders.Count > 0).Select(
            r => KeyValuePair.Create<string, IReadOnlyList<int>>(r.Name, [.. r.Holders]))];

    public override void Dispose()
    {
    }

    private RunFailure? Judge()
    {
        foreach (ModelParticipant participant in _run.Participants)
        {
            if (participant.Error is { } error)
                return new RunFailure(FailureKind.ParticipantFailed, $"{participant.Name} failed: {error.Message}") { Exception = error };
            if (participant.IsUncontrolled)
                return new RunFailure(FailureKind.Uncontrolled, $"{participant.Name} waits for something that is no step of the model "
                    + $"(a task, a timer, a real lock). Await only steps of its world");
        }

        return _world.BrokenRule();
    }

    private List<int> Done() => [.. Enumerable.Range(0, _names.Length).Where(IsDone)];
}
