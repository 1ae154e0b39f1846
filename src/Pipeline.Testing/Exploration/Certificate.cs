namespace Pipeline.Testing;

/// <summary>What is known about schedules that are smaller than a failing one.</summary>
/// <param name="IsMinimal">Whether it is proven that no schedule with fewer preemptions and crashes fails.</param>
/// <param name="Text">For example <c>minimal: none with 0 preemptions, 2 schedules checked</c>.</param>
/// <param name="SchedulesChecked">How many smaller schedules were run; equivalent ones are counted once.</param>
public sealed record Certificate(bool IsMinimal, string Text, long SchedulesChecked);
