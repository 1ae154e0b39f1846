namespace Pipeline.Lab;

internal static class L11DoubleCharge
{
    public static Lesson Create() => new()
    {
        Id = "L11",
        Name = "double-charge",
        Title = "A retry that charges twice",
        Problem = "A worker charges the customer for a photo and publishes the photo. If it is killed, its supervisor starts it again "
            + "and it does the photo once more. "
            + "What is billed must equal what was published.",
        BrokenCode = LessonSource.Of(nameof(L11DoubleCharge), "broken"),
        Prediction = new Prediction(
            "The worker is killed once, at the worst moment. What does the customer see?",
            ["one photo, one charge", "one photo, two charges", "no photo, no charge"],
            1,
            "Killed after the charge and before the publishing, the second attempt charges again, because it cannot know what the first "
                + "one did."),
        Hint = "Two changes: which of the two effects can be repeated without harm? And how could the ledger recognize the second charge?",
        Fix = "Publish first, under a name made from the photo (repeating it changes nothing); then charge under a key made from the "
            + "photo, which the ledger accepts once. "
            + "Wherever the kill falls, the retry completes what is missing and repeats nothing.",
        FixedCode = LessonSource.Of(nameof(L11DoubleCharge), "fixed"),
        Broken = new ModelProgram("L11 broken", Broken, crashes: 1),
        Repaired = new ModelProgram("L11 repaired", Repaired, crashes: 2),
        ExpectedTrace =
            """
            step   worker
               0   append photo1 to ledger
               1   KILLED, starts again (attempt 2)
               2   append photo1 to ledger
               3   append photo1 to outputs
            => broken: ledger holds each key exactly once, but photo1 is there 2 times
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelJournal ledger = world.Journal("ledger");
        ModelJournal outputs = world.Journal("outputs");
        world.Process("worker", async attempt =>
        {
            await ledger.Append("photo1");
            await outputs.AppendOnce("photo1");
        }, restarts: 1);
        world.TotalEqualsKeys(ledger, () => outputs.Keys);
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelJournal ledger = world.Journal("ledger");
        ModelJournal outputs = world.Journal("outputs");
        world.Process("worker", async attempt =>
        {
            await outputs.AppendOnce("photo1");     // write to a temporary file, then rename
            await ledger.AppendOnce("photo1");      // the key is made from the photo, not from the attempt
        }, restarts: 2);
        world.TotalEqualsKeys(ledger, () => outputs.Keys);
        // end
    }
}
