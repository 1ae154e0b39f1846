namespace Pipeline.Infra;

/// <summary>A text, number, truth value or nothing.</summary>
internal sealed class ScalarNode(Location at, string text, bool isNull = false) : DocumentNode(at)
{
    internal string Text { get; } = text;

    internal bool IsNull { get; } = isNull;
}
