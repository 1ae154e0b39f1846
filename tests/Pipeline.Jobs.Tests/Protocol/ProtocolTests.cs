namespace Pipeline.Jobs.Tests;

/// <summary>The protocol holds in every order of events, and each of its rules is needed.</summary>
public sealed class ProtocolTests(ITestOutputHelper output)
{
    [Fact]
    public void Protocol_EveryOrderOfEvents_LosesNothingAndEndsOnce()
    {
        ProtocolSearch search = ProtocolSearch.Run(new ProtocolModel());

        output.WriteLine($"{search.States} states, {search.Moves} moves");
        Assert.Null(search.Failure);
        Assert.True(search.States > 1000, $"Only {search.States} states: the model has lost its moves.");
    }

    [Theory]
    [InlineData(Mutation.NoFencing, "the job ended twice", "a commit was taken from a lease that had run out")]
    [InlineData(Mutation.TokenIsWorkerName, "a commit was taken from a lease that had run out")]
    [InlineData(Mutation.HeartbeatByTimer, "the job never ends")]
    [InlineData(Mutation.ChargeBeforeCommit, "charged, but nothing was published")]
    [InlineData(Mutation.AnswerBeforeRow, "accepted, but not stored")]
    [InlineData(Mutation.NoReconciler, "the job never ends")]
    [InlineData(Mutation.DrainDropsLease, "two bodies ran at once although no lease had run out")]
    public void Protocol_WithOneRuleBroken_Fails(Mutation mutation, params string[] expected)
    {
        ProtocolSearch search = ProtocolSearch.Run(new ProtocolModel(mutation));

        output.WriteLine(search.Failure ?? "holds");
        Assert.NotNull(search.Failure);
        Assert.Contains(search.Failure.Split(':')[0], expected);
    }
}
