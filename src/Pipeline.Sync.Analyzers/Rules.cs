using Microsoft.CodeAnalysis;

namespace Pipeline.Sync.Analyzers;

/// <summary>All rules of this package.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor LeaseNotDisposed = new(
        "PSYNC001", "A lease is not disposed",
        "The {0} that '{1}' returns is not disposed, so what it holds comes back late or never. Declare it with 'await using'.",
        "Reliability", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor AwaitInsideThreadLock = new(
        "PSYNC002", "await while a thread-bound lock is held",
        "'{0}' belongs to the thread that took it, and after this await the method may go on on another thread. "
        + "Release it before, or use an OrderedLock.",
        "Reliability", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TwoAcquisitions = new(
        "PSYNC003", "Two acquisitions outside a LockSet",
        "'{0}' is asked for while a lease acquired at line {1} is held; "
        + "another flow that asks in the other order can deadlock with this one. "
        + "Acquire both in one LockSet.AcquireAsync, or nest with ThenAsync.",
        "Reliability", DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
