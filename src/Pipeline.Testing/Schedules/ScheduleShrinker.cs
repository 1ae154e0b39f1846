using System.Collections.Immutable;

namespace Pipeline.Testing;

/// <summary>Lists the simpler schedules to try next to a failing one.</summary>
/// <remarks>
/// The order matters, because the first candidate that still fails is taken: drop halves of the departures, drop single ones, merge two
/// preemptions into one at any step between them (neither alone may fail, because the one that is needed sits elsewhere), turn targets to
/// the next participant, drop and zero choices at blocking points, and last move departures to earlier steps.
/// Every candidate has fewer entries, or as many with a lower sum of targets and choices, or of steps; so shrinking ends. Thread-safe.
/// </remarks>
public static class ScheduleShrinker
{
    /// <summary>Lists the candidates, simplest first.</summary>
    /// <param name="schedule">The schedule that failed.</param>
    /// <returns>Schedules that are smaller than <paramref name="schedule"/>; evaluated when enumerated.</returns>
    public static IEnumerable<Schedule> Shrink(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        (ImmutableArray<Preemption> preemptions, ImmutableArray<CrashPoint> crashes, ImmutableArray<int> choices) =
            (schedule.Preemptions, schedule.Crashes, schedule.Choices);

        foreach (ImmutableArray<Preemption> fewer in Drop(preemptions))
            yield return new Schedule(fewer, crashes, choices);
        foreach (ImmutableArray<CrashPoint> fewer in Drop(crashes))
            yield return new Schedule(preemptions, fewer, choices);
        foreach (ImmutableArray<int> fewer in Drop(choices))
            yield return new Schedule(preemptions, crashes, fewer);

        foreach (ImmutableArray<Preemption> merged in Merge(preemptions))
            yield return new Schedule(merged, crashes, choices);

        for (int i = 0; i < preemptions.Length; i++)
        {
            foreach (int target in Lower(preemptions[i].Target))
                yield return new Schedule(preemptions.SetItem(i, preemptions[i] with { Target = target }), crashes, choices);
        }

        for (int i = 0; i < crashes.Length; i++)
        {
            foreach (int target in Lower(crashes[i].Target))
                yield return new Schedule(preemptions, crashes.SetItem(i, crashes[i] with { Target = target }), choices);
        }

        for (int i = 0; i < choices.Length; i++)
        {
            foreach (int choice in Lower(choices[i]))
                yield return new Schedule(preemptions, crashes, choices.SetItem(i, choice));
        }

        for (int i = 0; i < preemptions.Length; i++)
        {
            foreach (int step in Lower(preemptions[i].Step).Where(s => preemptions.All(p => p.Step != s)))
                yield return new Schedule(preemptions.SetItem(i, preemptions[i] with { Step = step }), crashes, choices);
        }

        for (int i = 0; i < crashes.Length; i++)
        {
            foreach (int step in Lower(crashes[i].Step).Where(s => crashes.All(c => c.Step != s)))
                yield return new Schedule(preemptions, crashes.SetItem(i, crashes[i] with { Step = step }), choices);
        }
    }

    private static IEnumerable<ImmutableArray<T>> Drop<T>(ImmutableArray<T> items)
    {
        if (items.Length == 0)
            yield break;
        yield return [];
        if (items.Length > 2)
        {
            yield return items[..(items.Length / 2)];
            yield return items[(items.Length / 2)..];
        }

        if (items.Length < 2)
            yield break;
        for (int i = items.Length - 1; i >= 0; i--)
            yield return items.RemoveAt(i);
    }

    private static IEnumerable<ImmutableArray<Preemption>> Merge(ImmutableArray<Preemption> items)
    {
        for (int i = 0; i + 1 < items.Length; i++)
        {
            for (int step = items[i].Step; step <= items[i + 1].Step; step++)
            {
                yield return items.RemoveAt(i + 1).SetItem(i, new Preemption(step, 0));
                if (items[i].Target > 0)
                    yield return items.RemoveAt(i + 1).SetItem(i, items[i] with { Step = step });
            }
        }
    }

    private static IEnumerable<int> Lower(int value)
    {
        if (value > 0)
            yield return 0;
        if (value > 3)
            yield return value / 2;
        if (value > 1)
            yield return value - 1;
    }
}
