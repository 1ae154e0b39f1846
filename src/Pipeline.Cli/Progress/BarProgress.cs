using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli;

/// <summary>Shows progress as one bar for the photos and one per stage, on a terminal.</summary>
internal sealed class BarProgress : IProgressDisplay
{
    private readonly IAnsiConsole _console;
    private readonly Func<long>? _charged;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;
    private readonly Dictionary<string, ProgressTask> _stages = []; // guarded by _gate
    private readonly Lock _gate = new();
    private ProgressContext? _context; // written once before _display runs on
    private ProgressTask? _photos; // guarded by _gate

    /// <summary>Initializes a new instance of the <see cref="BarProgress"/> class and shows the display.</summary>
    /// <param name="writer">The terminal.</param>
    /// <param name="charged">Reads how many charges all runs have written to the ledger; null without one.</param>
    public BarProgress(TextWriter writer, Func<long>? charged = null)
    {
        _charged = charged;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        _display = _console.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 32 },
                new StateColumn("count"),
                new StateColumn("rate"),
                new StateColumn("left"))
            .StartAsync(context =>
            {
                _context = context;
                return _ended.Task;
            });
    }

    public void Say(string line) => _console.WriteLine(line);

    public void Report(RunProgress value)
    {
        lock (_gate)
        {
            if (_context is not { } context || _ended.Task.IsCompleted)
                return;
            long? expected = value.ItemsExpected;
            _photos ??= context.AddTask("[bold]photos[/]", maxValue: expected ?? 1);
            string failed = value.ItemsFailed > 0 ? $" [red]{value.ItemsFailed} failed[/]" : "";
            string bill = _charged is null ? "" : $" [grey]{_charged()} charged by all runs[/]";
            string left = value.EstimatedTimeLeft is { } time ? $"{ProgressText.Time(time)} left" : "";
            Set(_photos, value.ItemsCompleted + value.ItemsFailed, expected, value.ItemsPerSecond, left, failed + bill);
            foreach (StageProgress stage in value.Stages)
            {
                if (!_stages.TryGetValue(stage.Name, out ProgressTask? task))
                    _stages.Add(stage.Name, task = context.AddTask($"  {Markup.Escape(stage.Name)}", maxValue: expected ?? 1));
                double rate = value.Elapsed > TimeSpan.Zero ? stage.Completed / value.Elapsed.TotalSeconds : 0;
                // What failed earlier will never reach this stage.
                long? toCome = expected - value.ItemsFailed + stage.Failed;
                string stageLeft = toCome - stage.Completed - stage.Failed is { } open and > 0 && rate > 0
                    ? $"{ProgressText.Time(TimeSpan.FromSeconds(open / rate))} left"
                    : "";
                Set(
                    task,
                    stage.Completed + stage.Failed,
                    toCome,
                    rate,
                    stageLeft,
                    stage.Active > 0 ? $" [grey]{stage.Active} active[/]" : "");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _display.ConfigureAwait(false);
    }

    private static void Set(ProgressTask task, long done, long? expected, double rate, string left, string note)
    {
        if (expected is > 0 and { } most)
            task.MaxValue = most;
        task.Value = expected is null ? 0 : done;
        task.State.Update<Label>("count", _ => new Label(expected is { } all ? $"{done}/{all}{note}" : $"{done}{note}"));
        task.State.Update<Label>("rate", _ => new Label(ProgressText.Rate(rate)));
        task.State.Update<Label>("left", _ => new Label(left));
    }

    // The state of a task holds values only.
    private readonly record struct Label(string? Text);

    private sealed class StateColumn(string key) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Markup(task.State.Get<Label>(key).Text ?? "");
    }
}
