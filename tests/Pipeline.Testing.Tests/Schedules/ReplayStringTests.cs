using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Testing.Tests.Schedules;

public sealed class ReplayStringTests
{
    [Property]
    public bool Parse_WhatToStringWrote_GivesTheSameBack(NonNegativeInt[] steps, NonNegativeInt[] crashes, NonNegativeInt[] choices)
    {
        Schedule schedule = new(
            [.. steps.Select((s, i) => new Preemption(s.Get, i))],
            [.. crashes.Select((s, i) => new CrashPoint(s.Get, i))],
            [.. choices.Select(c => c.Get)]);
        ReplayString replay = new("0123abcd", schedule);
        ReplayString read = ReplayString.Parse(replay.ToString());
        return read.Schedule.Equals(schedule) && read.Layout == "0123abcd";
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1/0123abcd/p1=0/x")]
    [InlineData("v1/0123abcd/p1/x/c")]
    [InlineData("v1/0123abcd/p-1=0/x/c")]
    public void Parse_OtherForm_SaysWhatTheFormIs(string text) =>
        Assert.Contains(
            "The form is v1/LAYOUT", Assert.Throws<FormatException>(() => ReplayString.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Replay_StringsWithOneCharacterChanged_AreRefusedOrAreAnotherValidSchedule()
    {
        // A damaged string must never end in anything but a clear refusal, or in the run of the schedule that it now names.
        ModelProgram program = Programs.LostUpdate(3, 2);
        Explorer explorer = new();
        string whole = new ReplayString(program.Layout, new Schedule([new Preemption(1, 0), new Preemption(4, 1)], [], [0, 1])).ToString();
        int refused = 0, other = 0;
        foreach (string damaged in Enumerable.Range(0, whole.Length)
            .SelectMany(i => "\0 /=,-9pxcg".Select(c => whole[..i] + c + whole[(i + 1)..]).Append(whole.Remove(i, 1)).Append(whole[..i]))
            .Where(s => s != whole))
        {
            try
            {
                Trace trace = explorer.Replay(program, damaged);
                Assert.Equal(explorer.Run(program, ReplayString.Parse(damaged).Schedule).ToString(), trace.ToString());
                other++;
            }
            catch (Exception error) when (error is FormatException or ReplayMismatchException)
            {
                refused++;
            }
        }

        Assert.True(refused > other, $"{refused} refused, {other} run");
    }

    [Fact]
    public void Parse_OtherVersion_NamesBothVersions()
    {
        string message = Assert.Throws<FormatException>(() => ReplayString.Parse("v2/0123abcd/p/x/c")).Message;
        Assert.Contains("'v2'", message, StringComparison.Ordinal);
        Assert.Contains("'v1'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_NegativeNumber_IsNamed()
    {
        Assert.Contains(
            "-3", Assert.Throws<ArgumentOutOfRangeException>(() => new Schedule([], [], [0, -3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Schedule([new Preemption(-1, 0)], [], []));
    }
}
