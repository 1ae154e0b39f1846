namespace Pipeline.Lab;

internal static class L02CheckThenAct
{
    public static Lesson Create() => new()
    {
        Id = "L2",
        Name = "check-then-act",
        Title = "Check, then act: the same photo twice",
        Problem = "Two workers are handed the same photo. Each looks whether the photo is in the list of claimed photos; if it is not, "
            + "the worker claims it and "
            + "processes it. A photo must be processed once.",
        BrokenCode = LessonSource.Of(nameof(L02CheckThenAct), "broken"),
        Prediction = new Prediction(
            "Each worker checks before it claims. Can both process the photo?",
            ["no, the check prevents it", "yes, if one is interrupted after its check", "only on a machine with several processors"],
            1,
            "The answer of the check is about the past. By the time the worker acts on it, the other one has asked the same question "
                + "and got the same answer. One processor is enough: it only has to switch."),
        Hint = "Checking and claiming must not be two actions. Which one action tells you that you were the first?",
        Fix = "Claim first, and let the claim say whether it was the first: ConcurrentDictionary.TryAdd, a unique key in a table, "
            + "File.Open with FileMode.CreateNew.",
        FixedCode = LessonSource.Of(nameof(L02CheckThenAct), "fixed"),
        Broken = new ModelProgram("L2 broken", Broken),
        Repaired = new ModelProgram("L2 repaired", Repaired),
        ExpectedTrace =
            """
            step   A                                       B
               0   look for photo7 in claimed: not there
                   --- preempted
               1                                           look for photo7 in claimed: not there
               2                                           append photo7 to claimed
               3                                           add 1 to processed: 1
               4   append photo7 to claimed
               5   add 1 to processed: 2
            => broken: photo7 is processed once, but 2 times
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelJournal claimed = world.Journal("claimed");
        ModelVariable<int> processed = world.Variable("processed", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                if (await claimed.Contains("photo7"))
                    return;
                await claimed.Append("photo7");
                await processed.Update(x => x + 1, "add 1 to");
            });
        }

        world.AtEnd("photo7 is processed once", () => processed.Value == 1, () => $"{processed.Value} times");
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelJournal claimed = world.Journal("claimed");
        ModelVariable<int> processed = world.Variable("processed", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                if (!await claimed.AppendOnce("photo7"))    // claimed.TryAdd("photo7")
                    return;
                await processed.Update(x => x + 1, "add 1 to");
            });
        }

        world.AtEnd("photo7 is processed once", () => processed.Value == 1, () => $"{processed.Value} times");
        // end
    }
}
