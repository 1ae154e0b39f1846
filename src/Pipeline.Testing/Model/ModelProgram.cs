namespace Pipeline.Testing;

/// <summary>A small program written in steps, for lessons and for designs that are not built yet.</summary>
/// <remarks>
/// The participants are ordinary <c>async</c> methods. Each <c>await</c> of a step is a scheduling point; no thread and no task scheduler
/// takes part, so a run is exactly repeatable and takes microseconds.
/// </remarks>
/// <example>
/// <code>
/// var program = new ModelProgram("lost update", world =>
/// {
///     ModelVariable&lt;int&gt; total = world.Variable("total", 0);
///     for (int i = 0; i &lt; 2; i++)
///     {
///         world.Participant(async () =>
///         {
///             int seen = await total.Read();
///             await total.Write(seen + 1);
///         });
///     }
///
///     world.AtEnd("total is 2", () => total.Value == 2);
/// });
/// </code>
/// </example>
public sealed class ModelProgram : ExplorableProgram
{
    private readonly Action<ModelWorld> _build;

    /// <summary>Creates a program.</summary>
    /// <param name="name">The name that reports use.</param>
    /// <param name="build">
    /// Declares resources, participants and rules. It is called once per run and must declare the same each time; what it closes over must not change.
    /// </param>
    /// <param name="crashes">How many crashes one run may contain; 0 or more, default 0.</param>
    public ModelProgram(string name, Action<ModelWorld> build, int crashes = 0)
        : base(name, build, crashes) => _build = build;

    internal bool IsControlled { get; init; } = true;

    internal override Execution Start()
    {
        ModelRun run = new(IsControlled);
        ModelWorld world = new(run);
        _build(world);
        run.Start();
        return new ModelExecution(world, run);
    }

    internal override void CheckCanaries(ExplorerOptions options) => ModelCanaries.Check(options.IsInstrumented);
}
