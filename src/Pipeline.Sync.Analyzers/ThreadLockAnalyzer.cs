using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Pipeline.Sync.Analyzers;

/// <summary>Finds <c>await</c> between taking and giving back a lock that belongs to a thread (PSYNC002).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThreadLockAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] s_types = ["Monitor", "Lock", "Mutex", "ReaderWriterLockSlim", "ReaderWriterLock", "SpinLock"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AwaitInsideThreadLock];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            IAwaitOperation[] awaits = [.. block.Descendants().OfType<IAwaitOperation>()];
            if (awaits.Length == 0)
                continue;
            List<(string Lock, bool Takes, IInvocationOperation Call)> calls = [.. LockCalls(block)];
            foreach (IAwaitOperation wait in awaits)
            {
                if (HeldAt(wait, calls) is { } held)
                    context.ReportDiagnostic(Diagnostic.Create(Rules.AwaitInsideThreadLock, wait.Syntax.GetLocation(), held));
            }
        }
    }

    private static IEnumerable<(string Lock, bool Takes, IInvocationOperation Call)> LockCalls(IOperation block)
    {
        foreach (IInvocationOperation call in block.Descendants().OfType<IInvocationOperation>())
        {
            INamedTypeSymbol type = call.TargetMethod.ContainingType;
            string method = call.TargetMethod.Name;
            bool isMutex = type.Name is "Mutex" || (type.Name is "WaitHandle" && call.Instance?.Type?.Name is "Mutex");
            if (type.ContainingNamespace?.ToDisplayString() != "System.Threading" || (!isMutex && !s_types.Contains(type.Name)))
                continue;
            bool takes = isMutex ? method is "WaitOne" : method.StartsWith("Enter", StringComparison.Ordinal) || method.StartsWith("TryEnter", StringComparison.Ordinal) || method.StartsWith("Acquire", StringComparison.Ordinal);
            bool gives = method.StartsWith("Exit", StringComparison.Ordinal) || method.StartsWith("Release", StringComparison.Ordinal);
            if (method is "EnterScope" || (!takes && !gives))
                continue; // the scope is a ref struct: the compiler itself refuses await there
            string name = call.Instance?.Syntax.ToString() ?? call.Arguments.FirstOrDefault()?.Value.Syntax.ToString() ?? type.Name;
            yield return (name, takes, call);
        }
    }

    /// <summary>Finds a lock that was taken before the await, in the same function, and is given back after it.</summary>
    private static string? HeldAt(IAwaitOperation wait, List<(string Lock, bool Takes, IInvocationOperation Call)> calls)
    {
        int at = wait.Syntax.SpanStart;
        SyntaxNode? function = FunctionOf(wait.Syntax);
        foreach (IGrouping<string, (string Lock, bool Takes, IInvocationOperation Call)> group in calls.Where(call => FunctionOf(call.Call.Syntax) == function).GroupBy(call => call.Lock))
        {
            bool taken = group.Where(call => call.Call.Syntax.SpanStart < at).OrderBy(call => call.Call.Syntax.SpanStart).LastOrDefault() is { Call: not null, Takes: true };
            bool givenBack = group.Any(call => !call.Takes && call.Call.Syntax.SpanStart > at);
            if (taken && givenBack)
                return group.Key;
        }

        return null;
    }

    private static SyntaxNode? FunctionOf(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax);
}
