namespace Pipeline.Core.Internal;

/// <summary>A thread that carries runs. After a run it rests for a while, so that the next run, which may be short, needs not make one.</summary>
/// <remarks>
/// Locking rule: <see cref="s_resting"/> is guarded by <see cref="s_gate"/>, what a thread is to do by its <see cref="_gate"/>. The former is taken inside the latter
/// and never around it.
/// </remarks>
internal sealed class CarrierThread
{
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(10);
    private static readonly Lock s_gate = new();
    private static readonly List<CarrierThread> s_resting = []; // guarded by s_gate; whoever takes one out gives it something to do

    private readonly object _gate = new();
    private RunEngine? _run; // guarded by _gate, except that the thread reads it while it works; then it does not change
    private ExecutionContext? _context; // like _run

    private CarrierThread(RunEngine run, ExecutionContext? context)
    {
        _run = run;
        _context = context;
    }

    /// <summary>Lets a thread carry a run, in the given execution context; null for an empty one.</summary>
    internal static void Start(RunEngine run, ExecutionContext? context)
    {
        CarrierThread? thread = null;
        lock (s_gate)
        {
            if (s_resting.Count > 0)
            {
                thread = s_resting[^1];
                s_resting.RemoveAt(s_resting.Count - 1);
            }
        }

        if (thread is null)
        {
            new Thread(new CarrierThread(run, context).Work) { IsBackground = true }.UnsafeStart();
            return;
        }

        lock (thread._gate)
        {
            thread._run = run;
            thread._context = context;
            Monitor.Pulse(thread._gate);
        }
    }

    private void Work()
    {
        Thread self = Thread.CurrentThread;
        ExecutionContext empty = ExecutionContext.Capture()!; // the thread was started without one
        while (true)
        {
            string name = $"Pipeline {_run!.PipelineName}";
            if (self.Name != name)
                self.Name = name;
            ExecutionContext.Run(_context ?? empty, static run => ((RunEngine)run!).Carry(), _run);
            if (self.Priority != ThreadPriority.Normal)
                self.Priority = ThreadPriority.Normal; // a body changed it
            if (!RestUntilNeeded())
                return;
        }
    }

    /// <summary>Waits for the next run.</summary>
    /// <returns>False when enough threads rest, or when none was needed for a while.</returns>
    private bool RestUntilNeeded()
    {
        lock (_gate)
        {
            _run = null;
            _context = null;
            lock (s_gate)
            {
                if (s_resting.Count >= Environment.ProcessorCount)
                    return false;
                s_resting.Add(this);
            }

            while (_run is null)
            {
                if (Monitor.Wait(_gate, s_longestRest))
                    continue;
                lock (s_gate)
                {
                    if (s_resting.Remove(this))
                        return false; // otherwise it was taken out just now, and the run is on its way
                }
            }

            return true;
        }
    }
}
