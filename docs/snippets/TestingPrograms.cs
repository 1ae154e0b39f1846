namespace Pipeline.Snippets;

/// <summary>The programs whose reports the pages show; a test compares the reports with the pages.</summary>
internal static class TestingPrograms
{
    // <snippet testing-model>
    public static ModelProgram TwoWorkers() => new("two workers", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant(async () =>
            {
                int seen = await total.Read();      // each await of a step is a place where another worker may come in
                await total.Write(seen + 1);
            });
        }

        world.AtEnd("total is 2", () => total.Value == 2, () => $"it is {total.Value}");
    });
    // </snippet>

    // <snippet testing-own-program>
    public static ControlledProgram LastPhotoTwice() => new("last photo twice", world =>
    {
        Quota quota = world.Named("quota", new Quota(photos: 1));     // fresh state for every run
        int taken = 0;
        for (int worker = 0; worker < 2; worker++)
        {
            world.Participant($"worker {worker}", () =>
            {
                if (quota.TryTake())
                    taken++;
            });
        }

        world.AtEnd("one photo is taken", () => taken == 1, () => $"{taken} are");
    });
    // </snippet>

    // <snippet testing-own-code>
    public sealed class Quota(int photos)
    {
        private int _left = photos;

        public bool TryTake()
        {
            SyncPoint.Before(SyncPointKind.Read, this);     // another worker may come in here,
            if (_left == 0)
                return false;
            SyncPoint.Before(SyncPointKind.Write, this);    // and here
            _left--;
            return true;
        }
    }
    // </snippet>
}
