namespace Pipeline.Profiling;

/// <summary>One simulated run.</summary>
/// <remarks>
/// Two event queues: work that needs no processor ends at a real time, work that shares the cores ends at an amount of processor
/// time received, because its real end moves whenever another body starts or stops.
/// </remarks>
internal sealed class SimulationRun
{
    private readonly PipelineModel _model;
    private readonly Random _random;
    private readonly SimulatedStage[] _stages;
    private readonly SimulatedQueue _first;
    private readonly int? _cores;
    private readonly PriorityQueue<SimulatedWork, (double Time, long Number)> _byTime = new();
    private readonly PriorityQueue<SimulatedWork, (double Time, long Number)> _byProcessor = new();
    private double _now;
    private double _processorTime;
    private int _running; // bodies, those that wait for a section included
    private int _computing; // bodies that share the cores
    private long _eventNumber;
    private long _started;
    private long _taken;
    private long _done;
    private bool _sourceBusy;
    private double _sourceBlocked;
    private double _flightIntegral;
    private double _steadyFrom;

    public SimulationRun(PipelineModel model, int seed)
    {
        _model = model;
        _random = new Random(seed);
        bool isShared = model.BackgroundSeconds > 0 || model.Contention is not null;
        _cores = model.Cores ?? (isShared && model.Workers is { } workers ? Math.Max(workers, model.Processors) : null);
        (_stages, _first) = Connect(model.Stages);
    }

    public SimulationResult Run()
    {
        Settle();
        while (_done < _model.Items)
        {
            Advance();
            Settle();
        }

        long steadyItems = _model.Items - (_model.Items / 10);
        return new SimulationResult
        {
            Seconds = _now,
            Throughput = _model.Items / _now,
            SteadyThroughput = steadyItems / (_now - _steadyFrom),
            MeanSecondsInFlight = _flightIntegral / _model.Items,
            MeanItemsInFlight = _flightIntegral / _now,
            SourceBlockedSeconds = _sourceBlocked,
            Stages = [.. _stages.Select(s => s.Result(_now))],
        };
    }

    /// <summary>Builds the queues. An ordered stage and the unordered ones directly before it form a region that keeps the order.</summary>
    private static (SimulatedStage[] Stages, SimulatedQueue First) Connect(IReadOnlyList<StageModel> models)
    {
        SimulatedQueue[] queues = [.. models.Select((m, i) => new SimulatedQueue(m.Capacity, LimitOf(models, i)))];
        SimulatedStage[] stages = new SimulatedStage[models.Count];
        bool startsRegion = true;
        for (int i = 0; i < models.Count; i++)
        {
            int ordered = i;
            while (ordered < models.Count && models[ordered].Order != StageOrder.Input)
                ordered++;
            SimulatedQueue? exit = ordered + 1 < models.Count ? queues[ordered + 1] : null;
            stages[i] = new SimulatedStage(
                models[i], queues[i], i + 1 < models.Count ? queues[i + 1] : null, exit, startsRegion && exit is not null);
            startsRegion = models[i].Order == StageOrder.Input;
        }

        return (stages, queues[0]);
    }

    /// <summary>Room for the capacity and the hands of the workers before; at the end of an ordered region for all that waits inside it too.</summary>
    private static int LimitOf(IReadOnlyList<StageModel> models, int index)
    {
        long limit = Math.Max(models[index].Capacity, index == 0 ? 1 : 0);
        int producer = index - 1;
        if (producer >= 0)
            limit += models[producer].Workers;
        if (producer >= 0 && models[producer].Order == StageOrder.Input)
        {
            for (int i = producer; i > 0 && models[i - 1].Order != StageOrder.Input; i--)
                limit += models[i].Capacity + models[i - 1].Workers;
        }

        return (int)Math.Min(limit, int.MaxValue / 2);
    }

