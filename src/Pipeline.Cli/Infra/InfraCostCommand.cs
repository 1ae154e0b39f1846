using System.CommandLine;
using System.Globalization;
using System.Text;
using Pipeline.Infra;

namespace Pipeline.Cli;

/// <summary><c>pipeline infra cost</c>: what a month costs, before and after.</summary>
internal static class InfraCostCommand
{
    internal static Command Create(CliEnvironment environment)
    {
        Argument<string> template = new("TEMPLATE") { Description = "A CloudFormation template." };
        InfraOptions options = new();
        Option<string> usage = new("--usage") { HelpName = "FILE", Description = "What is used in a month (pipeline.infra.usage/1).", Required = true };
        Option<string?> prices = new("--prices") { HelpName = "FILE", Description = "Prices of your own over those of the package (pipeline.infra.prices/1)." };
        Option<string?> compare = new("--compare") { HelpName = "TEMPLATE", Description = "A second version to set beside." };
        Command command = new Command("cost", "Say what a month costs, line by line, each with date and source of its price.") { template, usage, prices, compare };
        options.AddTo(command, withClaims: false);
        command.SetAction(async (result, _) =>
        {
            InfraTemplate first = options.ReadTemplates(result, [result.GetRequiredValue(template)], null);
            (UsageFile used, PriceList list) = InfraOptions.Guard(() => (UsageFile.Load(result.GetRequiredValue(usage)), ReadPrices(result.GetValue(prices), options.RegionOf(result))));
            CostReport report = CostCalculator.Calculate(first, used, list);
            StringBuilder text = new(report.ToText());
            if (result.GetValue(compare) is { } other)
            {
                CostReport second = CostCalculator.Calculate(options.ReadTemplates(result, [other], null), used, list);
                text.Append('\n').Append(second.ToText());
                text.Append(CultureInfo.InvariantCulture, $"\nfrom {report.Total:N2} to {second.Total:N2} US dollars a month: {second.Total - report.Total:+#,##0.00;-#,##0.00;0.00}\n");
            }

            string even = InfraOptions.Guard(() => EndpointBreakEven.GigabytesPerMonth(list, zones: 2, used.Hours)) is { } gigabytes ? $"{gigabytes:N0} GB a month; below that the reason for it is security, not cost" : "no traffic";
            text.Append(CultureInfo.InvariantCulture, $"an interface endpoint in two zones pays for itself against NAT from {even}\n");
            await environment.Out.WriteAsync(text.ToString()).ConfigureAwait(false);
            return InfraCommand.AllProved;
        });
        return command;
    }

    internal static PriceList ReadPrices(string? path, string region) => path is null ? PriceList.Of(region) : PriceList.Load(path);
}
