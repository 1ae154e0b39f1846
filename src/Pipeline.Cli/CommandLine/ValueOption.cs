using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Options whose values are checked where they are read, with messages that name the option, the value and the rule.</summary>
internal static class ValueOption
{
    /// <summary>Creates an option that takes a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="preset">The value without the option; null for none.</param>
    /// <param name="description">What it does.</param>
    public static Option<double> Number(string name, string helpName, double least, double most, double? preset, string description)
    {
        Option<double> option = new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
                double.TryParse(Text(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    && value >= least
                    && value <= most
                    ? value
                    : Reject<double>(result, string.Create(CultureInfo.InvariantCulture,
                        $"{name}: '{Text(result)}' is out of range. Give a number of {least} to {most}.")),
        };
        if (preset is { } number)
            option.DefaultValueFactory = _ => number;
        return option;
    }

    /// <summary>Creates an option that takes a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="preset">The value without the option.</param>
    /// <param name="description">What it does.</param>
    public static Option<int> Whole(string name, string helpName, int least, int most, int preset, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => preset,
        CustomParser = result =>
            int.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : Reject<int>(result, $"{name}: '{Text(result)}' is out of range. Give a whole number of {least} to {most}."),
    };

    /// <summary>Creates an option that takes one of several words, in any case.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="choices">The words in lower case; the first is the default.</param>
    /// <param name="description">What it does.</param>
    /// <returns>The option, whose value is in lower case.</returns>
    public static Option<string> Choice(string name, string helpName, string[] choices, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => choices[0],
        CustomParser = result => choices.Contains(Text(result).ToLowerInvariant())
            ? Text(result).ToLowerInvariant()
            : Reject<string>(result, $"{name}: '{Text(result)}' is unknown. Give one of: {string.Join(", ", choices)}."),
    };

    /// <summary>Creates an option with a form of value of its own.</summary>
    /// <typeparam name="T">What the value is.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="parse">Reads the value; returns the message when it is wrong, else null.</param>
    public static Option<T?> Parsed<T>(string name, string helpName, string description, ValueParser<T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => parse(Text(result), out T? value) is { } wrong ? Reject<T?>(result, $"{name}: {wrong}") : value,
    };

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T Reject<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
