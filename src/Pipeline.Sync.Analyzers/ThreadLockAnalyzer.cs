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
            (Location Where, SyntaxNode Node, int At)[] awaits =
                [.. block.Descendants().Select(Await).OfType<(Location, SyntaxNode, int)>()];
            if (awaits.Length == 0)
                continue;
            List<(string Lock, bool Takes, IInvocationOperation Call)> calls = [.. LockCalls(block)];
            if (calls.Count == 0)
                continue;
            foreach ((Location where, SyntaxNode node, int at) in awaits)
            {
                if (HeldAt(node, at, calls, block) is { } held)
                    context.ReportDiagnostic(Diagnostic.Create(Rules.AwaitInsideThreadLock, where, held));
            }
        }
    }

    /// <summary>Gets where an operation awaits: <c>await using</c> does so at the end of its scope.</summary>
    private static (Location Where, SyntaxNode Node, int At)? Await(IOperation operation) => operation switch
    {
        IAwaitOperation => (operation.Syntax.GetLocation(), operation.Syntax, operation.Syntax.SpanStart),
        IForEachLoopOperation { IsAsynchronous: true, Syntax: CommonForEachStatementSyntax loop } =>
            (loop.AwaitKeyword.GetLocation(), loop, loop.SpanStart),
        IUsingOperation { IsAsynchronous: true, Syntax: UsingStatementSyntax statement } =>
            (statement.AwaitKeyword.GetLocation(), statement, statement.Span.End - 1),
        IUsingDeclarationOperation { IsAsynchronous: true, Syntax: LocalDeclarationStatementSyntax { Parent: { } scope } declaration } =>
            (declaration.AwaitKeyword.GetLocation(), declaration, (scope is GlobalStatementSyntax ? scope.Parent! : scope).Span.End - 1),
        _ => null,
    };

    private static IEnumerable<(string Lock, bool Takes, IInvocationOperation Call)> LockCalls(IOperation block)
    {
        foreach (IInvocationOperation call in block.Descendants().OfType<IInvocationOperation>())
        {
            INamedTypeSymbol type = call.TargetMethod.ContainingType;
            string method = call.TargetMethod.Name;
            bool isMutex = type.Name is "Mutex" || (type.Name is "WaitHandle" && call.Instance?.Type?.Name is "Mutex");
            if (type.ContainingNamespace?.ToDisplayString() != "System.Threading" || (!isMutex && !s_types.Contains(type.Name)))
                continue;
            bool takes = isMutex
                ? method is "WaitOne"
                : method.StartsWith("Enter", StringComparison.Ordinal)
                || method.StartsWith("TryEnter", StringComparison.Ordinal) || method.StartsWith("Acquire", StringComparison.Ordinal);
            bool gives = method.StartsWith("Exit", StringComparison.Ordinal) || method.StartsWith("Release", StringComparison.Ordinal);
            if (method is "EnterScope" || (!takes && !gives))
                continue; // the scope is a ref struct: the compiler itself refuses await there
            string name = call.Instance?.Syntax.ToString() ?? call.Arguments.FirstOrDefault()?.Value.Syntax.ToString() ?? type.Name;
            yield return (name, takes, call);
        }
    }

    /// <summary>Finds a lock that was taken before the await, in the same function, and is given back after it.</summary>
    private static string? HeldAt(
        SyntaxNode node, int at, List<(string Lock, bool Takes, IInvocationOperation Call)> calls, IOperation block)
    {
        SyntaxNode? function = FunctionOf(node);
        foreach (IGrouping<string, (string Lock, bool Takes, IInvocationOperation Call)> group
            in calls.Where(call => FunctionOf(call.Call.Syntax) == function)
            .GroupBy(call => call.Lock))
        {
            bool taken = group.Where(call => call.Call.Syntax.SpanStart < at && !(call.Takes && HasFailedAt(call.Call, at, block)))
                .OrderBy(call => call.Call.Syntax.SpanStart)
                .LastOrDefault() is { Call: not null, Takes: true };
            bool givenBack = group.Any(call => !call.Takes && call.Call.Syntax.SpanStart > at);
            if (taken && givenBack)
                return group.Key;
        }

        return null;
    }

    /// <summary>Tells whether a place is only reached when the lock was not free: in the branch of an <c>if</c> that asks for what the call returned.</summary>
    private static bool HasFailedAt(IInvocationOperation call, int at, IOperation block)
    {
        ILocalSymbol? result = call.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
            ? declarator.Symbol
            : call.Arguments.Select(argument => argument.Value).OfType<ILocalReferenceOperation>()
                .FirstOrDefault(local => local.Type?.SpecialType == SpecialType.System_Boolean)?.Local;
        foreach (IConditionalOperation choice in block.Descendants().OfType<IConditionalOperation>())
        {
            IOperation asked = Positive(choice.Condition, out bool isNegated);
            if (asked != call && !(asked is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, result)))
                continue;
            if ((isNegated ? choice.WhenTrue : choice.WhenFalse)?.Syntax.Span.Contains(at) == true)
                return true;
        }

        return false;
    }

    /// <summary>Takes <c>!</c> and <c>== false</c> off a condition.</summary>
    private static IOperation Positive(IOperation condition, out bool isNegated)
    {
        isNegated = false;
        while (true)
        {
            switch (condition)
            {
                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                    condition = not.Operand;
                    break;
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Equals,
                    RightOperand.ConstantValue: { HasValue: true, Value: false }
                } equals:
                    condition = equals.LeftOperand;
                    break;
                default:
                    return condition;
            }

            isNegated = !isNegated;
        }
    }

    private static SyntaxNode? FunctionOf(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(ancestor =>
            ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
            or BaseMethodDeclarationSyntax);
}
