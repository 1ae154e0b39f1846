using System.Runtime.CompilerServices;
using Pipeline.Core;

namespace Pipeline.SampleService;

/// <summary>Keeps all results in memory and lets any number of readers follow. A real service would keep them elsewhere.</summary>
/// <remarks>Locking rule: everything is guarded by <see cref="_gate"/>; the signal is given outside it.</remarks>
internal sealed class ResultLog
{
    private readonly Lock _gate = new();
    private readonly List<OrderResult> _results = []; // guarded by _gate
    private TaskCompletionSource _more = NewSignal(); // guarded by _gate

    public ValueTask AddAsync(OrderResult result, CancellationToken cancellationToken)
    {
        Add(result);
        return ValueTask.CompletedTask;
    }

    public void AddFailure(ItemFailure failure) =>
        Add(new OrderResult(((Order)failure.Source!).Id, Digest: null, failure.Exception.Message));

    /// <summary>Gives results from a position on, until the end has come and all are given.</summary>
    public async IAsyncEnumerable<OrderResult> ReadAsync(int from, Task end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isLast = end.IsCompleted; // asked before, so that nothing can come after an empty look
            OrderResult[] results = Next(from, out Task more);
            foreach (OrderResult result in results)
                yield return result;
            from += results.Length;
            if (results.Length > 0)
                continue;
            if (isLast)
                yield break;
            await Task.WhenAny(more, end).WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(OrderResult result)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _results.Add(result);
            signal = _more;
            _more = NewSignal();
        }

        signal.SetResult();
    }

    private OrderResult[] Next(int from, out Task more)
    {
        lock (_gate)
        {
            more = _more.Task;
            return from < _results.Count ? [.. _results[Math.Max(0, from)..]] : [];
        }
    }
}
