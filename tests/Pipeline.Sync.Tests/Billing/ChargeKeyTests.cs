using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Sync.Tests.Billing;

public sealed class ChargeKeyTests
{
    [Fact]
    public void From_KnownParts_GivesTheSameKeyForEver() =>
        Assert.Equal("4c372ee4d19266363b4b865aa270a15d", ChargeKey.From("acme", "job 1", "photo-17", "develop", "3").ToString());

    [Property]
    public bool From_OtherParts_GivesAnotherKey(NonNull<string>[] a, NonNull<string>[] b)
    {
        string[] first = [.. a.Select(part => part.Get).Concat(Enumerable.Repeat("", 5)).Take(5)];
        string[] second = [.. b.Select(part => part.Get).Concat(Enumerable.Repeat("", 5)).Take(5)];
        return first.SequenceEqual(second) == (KeyOf(first) == KeyOf(second));
    }

    [Fact]
    public void From_PartsMovedAcrossABoundary_GivesAnotherKey() =>
        Assert.NotEqual(ChargeKey.From("ab", "c", "", "", ""), ChargeKey.From("a", "bc", "", "", ""));

    [Property]
    public bool Parse_WhatToStringWrote_GivesTheKey(ulong high, ulong low) =>
        ChargeKey.Parse(new ChargeKey(high, low).ToString()) == new ChargeKey(high, low);

    [Fact]
    public void Parse_SomethingElse_Throws() => Assert.Throws<FormatException>(() => ChargeKey.Parse("photo-17"));

    private static ChargeKey KeyOf(string[] parts) => ChargeKey.From(parts[0], parts[1], parts[2], parts[3], parts[4]);
}
