namespace Pipeline.Sync;

/// <summary>Declares that locks of this level may be taken while one of another level is held.</summary>
/// <typeparam name="TLevel">The level that comes before; its rank must be lower. A level may come after several.</typeparam>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification =
    "The declaration is the content: it is used as a constraint.")]
public interface ILevelAfter<TLevel> : ILockLevel
    where TLevel : ILockLevel
{
}
