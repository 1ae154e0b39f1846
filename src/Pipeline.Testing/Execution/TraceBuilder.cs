namespace Pipeline.Testing;

/// <summary>Collects the trace of one run.</summary>
internal sealed class TraceBuilder
{
    private readonly List<TraceStep> _steps = [];
    private IReadOnlyList<string> _participants = [];
    private RunFailure? _failure;

    public Trace ToTrace() => new(_participants, _steps, _failure);

    public void Begin(Execution execution) => _participants = [.. execution.Participants];

    public void Add(Execution execution, int participant, string text, int preempted, bool isCrash) =>
        _steps.Add(new TraceStep(_steps.Count, participant, text, preempted, isCrash, [.. execution.State()]));

    public void End(RunFailure? failure) => _failure = failure;
}
