namespace Pipeline.Core;

/// <summary>An item of which every branch can have a handle of its own.</summary>
internal interface IShareable
{
    /// <summary>Makes another handle, which its receiver disposes.</summary>
    object Share();
}
