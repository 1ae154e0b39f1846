namespace Pipeline.Core;

/// <summary>Implemented by stages that know in advance how much memory an item will need.</summary>
/// <typeparam name="TIn">The items that the stage takes.</typeparam>
public interface IWeightEstimator<in TIn>
{
    /// <summary>Estimates the peak of the bytes that processing the item in this stage needs, with what it already holds.</summary>
    /// <param name="item">The item. It is only looked at.</param>
    /// <returns>Bytes, 0 or more; more than 8 TiB count as 8 TiB. Reserved against <see cref="RunOptions.MemoryBudgetBytes"/> before the stage starts the
    /// item.</returns>
    /// <remarks>Called from any thread, several at a time. An exception fails the item as if the stage had thrown it.</remarks>
    long EstimateWeightBytes(TIn item);
}
