namespace Pipeline.Testing.Tests.Model;

public sealed class CrashTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Explore_PermitHeldInMemoryAtACrash_IsLostWithOneCrashAndNoPreemption()
    {
        Counterexample found = _explorer.Explore(LicensePool(CrashEffect.StaysHeld)).Counterexample!;

        Assert.Single(found.Schedule.Crashes);
        Assert.Empty(found.Schedule.Preemptions);
        Assert.Contains("none with 0 preemptions and 0 crashes", found.Certificate.Text, StringComparison.Ordinal);
        Assert.Contains("KILLED", found.Trace.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_PermitReturnedByTheKernel_IsProven() =>
        Assert.True(_explorer.Explore(LicensePool(CrashEffect.ReturnedByKernel)).IsProof);

    [Fact]
    public void Explore_RestartedProcess_RunsItsBodyAgainWithTheNextAttempt()
    {
        ModelProgram program = new("attempts", world =>
        {
            ModelJournal log = world.Journal("log");
            world.Process("worker", async attempt => await log.Append($"attempt{attempt}"), restarts: 1);
            world.AtEnd("first attempt writes", () => log.Keys is ["attempt1"], () => string.Join(' ', log.Keys));
        }, crashes: 1);

        Counterexample found = _explorer.Explore(program).Counterexample!;
        Assert.Contains("but attempt2", found.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_CrashInsideTryFinally_DoesNotRunTheFinally()
    {
        ModelProgram program = new("finally", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            ModelVariable<string> cleaned = world.Variable("cleaned", "no");
            world.Process("worker", async _ =>
            {
                try
                {
                    await x.Write(1);
                }
                finally
                {
                    await cleaned.Write("yes");
                }
            });
            world.AtEnd("cleaned up", () => cleaned.Value == "yes");
        }, crashes: 1);

        Assert.Equal(1, _explorer.Explore(program).Counterexample!.Schedule.Cost);
    }

    private static ModelProgram LicensePool(CrashEffect onCrash) => new("license pool", world =>
    {
        ModelSemaphore pool = world.Semaphore("licenses", 1, onCrash);
        for (int i = 0; i < 2; i++)
        {
            world.Process($"P{i}", async _ =>
            {
                await pool.Acquire();
                await pool.Release();
            });
        }
    }, crashes: 1);
}
