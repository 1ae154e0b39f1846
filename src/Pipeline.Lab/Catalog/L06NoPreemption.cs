namespace Pipeline.Lab;

internal static class L06NoPreemption
{
    public static Lesson Create() => new()
    {
        Id = "L6",
        Name = "no-preemption",
        Title = "Coffman 3: give back after a time-out",
        Problem = "The jobs of L3 got a time-out: who waits too long gives the first license back, pauses and tries again, twice at most. "
            + "This takes the third condition away: that nobody can be made to give something back. Nobody is blocked for ever now.",
        BrokenCode = LessonSource.Of(nameof(L06NoPreemption), "broken"),
        Prediction = new Prediction(
            "Both jobs use the same time-out and the same pause. Will both photos be done?",
            ["yes, the time-out resolves every deadlock", "not always: they may give up and retry in step, each time", "no, never"],
            1,
            "Like two people in a corridor who step aside to the same side, again and again. Nobody is blocked and nobody gets through: "
                + "a livelock. No unlucky switch is needed, only equal times."),
        Hint = "What must not be equal for two people who step aside?",
        Fix = "Let the pauses differ: each job its own, or a random one (jitter). The first to come back finds both licenses free.",
        FixedCode = LessonSource.Of(nameof(L06NoPreemption), "fixed"),
        Broken = new ModelProgram("L6 broken", Broken),
        Repaired = new ModelProgram("L6 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                              B
               0   acquire filter
               1                                  acquire watermark
               2                                  slept 1
               3   slept 1
               4   acquire watermark: timed out
               5   release filter
               6                                  acquire filter: timed out
               7                                  release watermark
               8                                  slept 1
               9                                  acquire watermark
              10   slept 1
              11   acquire filter
              12   slept 1
              13                                  slept 1
              14                                  acquire filter: timed out
              15                                  release watermark
              16   acquire watermark: timed out
              17   release filter
              18   slept 1
              19                                  slept 1
            => broken: both photos are done, but 0 of 2
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        ModelVariable<int> done = world.Variable("done", 0);
        world.Participant(() => Job(filter, watermark, pause: 1));
        world.Participant(() => Job(watermark, filter, pause: 1));
        world.AtEnd("both photos are done", () => done.Value == 2, () => $"{done.Value} of 2");

        async Task Job(ModelLock first, ModelLock second, int pause)
        {
            for (int attempt = 1; attempt <= 2; attempt++)
            {
                await first.Acquire();
                await world.Sleep(1);                                   // the work under the first license
                bool both = await second.TryAcquire(timeoutTicks: 2);
                if (both)
                {
                    await done.Update(x => x + 1, "add 1 to");
                    await second.Release();
                }

                await first.Release();
                if (both)
                    return;
                await world.Sleep(pause);
            }
        }
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        ModelVariable<int> done = world.Variable("done", 0);
        world.Participant(() => Job(filter, watermark, pause: 1));
        world.Participant(() => Job(watermark, filter, pause: 4));      // not the same pause
        world.AtEnd("both photos are done", () => done.Value == 2, () => $"{done.Value} of 2");

        async Task Job(ModelLock first, ModelLock second, int pause)
        {
            for (int attempt = 1; attempt <= 2; attempt++)
            {
                await first.Acquire();
                await world.Sleep(1);
                bool both = await second.TryAcquire(timeoutTicks: 2);
                if (both)
                {
                    await done.Update(x => x + 1, "add 1 to");
                    await second.Release();
                }

                await first.Release();
                if (both)
                    return;
                await world.Sleep(pause);
            }
        }
        // end
    }
}
