namespace Pipeline.Core;

/// <summary>A thread that carries runs. When a run has nothing to do for it, it rests for a while, so that the next one to need a thread, which may be short,
/// needs not make one.</summary>
/// <remarks>
/// Which thread comes matters: systems tend to wake a thread on the processor on which it ran last, and if another thread computes there it waits for several
/// milliseconds, however idle the others are. So a thread is taken that was last on another processor than the one that asks.
/// <para>
/// Locking rule: <see cref="s_resting"/> is guarded by <see cref="s_gate"/>, what a thread is to do by its <see cref="_gate"/>. The former is taken inside the
/// latter and never around it.
/// </para>
/// </remarks>
internal sealed class CarrierThread
{
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(10);
    private static readonly Lock s_gate = new();
    private static readonly List<CarrierThread> s_resting = []; // guarded by s_gate; the thread that takes one out gives it a run to carry

    private readonly object _gate = new();
    private Action? _carry; // what it is to do; guarded by _gate, except that the thread reads it while it works; then it does not change
    private string _name = ""; // like _carry
    private ExecutionContext? _context; // like _carry
    private int _lastProcessor; // guarded by s_gate: where it ran before it rested

    /// <summary>Lets a thread carry a run.</summary>
    /// <param name="name">The name of the thread while it carries the run.</param>
    /// <param name="carry">Carries the run until there is nothing to do.</param>
    /// <param name="context">The execution context of the bodies; null for an empty one.</param>
    /// <param name="staysBusy">True when the calling thread goes on computing, so that a thread that was last on its processor would wait: then a new one is
    /// better, unless many rest.</param>
    /// <exception cref="OutOfMemoryException">The system gives no further thread.</exception>
    public static void Start(string name, Action carry, ExecutionContext? context, bool staysBusy)
    {
        CarrierThread? resting = TakeResting(staysBusy);
        CarrierThread thread = resting ?? new CarrierThread();
        // The thread is out of the list, so no other run can take it; it sees what it is to carry under its own lock.
        lock (thread._gate)
        {
            (thread._name, thread._carry, thread._context) = (name, carry, context);
            Monitor.Pulse(thread._gate);
        }

        if (resting is null)
            new Thread(thread.Work) { IsBackground = true }.UnsafeStart();
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
            if (self.Name != _name)
                self.Name = _name;
            ExecutionContext.Run(_context ?? empty, static carry => ((Action)carry!)(), _carry);
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
            _carry = null;
            _context = null;
            // From here on any run may take it, and waits for this thread's lock before it says what to carry.
            lock (s_gate)
            {
                _lastProcessor = Thread.GetCurrentProcessorId();
                s_resting.Add(this);
            }

            while (_carry is null)
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
