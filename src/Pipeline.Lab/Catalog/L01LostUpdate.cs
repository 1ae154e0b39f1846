namespace Pipeline.Lab;

internal static class L01LostUpdate
{
    public static Lesson Create() => new()
    {
        Id = "L1",
        Name = "lost-update",
        Title = "Lost update: total_processed_images += 1",
        Problem = "Two workers each finish one photo and count it with total_processed_images += 1. The bill is made from the total. "
            + "The line looks like one action. It is three: read the total, add one, write the total.",
        BrokenCode = LessonSource.Of(nameof(L01LostUpdate), "broken"),
        Prediction = new Prediction(
            "Both workers have finished. What can the total be?",
            ["2, always", "1 or 2", "0, 1 or 2"],
            1,
            "If both read 0 before either writes, both write 1: one photo is never billed. It cannot stay 0, because each worker writes "
                + "at least 1."),
        Hint = "The switch that hurts lies between reading and writing. What if there were no \"between\"?",
        Fix = "Make it one step: Interlocked.Increment reads, adds and writes as a whole, so nobody can come in between.",
        FixedCode = LessonSource.Of(nameof(L01LostUpdate), "fixed"),
        Broken = new ModelProgram("L1 broken", Broken),
        Repaired = new ModelProgram("L1 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                                  B
               0   read total_processed_images: 0
                   --- preempted
               1                                      read total_processed_images: 0
               2                                      write total_processed_images = 1
               3   write total_processed_images = 1
            => broken: total_processed_images is 2, but it is 1
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelVariable<int> total = world.Variable("total_processed_images", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                int seen = await total.Read();      // total_processed_images += 1;
                await total.Write(seen + 1);
            });
        }

        world.AtEnd("total_processed_images is 2", () => total.Value == 2, () => $"it is {total.Value}");
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelVariable<int> total = world.Variable("total_processed_images", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                await total.Update(x => x + 1, "add 1 to");     // Interlocked.Increment(ref total_processed_images);
            });
        }

        world.AtEnd("total_processed_images is 2", () => total.Value == 2, () => $"it is {total.Value}");
        // end
    }
}
