namespace Pipeline.Core;

/// <summary>An item that gives every branch a handle of its own.</summary>
internal interface IShareable
{
    /// <summary>Makes another handle, which its receiver disposes.</summary>
    object Share();
}
