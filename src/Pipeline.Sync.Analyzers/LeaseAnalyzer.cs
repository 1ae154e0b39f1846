using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Pipeline.Sync.Analyzers;

/// <summary>Finds leases that are never disposed (PSYNC001) and acquisitions while another lease is in scope (PSYNC003).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LeaseAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.LeaseNotDisposed, Rules.TwoAcquisitions];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            SyncTypes types = new(start.Compilation);
            if (types.IsUsed)
                start.RegisterOperationBlockAction(block => Analyze(block, types));
        });
    }

    private static void Analyze(OperationBlockAnalysisContext context, SyncTypes types)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            List<(IInvocationOperation Call, IOperation Scope, int From)> held = [];
            foreach (IInvocationOperation call in block.Descendants().OfType<IInvocationOperation>())
            {
                if (IsWrapper(call) || types.LeaseOf(call) is not { } lease)
                    continue;
                IOperation value = Outermost(call);
                if (IsThrownAway(value, block))
                    context.ReportDiagnostic(
                        Diagnostic.Create(Rules.LeaseNotDisposed, call.Syntax.GetLocation(), lease.Name, call.TargetMethod.Name));
                if (!types.IsAcquisition(call))
                    continue;
                if (held.FirstOrDefault(outer => IsInside(call, outer.Scope, outer.From)) is { Call: { } first })
                {
                    int line = first.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                    context.ReportDiagnostic(
                        Diagnostic.Create(Rules.TwoAcquisitions, call.Syntax.GetLocation(),
                        call.Instance?.Syntax.ToString() ?? call.TargetMethod.ContainingType.Name, line));
                }

                if (Scope(value) is { } scope)
                    held.Add((call, scope, value.Syntax.Span.End));
            }
        }
    }

    /// <summary>Steps out of await, ConfigureAwait, conversions and parentheses around a call.</summary>
    private static IOperation Outermost(IOperation operation)
    {
        while (operation.Parent is IAwaitOperation or IConversionOperation or IParenthesizedOperation
            || (operation.Parent is IInvocationOperation outer && IsWrapper(outer) && outer.Instance == operation))
        {
            operation = operation.Parent;
        }

        return operation;
    }

    /// <summary>Tells whether a call only gives the same awaitable in another form.</summary>
    private static bool IsWrapper(IInvocationOperation call) => call.TargetMethod.Name is "ConfigureAwait" or "AsTask" or "Preserve";

    private static bool IsThrownAway(IOperation value, IOperation block) => value.Parent switch
    {
        IExpressionStatementOperation => true,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } =>
            Scope(value) is null && !block.Descendants().OfType<ILocalReferenceOperation>()
                .Any(use => SymbolEqualityComparer.Default.Equals(use.Local, declarator.Symbol) && IsTakenCareOf(use)),
        _ => false,
    };

    /// <summary>Tells whether a use of a lease ends it or hands it to other code. Reading a property of it does neither.</summary>
    private static bool IsTakenCareOf(ILocalReferenceOperation use)
    {
        IOperation value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IInvocationOperation call => call.Instance != value || call.TargetMethod.Name is "Dispose" or "DisposeAsync",
            IConditionalAccessInstanceOperation or IMethodReferenceOperation => true, // other code may call Dispose
            IMemberReferenceOperation member => member.Instance != value,
            IExpressionStatementOperation => value is IConditionalAccessOperation,
            IBinaryOperation or IIsTypeOperation => false,
            _ => true, // returned, passed on, stored, matched by a pattern, captured
        };
    }

    /// <summary>Gets the operation within which a using keeps the lease; null when it is not in a using.</summary>
    private static IOperation? Scope(IOperation value)
    {
        for (IOperation? at = value.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case IUsingOperation statement when statement.Resources.Syntax.Span.Contains(value.Syntax.Span):
                    return statement.Body;
                case IUsingDeclarationOperation declaration:
                    return declaration.Parent;
                case IBlockOperation:
                    return null;
            }
        }

        return null;
    }

    private static bool IsInside(IOperation call, IOperation scope, int from)
    {
        if (call.Syntax.SpanStart < from || !scope.Syntax.Span.Contains(call.Syntax.Span))
            return false;
        // A lambda that is only defined here runs elsewhere.
        return !call.Syntax.Ancestors().TakeWhile(node => node != scope.Syntax)
            .Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
    }
}
