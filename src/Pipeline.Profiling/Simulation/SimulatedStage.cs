using System.Diagnostics;

namespace Pipeline.Profiling;

/// <summary>The workers of one stage of a simulated run and where their time went.</summary>
[DebuggerDisplay("{Model.Name}: {_running} of {Model.Workers} workers at work")]
internal sealed class SimulatedStage
{
    private readonly Stack<int> _idle = new();
    private readonly Queue<SimulatedWork> _atSection = new();
    private readonly SimulatedQueue _input;
    private readonly SimulatedQueue? _output;
    private readonly SimulatedQueue? _exit;
    private readonly bool _reservesExit;
    private readonly bool _places;
    private double _busy;
    private double _starved;
    private double _blocked;
    private double _admission;
    private double _ordering;
    private double _since;
    private int _running;
    private bool _isSectionTaken;

    public SimulatedStage(StageModel model, SimulatedQueue input, SimulatedQueue? output, SimulatedQueue? exit, bool reservesExit)
    {
        (Model, _input, _output, _exit, _reservesExit) = (model, input, output, exit, reservesExit);
        _places = output is not null && output == exit;
        for (int i = model.Workers - 1; i >= 0; i--)
            _idle.Push(i);
    }

    public StageModel Model { get; }

    public double SlownessOf(int worker) => worker < Model.WorkerSlowness.Count ? Model.WorkerSlowness[worker] : 1;

    public bool CanStart => _idle.Count > 0 && _input.Ready > 0 && HasRoom(out _);

    public SimulatedWork Begin(double now)
    {
        Settle(now);
        SimulatedItem item = _input.Take(now);
        if (_reservesExit)
            item.ExitPosition = _exit!.Reserve();
        if (!_places)
            _output?.Promise();
        _running++;
        return new SimulatedWork(this, item, _idle.Pop(), now);
    }

    /// <summary>Asks for the section; false when the body has to wait for it.</summary>
    public bool TryEnterSection(SimulatedWork work)
    {
        if (_isSectionTaken)
            _atSection.Enqueue(work);
        return !_isSectionTaken && (_isSectionTaken = true);
    }

    /// <summary>Leaves the section and gives it to the body that waits longest.</summary>
    public bool TryPassSection(out SimulatedWork next)
    {
        _isSectionTaken = _atSection.TryDequeue(out next);
        return _isSectionTaken;
    }

    /// <summary>Ends the work on an item.</summary>
    /// <returns>True when the item leaves the pipeline.</returns>
    public bool Finish(SimulatedWork work, double now)
    {
        Settle(now);
        _running--;
        Debug.Assert(_running >= 0, "Only work that began can finish.");
        _busy += now - work.Since;
        _idle.Push(work.Worker);
        if (_places)
            _output!.Place(work.Item.ExitPosition, work.Item, now);
        else
            _output?.Append(work.Item, now);
        return _output is null;
    }

    /// <summary>Charges the time since the last change to what idle workers wait for. Called before anything changes.</summary>
    public void Settle(double now)
    {
        double time = now - _since;
        _since = now;
        int idle = Model.Workers - _running;
        int held = Math.Min(idle, _input.Waiting);
        _starved += (idle - held) * time;
        if (held == 0)
            return;
        if (HasRoom(out bool isOrdering))
            _admission += held * time;
        else if (isOrdering)
            _ordering += held * time;
        else
            _blocked += held * time;
    }

    public StageSimulation Result(double now)
    {
        Settle(now);
        (double length, double wait) = _input.Result(now);
        return new StageSimulation(Model.Name, Model.Workers, _busy, _starved, _blocked, _admission, _ordering, length, wait);
    }

    private bool HasRoom(out bool isOrdering)
    {
        isOrdering = false;
        if (_output is not null && !_places && _output.Room <= 0)
            return false;
        if (_exit is null)
            return true;
        if (_reservesExit && _exit.Room <= 0)
        {
            isOrdering = _exit.Ready == 0;
            return false;
        }

        return !_places || _reservesExit || _exit.HasRoomForReady;
    }
}
