namespace Pipeline.Infra;

/// <summary>The answers to a claim.</summary>
public enum Answer
{
    /// <summary>The claim holds for every packet.</summary>
    Proved,

    /// <summary>A packet goes where none may go; it is named with its way.</summary>
    Refuted,

    /// <summary>A connection that must work is stopped; every rule that would have to change is named.</summary>
    Blocked,

    /// <summary>The template does not say enough, or uses what is not modeled; what is missing is named.</summary>
    CannotTell,
}