    /// <summary>Goes to the next end of work.</summary>
    private void Advance()
    {
        double rate = _cores is { } cores && _computing > cores ? cores / (double)_computing : 1;
        if (_model.Contention is { } contention)
            rate *= contention.SlownessOf(_model.MeasuredWorkers) / contention.SlownessOf(_computing);
        bool hasTimed = _byTime.TryPeek(out _, out (double Time, long Number) timed);
        bool hasShared = _byProcessor.TryPeek(out _, out (double Time, long Number) shared);
        double sharedAt = hasShared ? _now + ((shared.Time - _processorTime) / rate) : double.PositiveInfinity;
        bool takeShared = hasShared && (!hasTimed || sharedAt <= timed.Time);
        double next = takeShared ? sharedAt : timed.Time;
        _flightIntegral += (next - _now) * (_taken - _done);
        if (!_sourceBusy && _started < _model.Items)
            _sourceBlocked += next - _now;

        // Assigned, not added, where work ends: sums of rounded steps would drift from the exact times.
        _processorTime = takeShared ? shared.Time : _processorTime + ((next - _now) * rate);
        _now = next;

        // What idle workers waited for has to be charged as it was until now, before this event changes it.
        foreach (SimulatedStage stage in _stages)
            stage.Settle(_now);
        Finish(takeShared ? _byProcessor.Dequeue() : _byTime.Dequeue());
    }

    private void Finish(SimulatedWork work)
    {
        if (work.IsBackground)
        {
            _computing--;
            return;
        }

        if (work.Stage is null)
        {
            _sourceBusy = false;
            _taken++;
            _first.Append(work.Item, _now);
            return;
        }

        if (work.Stage.Model.NeedsProcessor)
            _computing--;
        if (work.Stage.Model.SectionSeconds > 0 && !work.IsInSection)
        {
            if (work.Stage.TryEnterSection(work))
                EnterSection(work);
            return;
        }

        if (work.IsInSection && work.Stage.TryPassSection(out SimulatedWork next))
            EnterSection(next);
        if (work.Stage.Model.NeedsProcessor)
            _running--;
        if (work.Stage.Finish(work, _now) && ++_done == _model.Items / 10)
            _steadyFrom = _now;
    }

    /// <summary>Starts every body that can start at this moment: the last stage first each time, the source after all stages.</summary>
    private void Settle()
    {
        while (TryStartStage() || TryStartSource())
        {
        }
    }

    private bool TryStartStage()
    {
        for (int i = _stages.Length - 1; i >= 0; i--)
        {
            SimulatedStage stage = _stages[i];
            if ((stage.Model.NeedsProcessor && _running >= _model.Workers) || !stage.CanStart)
                continue;
            SimulatedWork work = stage.Begin(_now);
            double seconds = (stage.Model.Times.Draw(work.Item.Sequence, _random) + stage.Model.HopSeconds) * stage.SlownessOf(work.Worker);
            if (stage.Model.NeedsProcessor)
                _running++;
            Compute(work, seconds);
            if (i == 0 && _cores is not null && _model.BackgroundSeconds > 0)
                Share(work with { IsBackground = true }, _model.BackgroundSeconds);
            return true;
        }

        return false;
    }

    private void EnterSection(SimulatedWork work) => Compute(work with { IsInSection = true }, work.Stage!.Model.SectionSeconds);

    private void Compute(SimulatedWork work, double seconds)
    {
        if (!work.Stage!.Model.NeedsProcessor)
        {
            _byTime.Enqueue(work, (_now + seconds, _eventNumber++));
            return;
        }

        Share(work, seconds);
    }

    /// <summary>Lets work compute that shares the cores.</summary>
    private void Share(SimulatedWork work, double seconds)
    {
        _computing++;
        if (_cores is not null)
            _byProcessor.Enqueue(work, (_processorTime + seconds, _eventNumber++));
        else
            _byTime.Enqueue(work, (_now + seconds, _eventNumber++));
    }

    private bool TryStartSource()
    {
        if (_sourceBusy || _started >= _model.Items || _first.Room <= 0 || _taken - _done >= _model.MaxItemsInFlight)
            return false;
        SimulatedWork work = new(null, new SimulatedItem(_started), 0, _now);
        double seconds = _model.SourceTimes.Draw(_started++, _random);
        _first.Promise();
        _sourceBusy = true;
        if (seconds > 0)
            _byTime.Enqueue(work, (_now + seconds, _eventNumber++));
        else
            Finish(work);
        return true;
    }
}
