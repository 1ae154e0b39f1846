using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pipeline.Profiling;

/// <summary>An interpolated string in the invariant culture; unlike <see cref="FormattableString"/> it may be a sum of several.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    public override string ToString() => _text.ToStringAndClear();
}
