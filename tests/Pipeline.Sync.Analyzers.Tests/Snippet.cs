using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Pipeline.Sync.Analyzers.Tests;

/// <summary>Compiles the body of a method that uses Pipeline.Sync and collects what the compiler and the analyzers say.</summary>
internal static class Snippet
{
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Gets the rules that fire, each with the line of the body, for example <c>PSYNC001@2</c>.</summary>
    public static async Task<string[]> RunAsync(string body)
    {
        CSharpCompilation compilation = Compile(body);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([new LeaseAnalyzer(), new ThreadLockAnalyzer()])
            .GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(diagnostic =>
            $"{diagnostic.Id}@{diagnostic.Location.GetMappedLineSpan().StartLinePosition.Line + 1}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Gets what the analyzers throw on code that may not compile.</summary>
    public static async Task<string[]> CrashesAsync(string body) =>
        [.. (await Compile(body).WithAnalyzers([new LeaseAnalyzer(), new ThreadLockAnalyzer()]).GetAnalyzerDiagnosticsAsync())
            .Where(diagnostic => diagnostic.Id == "AD0001").Select(diagnostic => diagnostic.GetMessage(null))];

    public static string[] Errors(string body) =>
        [.. Compile(body).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.Id)];

    private static CSharpCompilation Compile(string body) => CSharpCompilation.Create(
        "snippet",
        [CSharpSyntaxTree.ParseText($$"""
            using System;
            using System.Threading;
            using System.Threading.Tasks;
            using Pipeline.Sync;
            public struct First : ILockLevel { public static LockLevel Level => null!; }
            public struct Second : ILevelAfter<First> { public static LockLevel Level => null!; }
            public sealed class Subject
            {
                private static readonly TimeSpan Ever = Timeout.InfiniteTimeSpan;
                private CrossProcessSemaphore filter = null!, watermark = null!;
                private OrderedLock a = null!, b = null!;
                private OrderedLock<First> first = null!;
                private OrderedLock<Second> second = null!;
                private readonly object gate = new();
                private readonly Lock threadLock = new();
                private readonly ReaderWriterLockSlim slim = new();
                private readonly Mutex mutex = new();
                private PermitLease kept = null!;
                private readonly IAsyncDisposable resource = null!;
                private readonly System.Collections.Generic.IAsyncEnumerable<int> numbers = null!;
                private void Use(object value) { }
                private T Same<T>(T value) => value;
                public async Task<object?> Method(CancellationToken token)
                {
                    await Task.Yield();
            #line 1
            {{body}}
            #line default
                    return null;
                }
            }
            """, new CSharpParseOptions(LanguageVersion.Preview))],
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
