namespace Pipeline.Testing.Tests;

/// <summary>The small programs that many tests use.</summary>
internal static class Programs
{
    public static ModelProgram LostUpdate(int participants = 2, int increments = 1) => new("lost update", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int i = 0; i < participants; i++)
        {
            world.Participant(async () =>
            {
                for (int n = 0; n < increments; n++)
                {
                    int seen = await total.Read();
                    await total.Write(seen + 1);
                }
            });
        }

        world.AtEnd($"total is {participants * increments}", () => total.Value == participants * increments, () => $"it is {total.Value}");
    });

    public static ModelProgram AtomicUpdate(int participants = 2, int increments = 1) => new("atomic update", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int i = 0; i < participants; i++)
        {
            world.Participant(async () =>
            {
                for (int n = 0; n < increments; n++)
                    await total.Update(x => x + 1, "add 1 to");
            });
        }

        world.AtEnd($"total is {participants * increments}", () => total.Value == participants * increments);
    });

    public static ModelProgram OppositeOrder(int padding = 0, bool sameOrder = false) => new("A-B / B-A", world =>
    {
        ModelLock filter = world.Lock("filter");
        ModelLock watermark = world.Lock("watermark");
        ModelVariable<int>[] work = [world.Variable("workA", 0), world.Variable("workB", 0)];
        world.Participant(() => TakeBoth(filter, watermark, work[0]));
        world.Participant(() => sameOrder ? TakeBoth(filter, watermark, work[1]) : TakeBoth(watermark, filter, work[1]));

        async Task TakeBoth(ModelLock first, ModelLock second, ModelVariable<int> own)
        {
            for (int i = 0; i < padding / 2; i++)
                await own.Write(i);
            await first.Acquire();
            await second.Acquire();
            await second.Release();
            await first.Release();
            for (int i = padding / 2; i < padding; i++)
                await own.Write(i);
        }
    });

    public static ModelProgram Philosophers(int count, bool ordered = false) => new($"{count} philosophers", world =>
    {
        ModelLock[] forks = [.. Enumerable.Range(0, count).Select(i => world.Lock($"fork{i}"))];
        for (int i = 0; i < count; i++)
        {
            ModelLock left = forks[i];
            ModelLock right = forks[(i + 1) % count];
            (ModelLock first, ModelLock second) = ordered && i == count - 1 ? (right, left) : (left, right);
            world.Participant($"P{i}", async () =>
            {
                await first.Acquire();
                await second.Acquire();
                await second.Release();
                await first.Release();
            });
        }
    });
}
