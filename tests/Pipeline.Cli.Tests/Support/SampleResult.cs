using Pipeline.Core;
using Pipeline.Imaging;

namespace Pipeline.Cli.Tests.Support;

/// <summary>A run's result with known numbers, for the tests of the reports.</summary>
internal static class SampleResult
{
    public static StageReport Stage(string name, double busy, double starved = 0, double blocked = 0, long items = 10) => new()
    {
        Name = name,
        Workers = 2,
        Items = items,
        Retries = 0,
        Failures = 0,
        Busy = TimeSpan.FromSeconds(busy),
        Starved = TimeSpan.FromSeconds(starved),
        Blocked = TimeSpan.FromSeconds(blocked),
        BlockedByAdmission = TimeSpan.Zero,
        Ordering = TimeSpan.Zero,
        Framework = TimeSpan.Zero,
        PeakQueueLength = 3,
    };

    public static RunReport Report(double elapsed, params StageReport[] stages) => new()
    {
        PipelineName = "develop",
        Outcome = RunOutcome.Completed,
        Elapsed = TimeSpan.FromSeconds(elapsed),
        ItemsIn = 10,
        ItemsCompleted = 9,
        ItemsFailed = 1,
        ItemsSkipped = 0,
        ItemsUnfinished = 0,
        MemoryBudgetBytes = 2L << 30,
        PeakInFlightBytes = 700L << 20,
        ItemsOverBudget = 0,
        Stages = stages,
        Failures = [],
    };

    public static InputPhoto Photo(string path, string folder = "", string root = "in", string? realPath = null) =>
        new(new PhotoSource(path, new PhotoHeader(PhotoKind.Raw, 4, 3, 1, 10)), realPath ?? "/" + path, folder, root, 10, 20);

    public static JobResult Job(RunReport? report = null)
    {
        InputPhoto photo = Photo("in/a & b.dng");
        PlannedPhoto planned = new(photo, "a & b");
        return new JobResult
        {
            Settings =
                new PhotoJobSettings { OutputFolder = "out", Workers = 2, MemoryBytes = 2L << 30, Json = "run.json", Report = "run.html" },
            Inputs = new InputSet([photo], [], ["in/notes.txt"], Duplicates: 1),
            Plan = new OutputPlan([planned], []),
            Report = report ?? Report(10, Stage("decode", 15, 1, 4), Stage("encode", 4, 16)),
            Photos =
            [
                new PhotoResult(planned,
                [
                    new FinishedOutput("a & b_1920.jpg", 1920, 1440, 960, "jpeg", 5000, "aa"),
                    new FinishedOutput("a & b_256.jpg", 256, 256, 171, "jpeg", 700, "bb"),
                ]),
            ],
            Failures = [new PhotoFailureInfo("in/<bad>.nef", "decode", 1, "It is cut off.")],
            Resumed = 0,
            PeakRssBytes = 1L << 30,
            StopReason = null,
            ExitCode = ExitCodes.SomeFailed,
        }.Analyzed();
    }
}
