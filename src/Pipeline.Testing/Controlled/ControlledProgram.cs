namespace Pipeline.Testing;

/// <summary>A program over real code: each participant has a thread of its own, and the explorer lets exactly one run at a time.</summary>
/// <remarks>
/// The primitives of Pipeline.Sync announce each visible step at a <see cref="Sync.SyncPoint"/>; there the explorer decides who goes on. Own code takes part by
/// calling <see cref="Sync.SyncPoint.Before"/> and <see cref="Sync.SyncPoint.WaitUntil"/> likewise. Sync points are off by default; a test project switches
/// them on with <c>&lt;RuntimeHostConfigurationOption Include="Pipeline.Sync.SyncPoints" Value="true" /&gt;</c>. When they are off, every exploration ends in
/// <see cref="ExplorerBlindException"/>.
/// <para>
/// A participant that blocks on anything else (a lock statement that another participant holds, a timer, a socket) is reported as
/// <see cref="FailureKind.Uncontrolled"/> after <see cref="WatchdogTimeout"/>, never as a pass.
/// </para>
/// </remarks>
public sealed class ControlledProgram : ExplorableProgram
{
    private readonly Action<ControlledWorld> _build;

    /// <summary>Creates a program.</summary>
    /// <param name="name">The name that reports use.</param>
    /// <param name="build">Declares resources, participants and rules. Called once per run; it must declare the same each time, with fresh state.</param>
    /// <param name="crashes">How many crashes one run may contain; 0 or more, default 0.</param>
    public ControlledProgram(string name, Action<ControlledWorld> build, int crashes = 0)
        : base(name, build, crashes) => _build = build;

    /// <summary>Gets how long a participant may run without reaching a sync point or its end.</summary>
    /// <value>1 millisecond to 1 day; default 5 seconds. It only matters when something blocks outside of the explorer's control. A time that is short for a
    /// busy machine gives false reports.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of its range.</exception>
    public TimeSpan WatchdogTimeout
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(1) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(WatchdogTimeout)} must be 1 millisecond to 1 day.");
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the clock by which <see cref="WatchdogTimeout"/> is measured.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>. A test of code that blocks can give a clock that stands still until then, so that its verdict does
    /// not depend on the load of the machine.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal override Execution Start()
    {
        ControlledWorld world = new();
        _build(world);
        return new ControlledExecution(world, WatchdogTimeout, TimeProvider);
    }

    internal override void CheckCanaries(ExplorerOptions options) => ControlledCanaries.Check(options);
}
