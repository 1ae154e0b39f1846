using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>The hook by which an interleaving explorer controls the primitives of this library. It is off, and costs nothing, unless a test host switches it
/// on.</summary>
/// <remarks>
/// <para>Off is the default: <see cref="IsEnabled"/> is a static read-only field that is false, so the compiler of the runtime removes every call. A test
/// project switches it on before the first use with <c>&lt;RuntimeHostConfigurationOption Include="Pipeline.Sync.SyncPoints" Value="true" /&gt;</c> in its
/// project file or with the environment variable <c>PIPELINE_SYNC_SYNCPOINTS=1</c>.</para>
/// <para>Protocol. (1) The scheduler runs each participant on its own thread inside <see cref="Attach"/>. (2) A primitive calls <see cref="Before"/> ahead of
/// each visible step and takes the step at once after the call returns. (3) A primitive that would have to wait calls <see cref="WaitUntil"/> instead of
/// waiting, then tries again. So the asynchronous methods of this library complete synchronously under control, and a participant never leaves its thread.
/// Timeouts do not pass under control, except that a timeout of zero still means one try. (4) Code that is not attached, or runs while the switch is off, is
/// not affected.</para>
/// <para>The participant is ambient (it flows with the execution context), so a continuation that ends up on another thread is still attributed to its
/// participant instead of escaping silently.</para>
/// <para>Locking: the current participant is ambient, private to each execution context; the switch is written once at type initialization.</para>
/// </remarks>
public static class SyncPoint
{
    /// <summary>The name of the runtime configuration switch.</summary>
    public const string SwitchName = "Pipeline.Sync.SyncPoints";

    /// <summary>The name of the environment variable; the value <c>1</c> switches on.</summary>
    public const string EnvironmentVariable = "PIPELINE_SYNC_SYNCPOINTS";

    private static readonly AsyncLocal<ISyncParticipant?> s_current = new();

    /// <summary>Gets a value indicating whether sync points are switched on in this process.</summary>
    /// <value>Fixed before the first use of the library; default false.</value>
    [FeatureSwitchDefinition(SwitchName)]
    public static bool IsEnabled { get; } =
        (AppContext.TryGetSwitch(SwitchName, out bool on) && on) || Environment.GetEnvironmentVariable(EnvironmentVariable) == "1";

    /// <summary>Gets a value indicating whether the calling code runs under a scheduler: it must call <see cref="WaitUntil"/> instead of waiting.</summary>
    public static bool IsControlled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsEnabled && s_current.Value is not null;
    }

    /// <summary>Gets the participant that the calling code belongs to.</summary>
    /// <value>Null when the switch is off or the code is not attached.</value>
    public static ISyncParticipant? Current => IsEnabled ? s_current.Value : null;

    /// <summary>Makes the calling flow of control a participant until the returned scope is disposed.</summary>
    /// <param name="participant">The scheduler's object for this participant.</param>
    /// <returns>A scope that restores the former participant. Dispose it in the same method.</returns>
    /// <exception cref="InvalidOperationException">Sync points are switched off in this process.</exception>
    public static SyncPointScope Attach(ISyncParticipant participant)
    {
        ArgumentNullException.ThrowIfNull(participant);
        if (!IsEnabled)
        {
            throw new InvalidOperationException(
                $"Sync points are off in this process, so nothing would be controlled. "
                + $"Set the runtime switch '{SwitchName}' to true in the project file "
                + $"of the test host, or the environment variable {EnvironmentVariable} to 1, before the process starts.");
        }

        ISyncParticipant? former = s_current.Value;
        s_current.Value = participant;
        return new SyncPointScope(former);
    }

    /// <summary>Announces the next visible step; under control, returns when the scheduler lets the participant take it.</summary>
    /// <param name="kind">What the step does.</param>
    /// <param name="resource">What it does it to; compared by reference.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Before(SyncPointKind kind, object resource)
    {
        if (IsEnabled)
            s_current.Value?.Before(kind, resource);
    }

    /// <summary>Parks a controlled participant until a condition holds.</summary>
    /// <param name="kind">The step that waits.</param>
    /// <param name="resource">What it waits for; compared by reference.</param>
    /// <param name="isReady">Free of lasting effects; called by the scheduler, on any thread, while no participant runs.</param>
    /// <returns>True when the participant was parked and should try again; false when the caller is not controlled and has to wait by its own means.</returns>
    public static bool WaitUntil(SyncPointKind kind, object resource, Func<bool> isReady)
    {
        if (!IsEnabled || s_current.Value is not { } participant)
            return false;
        participant.WaitUntil(kind, resource, isReady);
        return true;
    }

    internal static void Restore(ISyncParticipant? participant) => s_current.Value = participant;
}
