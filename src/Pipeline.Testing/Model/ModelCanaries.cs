namespace Pipeline.Testing;

/// <summary>Two programs that must fail. They run before every exploration; if one passes, the explorer is blind.</summary>
internal static class ModelCanaries
{
    private static readonly ExplorerOptions s_options = new();
    private static readonly ModelProgram[] s_controlled = Create(isControlled: true);

    public static void Check(bool isControlled)
    {
        foreach (ModelProgram canary in isControlled ? s_controlled : Create(false))
        {
            if (new BoundedSearch(canary, 1, s_options).FindFirst() is null)
                throw new ExplorerBlindException(canary.Name, "The steps of model programs do not reach the scheduler.");
        }
    }

    private static ModelProgram[] Create(bool isControlled) =>
    [
        new ModelProgram("racy counter", RacyCounter) { IsControlled = isControlled },
        new ModelProgram("A-B / B-A", OppositeOrder) { IsControlled = isControlled },
    ];

    private static void RacyCounter(ModelWorld world)
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int i = 0; i < 2; i++)
            world.Participant(Increment);
        world.AtEnd("total is 2", () => total.Value == 2);

        async Task Increment()
        {
            int seen = await total.Read();
            await total.Write(seen + 1);
        }
    }

    private static void OppositeOrder(ModelWorld world)
    {
        ModelLock a = world.Lock("a");
        ModelLock b = world.Lock("b");
        world.Participant(() => TakeBoth(a, b));
        world.Participant(() => TakeBoth(b, a));

        static async Task TakeBoth(ModelLock first, ModelLock second)
        {
            await first.Acquire();
            await second.Acquire();
            await second.Release();
            await first.Release();
        }
    }
}
