namespace Pipeline.Core;

/// <summary>A stage that is nothing but a delegate of the user.</summary>
internal interface IBodyStage
{
    Delegate Body { get; }
}
