namespace Pipeline.Lab;

internal static class L10TornPair
{
    public static Lesson Create() => new()
    {
        Id = "L10",
        Name = "torn-pair",
        Title = "Two numbers that must agree",
        Problem = "A worker keeps two numbers in a memory-mapped file: photos, and bytes (50 for each photo). It writes one after the "
            + "other. "
            + "The file survives the worker, and the next worker goes on from it.",
        BrokenCode = LessonSource.Of(nameof(L10TornPair), "broken"),
        Prediction = new Prediction(
            "Each write is atomic, and there is only one writer. Can the file hold numbers that never belonged together?",
            ["no: there is one writer and each write is atomic", "yes, after a crash", "yes, even without a crash, at the end of the run"],
            1,
            "Two atomic writes are not one atomic write. A death between them leaves the new count beside the old bytes, for ever: "
                + "nobody will ever finish the second write."),
        Hint = "Write somewhere that nobody looks at. What is then the one thing left to write?",
        Fix = "Keep two copies. Write the pair into the copy that is not in use, then flip one number that says which copy counts. The "
            + "flip is one step: before it the old pair counts, after it the new one.",
        FixedCode = LessonSource.Of(nameof(L10TornPair), "fixed"),
        Broken = new ModelProgram("L10 broken", Broken, crashes: 1),
        Repaired = new ModelProgram("L10 repaired", Repaired, crashes: 2),
        ExpectedTrace =
            """
            step   worker
               0   read photos: 0
               1   write photos = 1
               2   KILLED
            => broken: bytes is 50 x photos, but photos = 1, bytes = 0
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelVariable<int> photos = world.Variable("photos", 0);
        ModelVariable<int> bytes = world.Variable("bytes", 0);
        world.Process("worker", async _ =>
        {
            await photos.Write(await photos.Read() + 1);
            await bytes.Write(await bytes.Read() + 50);
        });
        world.AtEnd(
            "bytes is 50 x photos", () => bytes.Value == 50 * photos.Value, () => $"photos = {photos.Value}, bytes = {bytes.Value}");
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelVariable<int>[] photos = [world.Variable("photos[0]", 0), world.Variable("photos[1]", 0)];
        ModelVariable<int>[] bytes = [world.Variable("bytes[0]", 0), world.Variable("bytes[1]", 0)];
        ModelVariable<int> inUse = world.Variable("in use", 0);
        world.Process("worker", async _ =>
        {
            int now = await inUse.Read();
            int spare = 1 - now;
            await photos[spare].Write(await photos[now].Read() + 1);
            await bytes[spare].Write(await bytes[now].Read() + 50);
            await inUse.Write(spare);       // from here on the new pair counts
        }, restarts: 2);
        world.AtEnd("bytes is 50 x photos", () => bytes[inUse.Value].Value == 50 * photos[inUse.Value].Value);
        // end
    }
}
