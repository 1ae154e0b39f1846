namespace Pipeline.Lab;

internal static class L07CircularWait
{
    public static Lesson Create() => new()
    {
        Id = "L7",
        Name = "circular-wait",
        Title = "Coffman 4: one order for all licenses",
        Problem = "Every job names the licenses it needs in the order of its own recipe: filter and watermark, watermark and encode, "
            + "encode and filter. "
            + "No two recipes contradict each other directly. This lesson takes the fourth condition away: a circle of waiting.",
        BrokenCode = LessonSource.Of(nameof(L07CircularWait), "broken"),
        Prediction = new Prediction(
            "Is there a pair of jobs that takes the same two licenses in opposite orders, as in L3?",
            ["yes, so they can block each other", "no, so nothing can happen", "no, and yet all three can block each other"],
            2,
            "A circle can be of any length. Checking pairs is not enough: filter before watermark, watermark before encode, encode "
                + "before filter closes the ring over three."),
        Hint = "Number the licenses. What is true of the numbers along a chain of waiting, if everybody takes lower numbers first?",
        Fix = "Give every license a rank and take them by rising rank, whatever the recipe says. Along a chain of waiting the ranks "
            + "then rise, so it can never come back to its start. OrderedLock and LockSet enforce it.",
        FixedCode = LessonSource.Of(nameof(L07CircularWait), "fixed"),
        Broken = new ModelProgram("L7 broken", Broken),
        Repaired = new ModelProgram("L7 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                B                   C
               0   acquire filter
                   --- preempted
               1                                        acquire encode
               2                    acquire watermark
            => deadlock: circular wait of 3
                 A holds filter, wants watermark (held by B)
                 B holds watermark, wants encode (held by C)
                 C holds encode, wants filter (held by A)
                 Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        ModelLock encode = world.Lock("encode");
        world.Participant(() => Job(filter, watermark));
        world.Participant(() => Job(watermark, encode));
        world.Participant(() => Job(encode, filter));

        static async Task Job(params ModelLock[] recipe)
        {
            foreach (ModelLock license in recipe)
                await license.Acquire();
            foreach (ModelLock license in recipe)
                await license.Release();
        }
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelLock filter = world.Lock("filter");            // rank 0
        ModelLock watermark = world.Lock("watermark");      // rank 1
        ModelLock encode = world.Lock("encode");            // rank 2
        ModelLock[] ranks = [filter, watermark, encode];
        world.Participant(() => Job(filter, watermark));
        world.Participant(() => Job(watermark, encode));
        world.Participant(() => Job(encode, filter));

        async Task Job(params ModelLock[] recipe)
        {
            foreach (ModelLock license in recipe.OrderBy(l => Array.IndexOf(ranks, l)))
                await license.Acquire();
            foreach (ModelLock license in recipe)
                await license.Release();
        }
        // end
    }
}
