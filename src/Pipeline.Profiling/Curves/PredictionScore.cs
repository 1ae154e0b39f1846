namespace Pipeline.Profiling;

/// <summary>A prediction beside what was measured at that worker count and held back from the fit.</summary>
/// <param name="Prediction">The prediction.</param>
/// <param name="MeasuredSpeedUp">The median measured speed-up over the same baseline.</param>
public sealed record PredictionScore(ScalingPrediction Prediction, double MeasuredSpeedUp)
{
    /// <summary>Gets predicted over measured speed-up minus one.</summary>
    /// <value>A share; null when the prediction was refused.</value>
    public double? RelativeError => Prediction.SpeedUp / MeasuredSpeedUp - 1;

    /// <summary>Gets whether the band holds the measured value.</summary>
    /// <value>Null when the prediction was refused.</value>
    public bool? InBand => Prediction.Band?.Contains(MeasuredSpeedUp);
}
