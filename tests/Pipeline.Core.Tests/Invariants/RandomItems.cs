namespace Pipeline.Core.Tests.Invariants;

/// <summary>How a random run makes the items of one type and looks into them.</summary>
internal abstract class RandomItems<T>(StrongBoxOfItems all)
    where T : notnull
{
    protected StrongBoxOfItems All => all;

    internal abstract T Make(int number, long weight, long code);

    internal abstract int NumberOf(T item);

    internal abstract long CodeOf(T item);

    /// <summary>Gives an item of a batch on, which the batch disposes.</summary>
    internal abstract T Again(T item);

    internal virtual TrackedItem? TrackedOf(T item) => null;

    internal virtual void Release(T item)
    {
    }
}

internal sealed class SharedItems(StrongBoxOfItems all) : RandomItems<Shared<TrackedItem>>(all)
{
    internal override Shared<TrackedItem> Make(int number, long weight, long code) => new(All.New(number, weight, code));

    internal override int NumberOf(Shared<TrackedItem> item) => item.Value.Number;

    internal override long CodeOf(Shared<TrackedItem> item) => item.Value.Code;

    internal override Shared<TrackedItem> Again(Shared<TrackedItem> item) => item.Share();

    internal override TrackedItem TrackedOf(Shared<TrackedItem> item) => item.Value;

    internal override void Release(Shared<TrackedItem> item) => item.Dispose();
}

internal sealed class OwnedItems(StrongBoxOfItems all) : RandomItems<TrackedItem>(all)
{
    internal override TrackedItem Make(int number, long weight, long code) => All.New(number, weight, code);

    internal override int NumberOf(TrackedItem item) => item.Number;

    internal override long CodeOf(TrackedItem item) => item.Code;

    internal override TrackedItem Again(TrackedItem item) => All.New(item.Number, item.WeightBytes, item.Code);

    internal override TrackedItem TrackedOf(TrackedItem item) => item;

    internal override void Release(TrackedItem item) => item.Dispose();
}

internal readonly record struct PlainItem(int Number, long Code);

internal sealed class PlainItems(StrongBoxOfItems all) : RandomItems<PlainItem>(all)
{
    internal override PlainItem Make(int number, long weight, long code) => new(number, code);

    internal override int NumberOf(PlainItem item) => item.Number;

    internal override long CodeOf(PlainItem item) => item.Code;

    internal override PlainItem Again(PlainItem item) => item;
}
