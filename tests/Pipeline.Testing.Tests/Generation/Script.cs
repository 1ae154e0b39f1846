namespace Pipeline.Testing.Tests.Generation;

/// <summary>What a generated participant does next. Each value stands for one or more steps on variable or lock <c>n</c>.</summary>
internal enum ScriptVerb
{
    Read,
    Write,
    Update,
    CopyToOther,
    WriteIfOdd,
    GuardedIncrement,
    TryGuardedIncrement,
    ReadUnderBothLocks,
    Yield,
    Sleep,
    WaitForEvent,
    SetEvent,
}

/// <summary>A generated program with separate reads and writes, branches on what was read, locks, events, time and kills.</summary>
/// <param name="Participants">What each participant does, as numbers, so that FsCheck shrinks them like any list.</param>
/// <param name="Crashes">How many kills a run may contain; the participants then start again once.</param>
public sealed record Script(int[][] Participants, int Crashes)
{
    private const int Verbs = (int)ScriptVerb.SetEvent + 1;

    /// <summary>Makes a program that hands what it ended with to <paramref name="outcome"/>: all that anybody saw, and all variables.</summary>
    public ModelProgram ToProgram(Action<string> outcome) => new("script", world =>
    {
        ModelVariable<int>[] variables = [world.Variable("x", 0), world.Variable("y", 0)];
        ModelLock[] locks = [world.Lock("l", CrashEffect.ReturnedByKernel), world.Lock("m", CrashEffect.ReturnedByKernel)];
        ModelEvent gate = world.Event("gate");
        List<int>[] seen = [.. Participants.Select(_ => new List<int>())];
        for (int i = 0; i < Participants.Length; i++)
        {
            int me = i;
            world.Process($"P{i}", async attempt =>
            {
                seen[me].Clear(); // private memory does not survive a kill
                seen[me].Add(attempt);
                foreach (int number in Participants[me])
                    await Perform(world, (ScriptVerb)(number / 2 % Verbs), number % 2, variables, locks, gate, seen[me],
                        (me * 100) + seen[me].Count).ConfigureAwait(false);
            }, restarts: Crashes);
        }

        world.AtEnd("everything is recorded", () =>
        {
            outcome($"{string.Join(" | ", seen.Select(s => string.Join(' ', s)))} => {string.Join(' ', variables.Select(v => v.Value))}");
            return true;
        });
    }, Crashes);

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Participants.Select((p, i) => $"P{i}: "
        + $"{string.Join("; ", p.Select(n => $"{(ScriptVerb)(n / 2 % Verbs)} {n % 2}"))}")) + $"\ncrashes: {Crashes}";

    private static async Task Perform(
        ModelWorld world, ScriptVerb verb, int n, ModelVariable<int>[] variables, ModelLock[] locks, ModelEvent gate, List<int> seen,
        int unique)
    {
        switch (verb)
        {
            case ScriptVerb.Read:
                seen.Add(await variables[n].Read());
                break;
            case ScriptVerb.Write:
                await variables[n].Write(unique);
                break;
            case ScriptVerb.Update:
                seen.Add(await variables[n].Update(x => x + 1));
                break;
            case ScriptVerb.CopyToOther:
                int copied = await variables[n].Read();
                await variables[1 - n].Write(copied + 1);
                break;
            case ScriptVerb.WriteIfOdd:
                int tested = await variables[n].Read();
                seen.Add(tested);
                if (tested % 2 == 1)
                    await variables[1 - n].Write(unique);
                break;
            case ScriptVerb.GuardedIncrement:
                await locks[n].Acquire();
                await variables[n].Write(await variables[n].Read() + 1);
                await locks[n].Release();
                break;
            case ScriptVerb.TryGuardedIncrement:
                bool taken = n == 0 ? await locks[0].TryAcquire() : await locks[1].TryAcquire(timeoutTicks: 1);
                seen.Add(taken ? 1 : 0);
                if (!taken)
                    break;
                await variables[n].Write(await variables[n].Read() + 1);
                await locks[n].Release();
                break;
            case ScriptVerb.ReadUnderBothLocks:
                await locks[n].Acquire();
                await locks[1 - n].Acquire(); // in both orders: some programs deadlock
                seen.Add(await variables[n].Read());
                await locks[1 - n].Release();
                await locks[n].Release();
                break;
            case ScriptVerb.Yield:
                await world.Yield();
                break;
            case ScriptVerb.Sleep:
                await world.Sleep(1 + n);
                break;
            case ScriptVerb.WaitForEvent:
                await gate.Wait(); // some programs wait for ever
                break;
            case ScriptVerb.SetEvent:
                await (n == 0 ? gate.Set() : gate.Reset());
                break;
        }
    }
}
