namespace Pipeline.Architecture.Tests;

internal static class Check
{
    /// <summary>Fails with every finding on a line of its own, because a list that is cut off helps no reader.</summary>
    public static void Nothing(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0, $"{all.Length} found:\n{string.Join('\n', all)}");
    }
}
