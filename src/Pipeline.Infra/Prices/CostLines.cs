namespace Pipeline.Infra;

/// <summary>Collects the lines of a cost report.</summary>
internal sealed class CostLines(UsageFile usage, PriceList prices)
{
    internal UsageFile Usage { get; } = usage;

    internal List<CostLine> Lines { get; } = [];

    internal List<string> Notes { get; } = [];

    internal void AddHours(string item, string subject, decimal count, Location at) => Add(item, subject, count * Usage.Hours, at);

    internal void Add(string item, string subject, decimal quantity, Location at) => Lines.Add(new CostLine(item, subject, quantity, prices.Find(item), at));

    internal void AddUsed(string item, string subject, decimal quantity, Location at)
    {
        if (quantity > 0)
            Add(item, subject, quantity, at);
    }

    internal void Note(string note) => Notes.Add(note);
}
