namespace Pipeline.Testing;

/// <summary>What happens at a point of a run.</summary>
internal enum DecisionKind
{
    /// <summary>The current participant goes on.</summary>
    Continue,

    /// <summary>Candidate <see cref="Decision.Index"/> goes on.</summary>
    Switch,

    /// <summary>Crash candidate <see cref="Decision.Index"/> dies.</summary>
    Crash,

    /// <summary>The run is given up: what follows is known.</summary>
    Abandon,

    /// <summary>The run is given up: the choices made before led to another point than the last time.</summary>
    Diverged,
}
