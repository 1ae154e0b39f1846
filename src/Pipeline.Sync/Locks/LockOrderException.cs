namespace Pipeline.Sync;

/// <summary>A lock was asked for against the order. Nothing was acquired; a defect of the program, found before it could hang.</summary>
public sealed class LockOrderException : InvalidOperationException
{
    internal LockOrderException(LockOrderViolation violation)
        : base(violation.ToString()) => Violation = violation;

    /// <summary>Gets what was held and what was asked for.</summary>
    public LockOrderViolation Violation { get; }
}
