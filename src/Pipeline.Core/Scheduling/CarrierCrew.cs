namespace Pipeline.Core;

/// <summary>The carrier threads of one run: how many there are, how many may be, and how another one is started.</summary>
/// <remarks>Locking rule: everything is guarded by the run's gate, but for what is written once before the run starts. Carriers are counted under the gate and
/// started outside it: a caller that got true from <see cref="AddUnsynchronized"/> calls <see cref="Start"/> after leaving the gate, or the run would wait for
/// a thread that never comes.</remarks>
/// <param name="run">The run.</param>
/// <param name="carry">What a carrier does, until there is nothing to do.</param>
internal sealed class CarrierCrew(RunContext run, Action carry)
{
    private readonly string _threadName = $"Pipeline {run.PipelineName}";
    private ExecutionContext? _context; // the caller's, for all threads, whichever starts them; written before start, cleared at the end
    private SemaphoreSlim? _called; // of a synchronous run: its carrier is to look again

    public int Count; // threads that carry the run or are on their way
    public int Coming; // those that are on their way and have not been at the gate
    public int Most;

    public List<Carrier> Quick { get; } = []; // the carriers that will be back at the gate before another thread would be awake

    /// <summary>Counts the first carrier and takes over the caller's execution context.</summary>
    public void Begin(int most)
    {
        Most = most;
        Count = Coming = 1;
        _context = ExecutionContext.Capture();
    }

    /// <exception cref="OutOfMemoryException">The system gives no further thread.</exception>
    public void StartFirst() => CarrierThread.Start(_threadName, carry, _context, staysBusy: false);

    /// <summary>Makes the calling thread the only carrier.</summary>
    public void BeginHere()
    {
        Most = 1;
        Count = Coming = 1;
        _called = new SemaphoreSlim(0);
    }

    /// <summary>Blocks the only carrier of a synchronous run until there may be something to do.</summary>
    public void WaitForCall() => _called!.Wait();

    /// <summary>Lets go what the caller of the run had, because a program may keep the run.</summary>
    public void Forget() => _context = null;

    /// <summary>Notes that a carrier is at the gate: no longer on its way, no longer in a quick turn.</summary>
    public void ArriveUnsynchronized(Carrier carrier)
    {
        run.AssertGate();
        if (!carrier.HasArrived)
            Coming--;
        carrier.HasArrived = true;
        if (carrier.IsQuick)
            Quick.Remove(carrier);
        carrier.IsQuick = false;
    }

    /// <summary>Notes that a carrier leaves the gate for a turn that will be over before another thread would be awake.</summary>
    public void LeaveQuicklyUnsynchronized(Carrier carrier)
    {
        run.AssertGate();
        carrier.IsQuick = true;
        carrier.IsSeen = false;
        Quick.Add(carrier);
    }

    /// <summary>Counts one more carrier, if there may be one.</summary>
    /// <returns>True when the caller has to start it, outside the gate.</returns>
    public bool AddUnsynchronized()
    {
        run.AssertGate();
        if (run.IsOver || Count >= Most)
            return false;
        Count++;
        Coming++;
        return true;
    }

    /// <summary>Starts a carrier that was counted. Called outside the gate.</summary>
    /// <param name="staysBusy">True when the calling thread will run a body next.</param>
    public void Start(bool staysBusy = false)
    {
        if (_called is not null)
        {
            _called.Release();
            return;
        }

        try
        {
            CarrierThread.Start(_threadName, carry, _context, staysBusy);
        }
        catch (OutOfMemoryException)
        {
            CarryWithFewer();
        }
    }

    /// <summary>Makes do with the carriers that there are, because the system gives no further thread. When there is none, the calling thread, which is no
    /// carrier, carries the run.</summary>
    private void CarryWithFewer()
    {
        lock (run.Gate)
        {
            Most = Math.Max(1, Count - 1);
            if (Count > 1)
            {
                Count--;
                Coming--;
                return;
            }
        }

        if (_context is { } context)
            ExecutionContext.Run(context, static carry => ((Action)carry!)(), carry);
        else
            carry();
    }
}
