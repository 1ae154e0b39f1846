namespace Pipeline.Profiling;

/// <summary>Turns a fitted curve into predictions with the wider of the statistical and the calibrated band.</summary>
internal sealed class Predictor(ScalingModel model, double baselineSeconds, double maxWorkers)
{
    public ScalingPrediction At(double workers)
    {
        double ratio = workers / maxWorkers;
        if (ExtrapolationBand.FactorFor(ratio) is not { } factor)
        {
            return new ScalingPrediction
            {
                Workers = workers,
                ExtrapolationRatio = ratio,
                Method = "refused",
                Reason = Invariant($"Cannot tell: {workers:0.##} workers are {ratio:0.#} times the {maxWorkers:0.##} measured, and "
                    + $"beyond {ExtrapolationBand.MaxRatio:0} times published predictions failed too often. Run it with "
                    + $"{ExtrapolationBand.RunThatWouldTell(workers)} workers as well."),
            };
        }

        double seconds = model.SecondsAt(workers);
        double speedUp = baselineSeconds / seconds;
        string reach = ratio <= 1 ? "inside the measured range" : Invariant($"{ratio:0.##} times the largest measured worker count");
        ConfidenceInterval statistical = Quantile.Central(
            [.. model.DrawsAt(workers).Select(t => baselineSeconds / t)], ExtrapolationBand.Level);
        return new ScalingPrediction
        {
            Workers = workers,
            ExtrapolationRatio = ratio,
            SpeedUp = speedUp,
            Seconds = seconds,
            Band = new ConfidenceInterval(
                Math.Min(statistical.Low, speedUp / factor), Math.Max(statistical.High, speedUp * factor), ExtrapolationBand.Level),
            Method = model.Name,
            Reason = Invariant($"{reach}; 90 % band, factor {factor:0.00} from published measurements or the scatter of the points, "
                + $"whichever is wider"),
        };
    }
}
