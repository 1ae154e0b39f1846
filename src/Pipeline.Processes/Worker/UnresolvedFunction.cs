namespace Pipeline.Processes;

/// <summary>Stands for a function that the worker could not find; each call fails with the reason.</summary>
internal sealed class UnresolvedFunction(Exception reason) : WorkerFunctionBody
{
    public override PayloadWriter Invoke(ReadOnlySpan<byte> payload, WorkerCallContext context) => throw reason;
}
