using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Sync.Tests.Locks;

/// <summary>Random sets, levels and orders on several flows at once: nobody may ever wait for ever.</summary>
public sealed class LockSetProperties
{
    private static readonly LockLevel[] s_levels = [.. Enumerable.Range(0, 6).Select(rank =>
        LockLevel.Define($"property {rank}", 2000 + rank, "tests"))];

    [Property(MaxTest = 3000)]
    public async Task AcquireAsync_RandomSetsOnSeveralFlows_NeverDeadlocksAndNeverOverlaps(byte[][] wishes)
    {
        OrderedLock[] locks = [.. Enumerable.Range(0, 8).Select(i => new OrderedLock(s_levels[i % s_levels.Length], $"lock {i}"))];
        int[] inside = new int[locks.Length];
        await Task.WhenAll(wishes.Select(wish => Task.Run(async () =>
        {
            OrderedLock[] set = [.. wish.Select(i => locks[i % locks.Length])];
            if (set.Length == 0)
                return;
            await using HeldLocks held = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, set);
            foreach (int i in wish.Select(i => i % locks.Length).Distinct())
                Assert.Equal(1, Interlocked.Increment(ref inside[i]));
            await Task.Yield();
            foreach (int i in wish.Select(i => i % locks.Length).Distinct())
                Interlocked.Decrement(ref inside[i]);
        }))).WithinLimit();
        Assert.DoesNotContain(locks, each => each.IsHeld);
    }

    [Property(MaxTest = 1000)]
    public async Task AcquireAsync_RandomTimeoutsAndCancellations_LeaveNothingBehind(byte[][] wishes, byte impatience)
    {
        OrderedLock[] locks = [.. Enumerable.Range(0, 4).Select(i => new OrderedLock(s_levels[i], $"lock {i}"))];
        await Task.WhenAll(wishes.Select((wish, flow) => Task.Run(async () =>
        {
            OrderedLock[] set = [.. wish.Select(i => locks[i % locks.Length])];
            if (set.Length == 0)
                return;
            using CancellationTokenSource cancel = new();
            Task<LockResult> acquiring = LockSet.TryAcquireAsync(TimeSpan.FromMilliseconds((flow + impatience) % 3), set, cancel.Token)
                .AsTask();
            if ((flow + impatience) % 2 == 0)
                await cancel.CancelAsync();
            await using LockResult result = await acquiring;
            await Task.Yield();
        }))).WithinLimit();
        Assert.DoesNotContain(locks, each => each.IsHeld);
        await using HeldLocks all = await LockSet.AcquireAsync(TimeSpan.Zero, locks);
    }

    [Property(MaxTest = 2000)]
    public bool AcquireAsync_AnyNesting_IsRefusedExactlyWhenALevelDoesNotRise(NonEmptyArray<byte> nesting)
    {
        Stack<HeldLocks> held = new();
        int top = -1;
        try
        {
            foreach (int rank in nesting.Get.Select(value => value % s_levels.Length))
            {
                OrderedLock wanted = new(s_levels[rank], "wanted");
                try
                {
                    ValueTask<HeldLocks> taken = LockSet.AcquireAsync(TimeSpan.Zero, wanted, CancellationToken.None);
                    if (rank <= top)
                        return false;
                    held.Push(taken.Result);
                    top = rank;
                }
                catch (LockOrderException)
                {
                    if (rank > top || wanted.IsHeld)
                        return false;
                }
            }

            return true;
        }
        finally
        {
            while (held.TryPop(out HeldLocks? last))
                last.Dispose();
        }
    }
}
