using FsCheck;
using FsCheck.Fluent;

namespace Pipeline.Testing;

/// <summary>FsCheck generators and shrinkers for schedules and programs. Thread-safe.</summary>
/// <remarks>
/// Register the class with <c>[Property(Arbitrary = [typeof(InterleavingArbitraries)])]</c>, or use <c>[InterleavingProperty]</c> of
/// Pipeline.Testing.Xunit. How a schedule is represented decides how well it shrinks: a list of participant numbers shrinks in length and
/// value, but not in the number of switches. These schedules list the switches themselves.
/// </remarks>
public static class InterleavingArbitraries
{
    private const int MaxParticipants = 4;
    private const int Counters = 2;
    private const int Locks = 3;

    /// <summary>Generates schedules of up to 4 preemptions, 1 crash and 8 choices; shrinks them with <see cref="ScheduleShrinker"/>.</summary>
    /// <returns>The arbitrary.</returns>
    public static Arbitrary<Schedule> Schedules() => Arb.From(Gen.Sized(ScheduleOfSize), ScheduleShrinker.Shrink);

    /// <summary>Generates programs of 2 to 4 participants over 2 counters and 3 locks; drops participants first, then operations.</summary>
    /// <returns>The arbitrary.</returns>
    public static Arbitrary<ProgramSketch> Programs() => Arb.From(Gen.Sized(ProgramOfSize), SketchShrinker.Shrink);

    private static Gen<Schedule> ScheduleOfSize(int size)
    {
        Gen<Preemption> preemption = Gen.Choose(0, 3 + size).SelectMany(
            step => Gen.Choose(0, MaxParticipants - 1).Select(target => new Preemption(step, target)));
        Gen<CrashPoint> crash = Gen.Choose(0, 3 + size).SelectMany(
            step => Gen.Choose(0, MaxParticipants - 1).Select(target => new CrashPoint(step, target)));
        return
            from preemptions in ListUpTo(preemption, 4)
            from crashes in ListUpTo(crash, 1)
            from choices in ListUpTo(Gen.Choose(0, MaxParticipants - 1), 8)
            select new Schedule([.. preemptions], [.. crashes], [.. choices]);
    }

    private static Gen<ProgramSketch> ProgramOfSize(int size) =>
        from count in Gen.Choose(2, MaxParticipants)
        from participants in Gen.ListOf(Body(Math.Clamp(size / 20, 1, 3), []), count)
        select new ProgramSketch([.. participants]);

    private static Gen<IReadOnlyList<SketchOperation>> Body(int depth, int[] held)
    {
        Gen<SketchOperation> step = Gen.Choose(0, Counters - 1).SelectMany(
            counter => Gen.Elements<SketchOperation>(new SketchOperation.Increment(counter), new SketchOperation.AtomicIncrement(counter)));
        int[] free = [.. Enumerable.Range(0, Locks).Except(held)];
        if (depth > 0 && free.Length > 0)
        {
            Gen<SketchOperation> scope = Gen.Elements(free).SelectMany(
                l => Body(depth - 1, [.. held, l]).Select(body => (SketchOperation)new SketchOperation.WithLock(l, body)));
            step = Gen.OneOf(step, scope, scope);
        }

        return ListUpTo(step, 2).Select(operations => (IReadOnlyList<SketchOperation>)operations);
    }

    private static Gen<List<T>> ListUpTo<T>(Gen<T> items, int most) =>
        Gen.Choose(0, most).SelectMany(count => Gen.ListOf(items, count)).Select(list => list.ToList());
}
