namespace Pipeline.Profiling;

/// <summary>The predictions of an earlier profile, read back to compare them with what came.</summary>
/// <param name="Name">What was profiled.</param>
/// <param name="Items">How many items each run did; null when it is not told.</param>
/// <param name="Workers">The workers of the run that its what-ifs start from.</param>
/// <param name="Seconds">The measured time of that run.</param>
/// <param name="SecondsAtOne">The median measured time at one worker; null when that was not measured.</param>
/// <param name="Predictions">The predicted speed-ups that were not refused.</param>
/// <param name="Gains">The predicted gains of what-ifs by their text, such as <c>encode 2x faster</c>.</param>
public sealed record StoredProfile(
    string Name, long? Items, int Workers, double Seconds, double? SecondsAtOne, IReadOnlyList<ScalingPrediction> Predictions,
        IReadOnlyDictionary<string, double> Gains);
