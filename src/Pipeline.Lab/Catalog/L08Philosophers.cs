namespace Pipeline.Lab;

internal static class L08Philosophers
{
    public static Lesson Create() => new()
    {
        Id = "L8",
        Name = "philosophers",
        Title = "Five philosophers",
        Problem = "Dijkstra's table: five philosophers, five forks, each needs the fork on the left and the fork on the right, and "
            + "takes the left one first.",
        BrokenCode = LessonSource.Of(nameof(L08Philosophers), "broken"),
        Prediction = new Prediction(
            "How many of the five must be interrupted with one fork in hand, so that all starve?",
            ["five", "four", "one"],
            2,
            "Only the first. The next philosopher to run is stopped by the table itself: the fork to the right is taken, so waiting "
                + "begins with one fork in hand; and so on around."),
        Hint = "The seats are equal, and that is the trouble. What if one philosopher differed?",
        Fix = "Number the forks and take the lower number first. Only the last philosopher changes hands, and the ring is open.",
        FixedCode = LessonSource.Of(nameof(L08Philosophers), "fixed"),
        Broken = new ModelProgram("L8 broken", Broken),
        Repaired = new ModelProgram("L8 repaired", Repaired),
        ExpectedTrace =
            """
            step   P0              P1              P2              P3              P4
               0   acquire fork0
                   --- preempted
               1                                                                   acquire fork4
               2                                                   acquire fork3
               3                                   acquire fork2
               4                   acquire fork1
            => deadlock: circular wait of 5
                 P0 holds fork0, wants fork1 (held by P1)
                 P1 holds fork1, wants fork2 (held by P2)
                 P2 holds fork2, wants fork3 (held by P3)
                 P3 holds fork3, wants fork4 (held by P4)
                 P4 holds fork4, wants fork0 (held by P0)
                 Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelLock[] forks = [.. Enumerable.Range(0, 5).Select(i => world.Lock($"fork{i}"))];
        for (int seat = 0; seat < 5; seat++)
        {
            ModelLock left = forks[seat];
            ModelLock right = forks[(seat + 1) % 5];
            world.Participant($"P{seat}", async () =>
            {
                await left.Acquire();
                await right.Acquire();      // eat
                await right.Release();
                await left.Release();
            });
        }
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelLock[] forks = [.. Enumerable.Range(0, 5).Select(i => world.Lock($"fork{i}"))];
        for (int seat = 0; seat < 5; seat++)
        {
            ModelLock low = forks[Math.Min(seat, (seat + 1) % 5)];
            ModelLock high = forks[Math.Max(seat, (seat + 1) % 5)];
            world.Participant($"P{seat}", async () =>
            {
                await low.Acquire();        // the lower number first
                await high.Acquire();       // eat
                await high.Release();
                await low.Release();
            });
        }
        // end
    }
}
