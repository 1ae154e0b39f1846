namespace Pipeline.Core;

/// <summary>Implemented by items that know how much memory they hold.</summary>
/// <remarks>After a stage returned such an item, the run trues its charge against the memory budget up to this value.</remarks>
public interface IWeighted
{
    /// <summary>Gets the bytes that the item holds now, managed and native together.</summary>
    long WeightBytes { get; }
}
