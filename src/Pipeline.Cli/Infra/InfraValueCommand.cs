using System.CommandLine;
using System.Globalization;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra value</c>: the page for a reader who is no engineer.</summary>
internal static class InfraValueCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string> first = new("TEMPLATE_V1") { Description = "The version of today." };
        Argument<string> second = new("TEMPLATE_V2") { Description = "The version to be." };
        InfraOptions options = new();
        Option<string> usage = new("--usage") { HelpName = "FILE", Description = "What is used in a month (pipeline.infra.usage/1).", Required = true };
        Option<string?> prices = new("--prices") { HelpName = "FILE", Description = "Prices of your own over those of the package (pipeline.infra.prices/1)." };
        Option<decimal> revenue = new("--revenue-per-hour") { HelpName = "N", Description = "The company's own revenue for an hour, in US dollars.", Required = true };
        Option<string> language = ValueOption.Choice("--language", "en|ko", ["en", "ko"], "The language of the page.");
        Option<string?> html = new("--html") { HelpName = "FILE", Description = "Where the page goes; without it only the three figures are printed." };
        Command command = new Command("value", "Set two versions side by side for whoever pays: cost, risk, and the outage from which the new one pays for itself.") { first, second, usage, prices, revenue, language, html };
        options.AddTo(command, withClaims: false);
        command.SetAction(async (result, _) =>
        {
            if (result.GetRequiredValue(revenue) <= 0)
                throw new UsageException($"--revenue-per-hour: '{result.GetRequiredValue(revenue)}' is out of range. Give more than 0.");
            InfraTemplate today = options.ReadTemplates(result, [result.GetRequiredValue(first)], null);
            InfraTemplate next = options.ReadTemplates(result, [result.GetRequiredValue(second)], null);
            ValueComparison comparison = InfraOptions.Guard(() =>
            {
                UsageFile used = UsageFile.Load(result.GetRequiredValue(usage));
                return ValueComparison.Compare(today, next, used, used, InfraCostCommand.ReadPrices(result.GetValue(prices), options.RegionOf(result)), result.GetRequiredValue(revenue));
            });
            if (result.GetValue(html) is { } path)
                await File.WriteAllTextAsync(path, ValuePage.Write(comparison, result.GetRequiredValue(language))).ConfigureAwait(false);
            await environment.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"cost a month: {comparison.First.Total:N2} -> {comparison.Second.Total:N2} US dollars ({comparison.Difference:+#,##0.00;-#,##0.00})\nparts without a stand-in: {comparison.FirstAlone} -> {comparison.SecondAlone}\nbreak-even: {comparison.BreakEvenHours:0.##} hours of outage a month at {comparison.RevenuePerHour:N2} US dollars an hour")).ConfigureAwait(false);
            return InfraCommand.AllProved;
        });
        return command;
    }
}
