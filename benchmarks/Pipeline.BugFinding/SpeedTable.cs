using System.Diagnostics;
using Pipeline.Testing;

namespace Pipeline.BugFinding;

/// <summary>How many schedules of correct programs are run in a second.</summary>
internal static class SpeedTable
{
    private static readonly TimeSpan s_atLeast = TimeSpan.FromSeconds(0.5);

    public static void Print()
    {
        Console.WriteLine("## Schedules per second\n\nModel programs, one thread. *Skipped* counts the schedules that were given up "
            + "because an equivalent one was run; they count as run in the speed. Each exploration runs once before the time counts, "
            + "then again and again for at least half a second. The time includes the canaries, and for exhaustive searches the smaller "
            + "bounds, whose schedules are not counted.\n");
        Console.WriteLine("| program | search | schedules | skipped | schedules per second |\n|---|---|--:|--:|--:|");
        foreach ((string name, ModelProgram program, int bound) in Programs())
        {
            Progress.Say($"speed: {name}");
            foreach (bool skip in new[] { false, true })
                Console.WriteLine(Measure(name, program, SearchStrategy.Exhaustive(bound), skip));
            Console.WriteLine(Measure(name, program, SearchStrategy.EverySchedule, true));
            Console.WriteLine(Measure(name, program, SearchStrategy.Random(1, 20_000), true));
        }
    }

    private static IEnumerable<(string Name, ModelProgram Program, int Bound)> Programs() =>
    [
        ("2 participants x 3 updates", Updates(2, 3), 3),
        ("3 participants x 3 updates", Updates(3, 3), 2),
        ("two locks in one order, 40 steps of padding", Locks(40), 2),
        ("5 philosophers, ordered", Philosophers(5), 2),
    ];

    private static string Measure(string name, ModelProgram program, SearchStrategy strategy, bool skip)
    {
        Explorer explorer = new(new ExplorerOptions { SkipEquivalent = skip, ScheduleLimit = 200_000 });
        ExplorationReport report = explorer.Explore(program, strategy);
        int repeats = 0;
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < s_atLeast)
        {
            explorer.Explore(program, strategy);
            repeats++;
        }

        double perSecond = repeats * (report.Schedules + report.Equivalent) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        string limit = report.IsComplete ? "" : " (limit)";
        return $"| {name} | {report.Strategy}{(skip ? "" : ", nothing skipped")} | {report.Schedules:#,0}{limit} | "
            + $"{report.Equivalent:#,0} | {perSecond:#,0} |";
    }

    private static ModelProgram Updates(int participants, int updates) => new("updates", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int p = 0; p < participants; p++)
        {
            world.Participant(async () =>
            {
                for (int i = 0; i < updates; i++)
                    await total.Update(x => x + 1);
            });
        }

        world.AtEnd("every update counts", () => total.Value == participants * updates);
    });

    private static ModelProgram Locks(int padding) => new("locks", world =>
    {
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        for (int p = 0; p < 2; p++)
        {
            ModelVariable<int> own = world.Variable($"work{p}", 0);
            world.Participant(async () =>
            {
                for (int i = 0; i < padding / 2; i++)
                    await own.Write(i);
                await filter.Acquire();
                await watermark.Acquire();
                await watermark.Release();
                await filter.Release();
                for (int i = 0; i < padding / 2; i++)
                    await own.Write(i);
            });
        }
    });

    private static ModelProgram Philosophers(int count) => new("philosophers", world =>
    {
        ModelLock[] forks = [.. Enumerable.Range(0, count).Select(i => world.Lock($"fork{i}"))];
        for (int seat = 0; seat < count; seat++)
        {
            ModelLock low = forks[Math.Min(seat, (seat + 1) % count)];
            ModelLock high = forks[Math.Max(seat, (seat + 1) % count)];
            world.Participant($"P{seat}", async () =>
            {
                await low.Acquire();
                await high.Acquire();
                await high.Release();
                await low.Release();
            });
        }
    });
}
