namespace Pipeline.Lab;

internal static class L12StaleAcrossAwait
{
    public static Lesson Create() => new()
    {
        Id = "L12",
        Name = "stale-await",
        Title = "Async: no second thread, the same race",
        Problem = "Two async methods run on one thread, say the one of a user interface. Each reads the total, awaits the decoding of "
            + "its photo, and writes total + 1. "
            + "There is only one thread, and nobody interrupts anybody.",
        BrokenCode = LessonSource.Of(nameof(L12StaleAcrossAwait), "broken"),
        Prediction = new Prediction(
            "One thread, no interruption. Can an update get lost?",
            ["no: one thread cannot race with itself", "yes: await lets the other method run", "only with ConfigureAwait(false)"],
            1,
            "An await is an invitation to switch. What was read before it may be old news after it, thread or no thread. No preemption "
                + "is needed at all."),
        Hint = "Where does the value of the total grow old?",
        Fix = "Carry nothing across an await that others may change: decode first, then read, add and write without an await in between.",
        FixedCode = LessonSource.Of(nameof(L12StaleAcrossAwait), "fixed"),
        Broken = new ModelProgram("L12 broken", Broken),
        Repaired = new ModelProgram("L12 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                 B
               0   read total: 0
               1                     read total: 0
               2   yield
               3   write total = 1
               4                     yield
               5                     write total = 1
            => broken: total is 2, but it is 1
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelVariable<int> total = world.Variable("total", 0);
        for (int method = 0; method < 2; method++)
        {
            world.Participant(async () =>
            {
                int seen = await total.Read();
                await world.Yield();                            // await DecodeAsync(photo);
                await total.Write(seen + 1);                    // total = seen + 1;
            });
        }

        world.AtEnd("total is 2", () => total.Value == 2, () => $"it is {total.Value}");
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelVariable<int> total = world.Variable("total", 0);
        for (int method = 0; method < 2; method++)
        {
            world.Participant(async () =>
            {
                await world.Yield();                            // await DecodeAsync(photo);
                await total.Update(x => x + 1, "add 1 to");     // total += 1; no await inside, so one step on one thread
            });
        }

        world.AtEnd("total is 2", () => total.Value == 2, () => $"it is {total.Value}");
        // end
    }
}
