namespace Pipeline.Testing.Tests.Seeded;

/// <summary>Copies of our own primitives, each with one defect. The explorer must find every one.</summary>
public sealed class SeededCopyTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Explore_PoolThatForgetsAtACrash_IsFoundWithOneCrash()
    {
        Counterexample found = _explorer.Explore(new ControlledProgram("forgetful pool", world =>
        {
            ForgetfulPool pool = new(1);
            for (int i = 0; i < 2; i++)
            {
                world.Process($"P{i}", async _ =>
                {
                    await pool.AcquireAsync();
                    pool.Release();
                }, onKill: static () => { });
            }

            world.AtEnd("the license is free", () => pool.Free == 1);
        }, crashes: 1)).Counterexample!;

        Assert.Equal((1, 0), (found.Schedule.Crashes.Length, found.Schedule.Preemptions.Length));
        Assert.True(found.Certificate.IsMinimal);
    }

    [Fact]
    public void Explore_LedgerThatChargesFirst_IsFoundWithOneCrash()
    {
        Counterexample found = _explorer.Explore(new ControlledProgram("eager ledger", world =>
        {
            EagerLedger ledger = new();
            world.Process("worker", attempt =>
            {
                ledger.Complete("photo1", attempt);
                return Task.CompletedTask;
            }, onKill: static () => { }, restarts: 1);
            world.AtEnd(
                "each published photo is charged once", () => ledger.ChargedPhotos.SequenceEqual(ledger.Published), () =>
                    string.Join(' ', ledger.ChargedPhotos));
        }, crashes: 1)).Counterexample!;

        Assert.Equal("broken: each published photo is charged once, but photo1 photo1", found.Failure.Message);
        Assert.Equal(1, found.Schedule.Cost);
    }

    [Fact]
    public void Explore_LockSetThatDoesNotRollBack_IsFoundWithOnePreemption()
    {
        Counterexample found = _explorer.Explore(new ControlledProgram("leaky lock set", world =>
        {
            PlainLock filter = new("filter");
            PlainLock watermark = new("watermark");
            world.Participant("both", () =>
            {
                if (LeakyLockSet.TryEnter(filter, watermark))
                    LeakyLockSet.Exit(filter, watermark);
            });
            world.Participant("stamp", () =>
            {
                watermark.Enter();
                watermark.Exit();
            });
            world.AtEnd("every lock is free", () => !filter.IsHeld && !watermark.IsHeld);
        })).Counterexample!;

        Assert.Equal(1, found.Schedule.Cost);
        Assert.True(found.Certificate.IsMinimal);
    }
}
