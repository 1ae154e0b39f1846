using System.Diagnostics;

namespace Pipeline.Lab.Tests;

/// <summary>Opens a page in headless Chromium and returns the document after its script has run.</summary>
internal static class Browser
{
    public static string? Find() =>
        new[] { "chromium", "chromium-browser", "google-chrome" }
            .SelectMany(
                name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(
                    folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    public static async Task<string> OpenAsync(string file, string fragment, int budgetMilliseconds)
    {
        string profile = Directory.CreateTempSubdirectory("lesson-page-").FullName;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Find()!)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                    { "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}", "--dump-dom",
                        $"--virtual-time-budget={budgetMilliseconds}", $"file://{file}#{fragment}" },
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string document = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(
                TimeSpan.FromMinutes(2));
            await errors;
            return document;
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
