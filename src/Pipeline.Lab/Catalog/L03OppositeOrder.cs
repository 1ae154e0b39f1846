namespace Pipeline.Lab;

internal static class L03OppositeOrder
{
    public static Lesson Create() => new()
    {
        Id = "L3",
        Name = "opposite-order",
        Title = "Deadlock: two licenses in opposite orders",
        Problem = "There is one filter license and one watermark license. Job A blurs first and stamps then; job B stamps first and "
            + "blurs then. "
            + "Each job keeps its first license while it asks for the second.",
        BrokenCode = LessonSource.Of(nameof(L03OppositeOrder), "broken"),
        Prediction = new Prediction(
            "Each license is taken and given back correctly. What can happen?",
            ["both jobs always end", "the jobs can block each other for ever", "one license can be held by both jobs"],
            1,
            "After A has the filter license and B the watermark license, each waits for what the other will only give back when it is "
                + "served. Nobody is wrong alone; the pair is."),
        Hint = "Draw an arrow from each job to the license it waits for, and from each license to the job that holds it. Where is the "
            + "ring?",
        Fix = "Let both jobs take the licenses in the same order. Whoever has the filter license can then never wait for somebody who "
            + "wants the filter license.",
        FixedCode = LessonSource.Of(nameof(L03OppositeOrder), "fixed"),
        Broken = new ModelProgram("L3 broken", Broken),
        Repaired = new ModelProgram("L3 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                B
               0   acquire filter
                   --- preempted
               1                    acquire watermark
            => deadlock: circular wait of 2
                 A holds filter, wants watermark (held by B)
                 B holds watermark, wants filter (held by A)
                 Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        world.Participant(async () =>
        {
            await filter.Acquire();
            await watermark.Acquire();      // blur, then stamp
            await watermark.Release();
            await filter.Release();
        });
        world.Participant(async () =>
        {
            await watermark.Acquire();
            await filter.Acquire();         // stamp, then blur
            await filter.Release();
            await watermark.Release();
        });
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        for (int job = 0; job < 2; job++)
        {
            world.Participant(async () =>
            {
                await filter.Acquire();         // both jobs: filter first
                await watermark.Acquire();
                await watermark.Release();
                await filter.Release();
            });
        }
        // end
    }
}
