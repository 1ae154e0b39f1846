namespace Pipeline.Profiling;

/// <summary>An earlier profile's predictions beside what was measured later.</summary>
public sealed record ProfileComparison
{
    /// <summary>Gets the earlier profile.</summary>
    public required StoredProfile Before { get; init; }

    /// <summary>Gets the later measured time of the run with the most workers.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the text of the what-if that was made between the two; null for none.</summary>
    public required string? Made { get; init; }

    /// <summary>Gets predicted speed-ups at worker counts that the later profile measured.</summary>
    public required IReadOnlyList<PredictionScore> Scores { get; init; }

    /// <summary>Gets how much faster the later run is.</summary>
    /// <value>A share: 0.11 is 11 % more throughput.</value>
    public double Gain => (Before.Seconds / Seconds) - 1;

    /// <summary>Gets the gain that was predicted for <see cref="Made"/>.</summary>
    /// <value>Null when nothing was made.</value>
    public double? PredictedGain => Made is null ? null : Before.Gains[Made];

    /// <summary>Gets the predicted less the observed gain.</summary>
    /// <value>0.05 is five points too optimistic; null when nothing was made.</value>
    public double? Error => PredictedGain - Gain;

    /// <summary>Compares.</summary>
    /// <param name="before">The earlier profile.</param>
    /// <param name="now">The later profile; it has a run.</param>
    /// <param name="made">The what-if that was made between the two, by its text; null for none.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">The later profile has no run or did other work, or the change is not among those that were predicted.</exception>
    public static ProfileComparison Of(StoredProfile before, ProfileReport now, string? made = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        if (now.Run is not { } run)
            throw new ArgumentException("Points measured elsewhere have no run to compare with. Use FitUpTo to score predictions on "
                + "points.", nameof(now));
        if (before.Items is { } items && items != run.Report.ItemsIn)
            throw new ArgumentException($"The earlier profile of '{before.Name}' did {items} items per run, this one "
                + $"{run.Report.ItemsIn}. Compare profiles of the same items.", nameof(before));
        if (made is not null && !before.Gains.ContainsKey(made))
            throw new ArgumentException($"The earlier profile predicted nothing for '{made}'. It did for: "
                + $"{string.Join(", ", before.Gains.Keys.Select(k => $"'{k}'"))}.", nameof(made));
        return new ProfileComparison
        {
            Before = before,
            Seconds = run.Report.Elapsed.TotalSeconds,
            Made = made,
            Scores = [.. ScoresOf(before, now)],
        };
    }

    /// <summary>Says it in lines of text.</summary>
    /// <returns>One line for the change, one for each predicted speed-up that was measured.</returns>
    public IEnumerable<string> Lines()
    {
        string change = PredictedGain is { } predicted
            ? Invariant($"; for '{Made}' {100 * predicted:+0.0;-0.0;0.0} % was predicted, {Math.Abs(100 * Error!.Value):0.0} points "
                + $"{(Error > 0 ? "too much" : "too little")}")
            : "";
        yield return Invariant($"Compared: {Before.Seconds:0.###} s before, {Seconds:0.###} s now, {100 * Gain:+0.0;-0.0;0.0} %{change}");
        foreach (PredictionScore score in Scores)
            yield return Invariant($"Compared: {score.Prediction.SpeedUp:0.##}x was predicted at {score.Prediction.Workers:0.##} "
                + $"workers, {score.MeasuredSpeedUp:0.##}x came ({score.RelativeError:+0.0 %;-0.0 %;0.0 %}), "
                + $"{(score.InBand == true ? "inside" : "outside")} the band");
    }

    private static IEnumerable<PredictionScore> ScoresOf(StoredProfile before, ProfileReport now)
    {
        if (now.Curve is not { } curve)
            yield break;
        Dictionary<double, double> seconds = curve.Series.Samples.GroupBy(s => s.Workers).ToDictionary(
            g => g.Key, g => Quantile.Median(g.Select(s => s.Seconds)));
        if ((seconds.TryGetValue(1, out double own) ? own : before.SecondsAtOne) is not { } one)
            yield break;
        foreach (ScalingPrediction prediction in before.Predictions)
        {
            if (seconds.TryGetValue(prediction.Workers, out double measured))
                yield return new PredictionScore(prediction, one / measured);
        }
    }
}
