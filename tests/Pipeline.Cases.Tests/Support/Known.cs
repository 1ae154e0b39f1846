namespace Pipeline.Cases.Tests;

/// <summary>The list of cases that fail today, with the reason of each. A listed case that passes fails its test, so that the list only gets shorter.</summary>
internal static class Known
{
    private static readonly Lazy<Dictionary<string, string>> s_rows = new(static () => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "known-failures.txt"))
        .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t')).ToDictionary(static parts => parts[0], static parts => parts[1]));

    /// <summary>Gets the listed cases.</summary>
    public static IReadOnlyCollection<string> Rows => s_rows.Value.Keys;

    /// <summary>Runs a case under its name.</summary>
    public static async Task RunAsync(string name, Func<Task> check)
    {
        bool isKnown = s_rows.Value.TryGetValue(name, out string? reason);
        try
        {
            await check().WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (!exception.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal))
        {
            if (Environment.GetEnvironmentVariable("PIPELINE_CASES_LOG") is { Length: > 0 } log)
            {
                lock (s_rows)
                    File.AppendAllText(log, $"{name}\t{(isKnown ? "known" : "NEW")}\t{exception.Message.ReplaceLineEndings(" ")}\n");
            }

            Assert.SkipWhen(isKnown, $"Known failure '{name}': {reason}. Now: {exception.Message}");
            throw;
        }

        if (isKnown)
            Assert.Fail($"'{name}' passes. Remove its row from tests/Pipeline.Cases.Tests/known-failures.txt.");
    }

    public static Task Run(string name, Action check) => RunAsync(name, () => Task.Run(check));
}
