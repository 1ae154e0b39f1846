using System.Diagnostics;
using System.Text.Json;
using Pipeline.Cli.Tests.Support;
using Pipeline.Processes.Tests;

namespace Pipeline.Cli.Tests.Processes;

public sealed class ExecutorTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Process_InProcesses_GivesTheBytesOfTasksAtEveryWorkerCount()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-cli-");
        try
        {
            string photos = Path.Combine(folder.FullName, "in");
            SamplePhotos.RawFolder(photos, 4);
            SamplePhotos.Png(Path.Combine(photos, "picture.png"));
            SortedDictionary<string, string> expected = await Outputs(folder, photos, "tasks", 2);
            Assert.NotEmpty(expected);
            for (int workers = 1; workers <= 4; workers++)
                Assert.Equal(expected, await Outputs(folder, photos, "processes", workers));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Process_PhotoCrashesTheDecoder_IsQuarantinedAndTheOthersAreDone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-cli-");
        try
        {
            string photos = Path.Combine(folder.FullName, "in");
            SamplePhotos.RawFolder(photos, 3);
            SamplePhotos.Raw(Path.Combine(photos, "crashes_the_decoder.dng"));
            File.WriteAllText(Path.Combine(photos, "broken.dng"), "II*\0no photo");
            CliResult result = await CliRun.RunWithWorkersAsync(
                "Pipeline.Cli.TestWorker.dll", "process", photos, Path.Combine(photos, "broken.dng"), "--out", Path
                    .Combine(folder.FullName, "out"), "--sizes", "256",
                "--executor", "processes", "--workers", "2", "--no-progress", "--json", Path.Combine(folder.FullName, "run.json"));
            Assert.Equal(1, result.ExitCode);
            using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "run.json")));
            Assert.Equal("processes", json.RootElement.GetProperty("executor").GetString());
            Assert.Equal(3, json.RootElement.GetProperty("outputs").GetArrayLength());
            JsonElement crash = json.RootElement.GetProperty("failures").EnumerateArray()
                .Single(failure => failure.GetProperty("source").GetString()!.Contains("crashes_the_decoder", StringComparison.Ordinal));
            Assert.Equal(2, crash.GetProperty("attempts").GetInt32());
            Assert.Contains("quarantined", crash.GetProperty("error").GetString());
            Assert.Contains("signal 6 (SIGABRT)", crash.GetProperty("error").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Process_ToolIsKilled_NoWorkerProcessIsLeft()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for processes in /proc");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-cli-");
        try
        {
            string photos = Path.Combine(folder.FullName, "in");
            for (int i = 0; i < 6; i++)
                SamplePhotos.Raw(Path.Combine(photos, $"photo_{i}.dng"), i, 1920, 1280);
            string output = Directory.CreateDirectory(Path.Combine(folder.FullName, "out")).FullName;
            ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "Pipeline.Cli.dll"), "process", photos, "--out",
                output, "--executor", "processes", "--workers", "2" })
                start.ArgumentList.Add(argument);
            using Process tool = Process.Start(start)!;
            await FileSignal.WaitAsync(output, "*.jpg", s_limit); // the workers are at work
            int[] workers = Children(tool.Id);
            Assert.True(workers.Length >= 2 && !tool.HasExited, $"The tool has {workers.Length} workers.");
            using ProcessEnd end = new(workers);
            tool.Kill(); // SIGKILL: the tool itself cannot clean up
            await tool.WaitForExitAsync().WaitAsync(s_limit);
            Assert.Equal(0, await end.WaitAsync(s_limit));
            Assert.Empty(SharedMemory.HoldersOf($"pipeline-shared-{tool.Id}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<SortedDictionary<string, string>> Outputs(DirectoryInfo folder, string photos, string executor, int workers)
    {
        string output = Path.Combine(folder.FullName, $"{executor}{workers}");
        CliResult result = await CliRun.RunAsync(
            "process", photos, "--out", output, "--executor", executor, "--workers", $"{workers}",
            "--sizes", "480,256", "--sharpen", "0.5", "--no-progress");
        Assert.True(result.ExitCode == 0, result.Out + result.Error);
        return SamplePhotos.Hashes(output);
    }

    private static int[] Children(int process) =>
    [
        .. Directory.GetDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _))
        .Select(int.Parse!)
        .Where(id =>
        {
            try
            {
                string stat = File.ReadAllText($"/proc/{id}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{process}";
            }
            catch (IOException)
            {
                return false; // it ended while we looked
            }
        }),
    ];
}
