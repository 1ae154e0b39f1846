namespace Pipeline.Core.Tests.Invariants;

/// <summary>How a random run makes the items of one type and looks into them.</summary>
internal abstract class RandomItems<T>(StrongBoxOfItems all)
    where T : notnull
{
    protected StrongBoxOfItems All => all;

    public abstract T Make(int number, long weight, long code);

    public abstract int NumberOf(T item);

    public abstract long CodeOf(T item);

    /// <summary>Gives an item of a batch on, which the batch disposes.</summary>
    public abstract T Again(T item);

    public virtual TrackedItem? TrackedOf(T item) => null;

    public virtual void Release(T item)
    {
    }
}

internal sealed class SharedItems(StrongBoxOfItems all) : RandomItems<Shared<TrackedItem>>(all)
{
    public override Shared<TrackedItem> Make(int number, long weight, long code) => new(All.New(number, weight, code));

    public override int NumberOf(Shared<TrackedItem> item) => item.Value.Number;

    public override long CodeOf(Shared<TrackedItem> item) => item.Value.Code;

    public override Shared<TrackedItem> Again(Shared<TrackedItem> item) => item.Share();

    public override TrackedItem TrackedOf(Shared<TrackedItem> item) => item.Value;

    public override void Release(Shared<TrackedItem> item) => item.Dispose();
}

internal sealed class OwnedItems(StrongBoxOfItems all) : RandomItems<TrackedItem>(all)
{
    public override TrackedItem Make(int number, long weight, long code) => All.New(number, weight, code);

    public override int NumberOf(TrackedItem item) => item.Number;

    public override long CodeOf(TrackedItem item) => item.Code;

    public override TrackedItem Again(TrackedItem item) => All.New(item.Number, item.WeightBytes, item.Code);

    public override TrackedItem TrackedOf(TrackedItem item) => item;

    public override void Release(TrackedItem item) => item.Dispose();
}

internal readonly record struct PlainItem(int Number, long Code);

internal sealed class PlainItems(StrongBoxOfItems all) : RandomItems<PlainItem>(all)
{
    public override PlainItem Make(int number, long weight, long code) => new(number, code);

    public override int NumberOf(PlainItem item) => item.Number;

    public override long CodeOf(PlainItem item) => item.Code;

    public override PlainItem Again(PlainItem item) => item;
}
