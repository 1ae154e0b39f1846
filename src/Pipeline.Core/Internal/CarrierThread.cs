namespace Pipeline.Core;

/// <summary>A thread that carries runs. When a run has nothing to do for it, it rests for a while, so that the next one to need a thread, which may be short, needs not make one.</summary>
/// <remarks>
/// Which thread comes matters: systems tend to wake a thread on the processor on which it ran last, and if somebody computes there it waits for several milliseconds, however
/// idle the others are. So a thread is taken that was last on another processor than the one that asks.
/// <para>
/// Locking rule: <see cref="s_resting"/> is guarded by <see cref="s_gate"/>, what a thread is to do by its <see cref="_gate"/>. The former is taken inside the latter
/// and never around it.
/// </para>
/// </remarks>
internal sealed class CarrierThread
{
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(10);
    private static readonly Lock s_gate = new();
    private static readonly List<CarrierThread> s_resting = []; // guarded by s_gate; whoever takes one out gives it something to do

    private readonly object _gate = new();
    private RunEngine? _run; // guarded by _gate, except that the thread reads it while it works; then it does not change
    private ExecutionContext? _context; // like _run
    private int _lastProcessor; // guarded by s_gate: where it ran before it rested

    private CarrierThread(RunEngine run, ExecutionContext? context)
    {
        _run = run;
        _context = context;
    }

    /// <summary>Lets a thread carry a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="context">The execution context of the bodies; null for an empty one.</param>
    /// <param name="staysBusy">True when the calling thread goes on computing, so that a thread that was last on its processor would wait: then a new one is better, unless many rest.</param>
    /// <exception cref="OutOfMemoryException">The system gives no further thread.</exception>
    public static void Start(RunEngine run, ExecutionContext? context, bool staysBusy)
    {
        if (TakeResting(staysBusy) is not { } thread)
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

    private static CarrierThread? TakeResting(bool staysBusy)
    {
        int here = Thread.GetCurrentProcessorId();
        lock (s_gate)
        {
            int taken = s_resting.Count - 1;
            while (taken >= 0 && s_resting[taken]._lastProcessor == here)
                taken--;
            if (taken < 0 && (!staysBusy || s_resting.Count >= 2 * Environment.ProcessorCount))
                taken = s_resting.Count - 1; // many rest and all were here, so another processor is hardly to be had
            if (taken < 0)
                return null;
            CarrierThread thread = s_resting[taken];
            s_resting.RemoveAt(taken);
            return thread;
        }
    }

    private void Work()
    {
        Thread self = Thread.CurrentThread;
        ExecutionContext empty = ExecutionContext.Capture()!; // the thread was started without one
        while (true)
        {
            if (self.Name != _run!.ThreadName)
                self.Name = _run.ThreadName;
            ExecutionContext.Run(_context ?? empty, static run => ((RunEngine)run!).Carry(), _run);
            if (self.Priority != ThreadPriority.Normal)
                self.Priority = ThreadPriority.Normal; // a body changed it
            if (!RestUntilNeeded())
                return;
        }
    }

    /// <summary>Waits until a run needs it.</summary>
    /// <returns>False when none did for a while.</returns>
    private bool RestUntilNeeded()
    {
        lock (_gate)
        {
            _run = null;
            _context = null;
            lock (s_gate)
            {
                _lastProcessor = Thread.GetCurrentProcessorId();
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
