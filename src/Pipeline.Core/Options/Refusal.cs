namespace Pipeline.Core;

/// <summary>Makes the exceptions for options that are out of range: the value seen, the rule, the next step.</summary>
/// <param name="parameter">The parameter through which the options came.</param>
/// <param name="subject">What they are for: the run or a stage.</param>
/// <param name="owner">The class of the options.</param>
internal readonly struct Refusal(string parameter, string subject, string owner)
{
    /// <param name="value">The value of the option.</param>
    /// <param name="seen">What the subject was, with <c>{0}</c> in the place of the value.</param>
    /// <param name="rule">What the option must be.</param>
    /// <param name="option">The option.</param>
    public ArgumentOutOfRangeException OutOfRange(
        object? value, string seen, string rule, [CallerArgumentExpression(nameof(value))] string option = "") =>
        new(parameter, value, $"{Sentence(seen.Replace("{0}", $"{value}", StringComparison.Ordinal), option, $"be {rule}")}.");

    /// <param name="seen">What the subject was.</param>
    /// <param name="option">The option.</param>
    /// <param name="example">A value that it may have.</param>
    public ArgumentException Missing(string seen, string option, string example) =>
        new($"{Sentence(seen, option, "not be null")}, for example to {example}.", parameter);

    private string Sentence(string seen, string option, string rule)
    {
        string name = option[(option.LastIndexOf('.') + 1)..];
        return $"{subject} was {seen}. {name} must {rule}. Set {owner}.{name}";
    }
}
