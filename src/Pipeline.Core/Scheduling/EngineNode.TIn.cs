namespace Pipeline.Core;

/// <summary>A node with a queue in front. Guarded by the run's gate.</summary>
internal abstract class EngineNode<TIn> : EngineNode
{
    protected readonly StageQueue<TIn> Input;

    protected EngineNode(Scheduler scheduler, string name, int workers, StageQueue<TIn> input)
        : base(scheduler, name, workers)
    {
        Input = input;
        input.Consumer = this;
    }

    public override IReadOnlyList<FlowNode> Producers => Input.Producers;
    public override int Waiting => Math.Min(Input.Ready, Input.Capacity);
    public override int PeakWaiting => Input.PeakWaiting;
    public override bool IsComplete => Account.Running == 0 && Input.IsDone;

    public override void OnInputChanged(long now) => Account.Update(now, Input.Ready);
    public override void DrainTo(ICollection<object> values) => Input.DrainTo(values);
}
