using Pipeline.Core;

namespace Pipeline.Processes.TestHost;

/// <summary>A stage that computes something from its item alone, and fails on some: the same wherever it runs.</summary>
public sealed class WorkStage : IStage<Order, Answer>, IWeightEstimator<Order>
{
    public static Answer Work(Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        uint value = (uint)order.Number;
        for (int i = 0; i < order.Number % 1000; i++)
            value = (value * 1664525) + 1013904223;
        return order.Number % 7 == 3
            ? throw new InvalidDataException($"cannot work on {order.Text}")
            : new Answer($"{order.Text}: {value}", 0, order.Number);
    }

    public long EstimateWeightBytes(Order item) => 1000;

    public IStageWorker<Order, Answer> CreateWorker(StageWorkerContext context) => new Worker();

    private sealed class Worker : IStageWorker<Order, Answer>
    {
        public ValueTask<Answer> ProcessAsync(Order item, CancellationToken cancellationToken) => new(Work(item));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
