namespace Pipeline.Lab;

internal static class L04MutualExclusion
{
    public static Lesson Create() => new()
    {
        Id = "L4",
        Name = "mutual-exclusion",
        Title = "Coffman 1: do without mutual exclusion",
        Problem = "A renderer needs the settings and the statistics and locks both to read them. A tuner reads the statistics and "
            + "changes the settings, "
            + "and locks them in the other order. A deadlock needs four conditions at once (Coffman, 1971); this lesson takes the first "
            + "one away: that only one may use a thing at a time.",
        BrokenCode = LessonSource.Of(nameof(L04MutualExclusion), "broken"),
        Prediction = new Prediction(
            "The renderer only reads. Which locks does it need, if the settings are an immutable object that the tuner replaces as a "
                + "whole?",
            ["both", "only the one of the settings", "none"],
            2,
            "A reader of an immutable object cannot be disturbed: it holds the old version or the new one, whole in either case. "
                + "Without a lock there is nothing to wait for."),
        Hint = "Who would notice if the renderer worked with the settings of a moment ago?",
        Fix = "Make the data immutable and swap the reference in one step. Readers take no lock, so they are in no circle.",
        FixedCode = LessonSource.Of(nameof(L04MutualExclusion), "fixed"),
        Broken = new ModelProgram("L4 broken", Broken),
        Repaired = new ModelProgram("L4 repaired", Repaired),
        ExpectedTrace =
            """
            step   renderer           tuner
               0   acquire settings
                   --- preempted
               1                      acquire statistics
            => deadlock: circular wait of 2
                 renderer holds settings, wants statistics (held by tuner)
                 tuner holds statistics, wants settings (held by renderer)
                 Coffman: mutual exclusion yes, hold and wait yes, no preemption yes, circular wait YES
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelLock settings = world.Lock("settings");
        ModelLock statistics = world.Lock("statistics");
        world.Participant("renderer", async () =>
        {
            await settings.Acquire();
            await statistics.Acquire();     // read both
            await statistics.Release();
            await settings.Release();
        });
        world.Participant("tuner", async () =>
        {
            await statistics.Acquire();
            await settings.Acquire();       // read one, change the other
            await settings.Release();
            await statistics.Release();
        });
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelVariable<(int Blur, int Photos)> current = world.Variable("current", (Blur: 1, Photos: 0));
        ModelVariable<bool> consistent = world.Variable("consistent", true);
        world.Participant("renderer", async () =>
        {
            (int blur, int photos) = await current.Read();      // one immutable object, no lock
            await consistent.Write(blur == photos + 1);
        });
        world.Participant("tuner", async () =>
        {
            await current.Update(old => (old.Blur + 1, old.Photos + 1), "replace");
        });
        world.AtEnd("the renderer saw one version", () => consistent.Value);
        // end
    }
}
