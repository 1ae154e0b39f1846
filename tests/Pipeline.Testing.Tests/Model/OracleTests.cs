namespace Pipeline.Testing.Tests.Model;

public sealed class OracleTests
{
    private readonly Explorer _explorer = new();

    [Fact]
    public void Linearizable_CounterWithSeparateReadAndWrite_IsRefused()
    {
        Counterexample found = _explorer.Explore(Counter(atomic: false)).Counterexample!;
        Assert.Equal(FailureKind.NotLinearizable, found.Failure.Kind);
        Assert.Equal(1, found.Schedule.Cost);
    }

    [Fact]
    public void Linearizable_AtomicCounter_IsProven() => Assert.True(_explorer.Explore(Counter(atomic: true)).IsProof);

    [Fact]
    public void Linearizable_StaleReadAfterACompletedWrite_IsRefused()
    {
        // A cache that answers from an old copy: each result alone is a value that existed, but not after the write had returned.
        ModelProgram program = new("stale cache", world =>
        {
            ModelVariable<int> value = world.Variable("value", 0);
            ModelVariable<int> cache = world.Variable("cache", 0);
            world.Participant(async () => await world.Call<object?>("write", 1, async () =>
            {
                await value.Write(1);
                return null;
            }));
            world.Participant(async () => await world.Call("read", null, async () => await cache.Read()));
            world.Linearizable(0, (state, operation, argument) => operation == "write" ? ((int)argument!, null) : (state, (object?)state));
        });

        Assert.Equal(FailureKind.NotLinearizable, _explorer.Explore(program).Counterexample!.Failure.Kind);
    }

    [Fact]
    public void Always_BrokenOnlyInBetween_IsFound()
    {
        ModelProgram program = new("torn pair", world =>
        {
            ModelVariable<int> x = world.Variable("x", 0);
            ModelVariable<int> y = world.Variable("y", 0);
            world.Participant(async () =>
            {
                await x.Write(1);
                await y.Write(1);
            });
            world.Always("x equals y", () => x.Value == y.Value, () => $"x = {x.Value}, y = {y.Value}");
        });

        Assert.Equal("broken: x equals y, but x = 1, y = 0", _explorer.Explore(program).Counterexample!.Failure.Message);
    }

    [Fact]
    public void TotalEqualsKeys_ChargeWrittenTwice_NamesTheKey()
    {
        ModelProgram program = new("double charge", world =>
        {
            ModelJournal ledger = world.Journal("ledger");
            for (int i = 0; i < 2; i++)
            {
                world.Participant(async () =>
                {
                    if (!await ledger.Contains("photo1"))
                        await ledger.Append("photo1");
                });
            }

            world.TotalEqualsKeys(ledger, () => ["photo1"]);
        });

        Assert.Equal(
            "broken: ledger holds each key exactly once, but photo1 is there 2 times",
            _explorer.Explore(program).Counterexample!.Failure.Message);
    }

    [Fact]
    public void Release_ByAnotherParticipant_FailsTheParticipantWithTheHolderNamed()
    {
        ModelProgram program = new("foreign release", world =>
        {
            ModelLock gate = world.Lock("gate");
            world.Participant(async () => await gate.Release());
        });

        Assert.Equal("A failed: A releases gate, but nobody holds it", _explorer.Explore(program).Counterexample!.Failure.Message);
    }

    [Fact]
    public void JudgeEnd_LockNeverReleased_IsReported()
    {
        ModelProgram program = new("forgets", world =>
        {
            ModelLock gate = world.Lock("gate");
            world.Participant(async () => await gate.Acquire());
        });

        Assert.Equal(FailureKind.LostPermit, _explorer.Explore(program).Counterexample!.Failure.Kind);
    }

    [Fact]
    public void TryAcquire_WithTimeout_TimesOutOnlyWhenNobodyCanRun()
    {
        ModelProgram program = new("timeout", world =>
        {
            ModelLock gate = world.Lock("gate");
            ModelVariable<string> outcome = world.Variable("outcome", "");
            world.Participant("holder", async () =>
            {
                await gate.Acquire();
                await world.Sleep(5);
                await gate.Release();
            });
            world.Participant("waiter", async () =>
            {
                bool taken = await gate.TryAcquire(timeoutTicks: 2);
                if (taken)
                    await gate.Release();
                await outcome.Write(taken ? "in time" : "timed out");
            });
            world.AtEnd("in time", () => outcome.Value == "in time", () => outcome.Value);
        });

        Assert.Contains("timed out", _explorer.Explore(program).Counterexample!.Failure.Message, StringComparison.Ordinal);
    }

    private static ModelProgram Counter(bool atomic) => new("counter", world =>
    {
        ModelVariable<int> total = world.Variable("total", 0);
        for (int i = 0; i < 2; i++)
        {
            world.Participant(async () => await world.Call("increment", null, async () =>
            {
                if (atomic)
                    return await total.Update(x => x + 1);
                int seen = await total.Read();
                return await total.Write(seen + 1);
            }));
        }

        world.Linearizable(0, (state, _, _) => (state + 1, (object?)(state + 1)));
    });
}
