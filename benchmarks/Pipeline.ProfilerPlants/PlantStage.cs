using Pipeline.Core;
using Pipeline.Profiling;

namespace Pipeline.ProfilerPlants;

/// <summary>A stage that waits a known time per item.</summary>
internal sealed class PlantStage(string name, int? workers, Func<int, int> milliseconds) : IStage<int, int>
{
    public string Name => name;

    public int? Workers { get; init; } = workers;

    public int Capacity { get; init; } = 64;

    public StageOrder Order { get; init; } = StageOrder.Completion;

    /// <summary>Gets a section that one body at a time may be in, and how long each stays.</summary>
    public SerialSection? Section { get; init; }

    public int SectionMilliseconds { get; init; }

    /// <summary>Gets how many times longer worker 0 takes.</summary>
    public int FirstWorkerSlowness { get; init; } = 1;

    public PlantStage With(int? newWorkers = null, Func<int, int>? newMilliseconds = null, int? newCapacity = null) =>
        new(name, newWorkers ?? Workers, newMilliseconds ?? milliseconds) { Capacity = newCapacity ?? Capacity, Order = Order };

    public Func<int, int> Milliseconds => milliseconds;

    public IStageWorker<int, int> CreateWorker(StageWorkerContext context) =>
        new Worker(this, context.WorkerIndex == 0 ? FirstWorkerSlowness : 1);

    private sealed class Worker(PlantStage stage, int slowness) : IStageWorker<int, int>
    {
        public ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken)
        {
            int time = stage.Milliseconds(item) * slowness;
            if (time > 0)
                Thread.Sleep(time);
            if (stage.Section is { } section)
            {
                using SerialSection.Scope scope = section.Enter();
                Thread.Sleep(stage.SectionMilliseconds);
            }

            return ValueTask.FromResult(item);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
