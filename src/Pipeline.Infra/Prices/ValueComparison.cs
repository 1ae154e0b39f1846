namespace Pipeline.Infra;

/// <summary>Two versions of a deployment in the figures that matter to whoever pays for them.</summary>
public sealed class ValueComparison
{
    /// <summary>Gets the cost of the first version.</summary>
    public required CostReport First { get; init; }

    /// <summary>Gets the cost of the second version.</summary>
    public required CostReport Second { get; init; }

    /// <summary>Gets how many parts of the first version have no stand-in.</summary>
    public required int FirstAlone { get; init; }

    /// <summary>Gets how many parts of the second version have no stand-in.</summary>
    public required int SecondAlone { get; init; }

    /// <summary>Gets the company's own revenue in US dollars for an hour.</summary>
    public required decimal RevenuePerHour { get; init; }

    /// <summary>Gets how many machines the first version can run.</summary>
    public required int FirstServers { get; init; }

    /// <summary>Gets how many machines the second version can grow to by itself.</summary>
    public required int SecondServers { get; init; }

    /// <summary>Gets what the second version costs more in a month, in US dollars.</summary>
    public decimal Difference => Second.Total - First.Total;

    /// <summary>Gets how many hours of outage a month cost as much as the second version costs more; not rounded, 0 when it costs no more.</summary>
    public decimal BreakEvenHours => Math.Max(0m, Difference) / RevenuePerHour;

    /// <summary>Compares two versions.</summary>
    /// <param name="first">The version of today.</param>
    /// <param name="second">The version to be.</param>
    /// <param name="firstUsage">The month's usage of the first.</param>
    /// <param name="secondUsage">The month's usage of the second.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="revenuePerHour">The company's own revenue in US dollars for an hour; more than 0.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="revenuePerHour"/> is 0 or less.</exception>
    public static ValueComparison Compare(InfraTemplate first, InfraTemplate second, UsageFile firstUsage, UsageFile secondUsage, PriceList prices, decimal revenuePerHour)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(revenuePerHour);
        return new ValueComparison
        {
            First = CostCalculator.Calculate(first, firstUsage, prices),
            Second = CostCalculator.Calculate(second, secondUsage, prices),
            FirstAlone = SinglePointAnalysis.Analyze(first).Alone.Count,
            SecondAlone = SinglePointAnalysis.Analyze(second).Alone.Count,
            RevenuePerHour = revenuePerHour,
            FirstServers = Servers(first),
            SecondServers = Servers(second),
        };
    }

    private static int Servers(InfraTemplate template)
    {
        int count = 0;
        foreach (ResourceEntry resource in template.Network.Resources)
        {
            if (resource.Type == "AWS::EC2::Instance")
                count++;
            else if (resource.Type == "AWS::AutoScaling::AutoScalingGroup")
                count += Facts.Int(resource.Get("MaxSize")) ?? 1;
            else if (resource.Type == "AWS::ECS::Service")
                count += Facts.Int(resource.Get("DesiredCount")) ?? 1;
        }

        return count;
    }
}
