namespace Pipeline.Profiling;

/// <summary>A fitted curve with its refits.</summary>
internal interface IScalingModel
{
    string Name { get; }

    double SecondsAt(double workers);

    /// <summary>Times at a worker count that the refits and the scatter of the points allow.</summary>
    double[] DrawsAt(double workers);
}
