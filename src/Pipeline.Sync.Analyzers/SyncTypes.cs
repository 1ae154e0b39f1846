using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pipeline.Sync.Analyzers;

/// <summary>What the rules have to recognize of Pipeline.Sync. Immutable after construction, shared by concurrent callbacks.</summary>
internal sealed class SyncTypes
{
    private static readonly string[] s_leases = ["HeldLocks", "Held`1", "PermitLease", "LockResult"];
    private static readonly string[] s_acquirers = ["LockSet", "OrderedLock`1", "CrossProcessSemaphore"];

    private readonly INamedTypeSymbol?[] _leases;
    private readonly INamedTypeSymbol?[] _acquirers;

    public SyncTypes(Compilation compilation)
    {
        _leases = [.. s_leases.Select(name => compilation.GetTypeByMetadataName("Pipeline.Sync." + name))];
        _acquirers = [.. s_acquirers.Select(name => compilation.GetTypeByMetadataName("Pipeline.Sync." + name))];
    }

    /// <summary>Gets a value indicating whether the compilation refers to Pipeline.Sync at all.</summary>
    public bool IsUsed => _leases[0] is not null;

    /// <summary>Gets the lease that a call hands out, awaited or not.</summary>
    public ITypeSymbol? LeaseOf(IInvocationOperation call)
    {
        if (ResultOf(call.TargetMethod.OriginalDefinition.ReturnType)
            is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method })
            return null; // such as Assert.IsType<T> and Interlocked.Exchange<T>: it gives on what other code acquired
        ITypeSymbol? type = call.Type is null ? null : ResultOf(call.Type);
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (_leases.Any(lease => SymbolEqualityComparer.Default.Equals(lease, at.OriginalDefinition)))
                return type;
        }

        return null;
    }

    private static ITypeSymbol ResultOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "ValueTask" or "Task", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : type;

    /// <summary>Tells whether a call takes a lock or permit by itself, not as part of a held token.</summary>
    public bool IsAcquisition(IInvocationOperation call) =>
        call.TargetMethod.Name is "AcquireAsync" or "TryAcquireAsync"
        && _acquirers.Any(type => SymbolEqualityComparer.Default.Equals(type, call.TargetMethod.ContainingType.OriginalDefinition));
}
