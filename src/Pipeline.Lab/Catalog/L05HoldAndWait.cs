namespace Pipeline.Lab;

internal static class L05HoldAndWait
{
    public static Lesson Create() => new()
    {
        Id = "L5",
        Name = "hold-and-wait",
        Title = "Coffman 2: do not hold while you wait",
        Problem = "There are two filter licenses, and a large photo needs both (one for each half). Two jobs take them one after the "
            + "other. "
            + "The licenses are alike, so no order among them could help. "
            + "This lesson takes the second condition away: that somebody holds one thing while waiting for another.",
        BrokenCode = LessonSource.Of(nameof(L05HoldAndWait), "broken"),
        Prediction = new Prediction(
            "Two licenses, two jobs, two for each job. What can happen?",
            ["the second job waits until the first has ended", "each job gets one license and waits for ever",
                "both jobs run at the same time"],
            1,
            "Nothing makes a job take both in one go. With one license each, both wait for a second one that the other will not give "
                + "back."),
        Hint = "What would you ask the pool for, if it let you ask once only?",
        Fix = "Ask for everything at once, and hold nothing while waiting: all or nothing. CrossProcessSemaphore can take several "
            + "permits in one call, and LockSet.AcquireAsync takes several locks.",
        FixedCode = LessonSource.Of(nameof(L05HoldAndWait), "fixed"),
        Broken = new ModelProgram("L5 broken", Broken),
        Repaired = new ModelProgram("L5 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                                           B
               0   take a permit of filter licenses (1 left)
                   --- preempted
               1                                               take a permit of filter licenses (0 left)
            => deadlock: circular wait of 2
                 A holds filter licenses, wants filter licenses (held by A, B)
                 B holds filter licenses, wants filter licenses (held by A, B)
                 Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelSemaphore licenses = world.Semaphore("filter licenses", permits: 2);
        for (int job = 0; job < 2; job++)
        {
            world.Participant(async () =>
            {
                await licenses.Acquire();       // for the left half
                await licenses.Acquire();       // for the right half
                await licenses.Release();
                await licenses.Release();
            });
        }
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelSemaphore licenses = world.Semaphore("filter licenses", permits: 2);
        for (int job = 0; job < 2; job++)
        {
            world.Participant(async () =>
            {
                await licenses.Acquire(2);      // both or none
                await licenses.Release(2);
            });
        }
        // end
    }
}
