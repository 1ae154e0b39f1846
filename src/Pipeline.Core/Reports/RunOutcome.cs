namespace Pipeline.Core;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>The source is used up; items may have failed where the policy let the run go on.</summary>
    Completed,

    /// <summary>A graceful stop: no further item was taken, all that were under way were finished.</summary>
    Drained,

    /// <summary>A failed item stopped the run.</summary>
    Faulted,

    /// <summary>The run was canceled or aborted.</summary>
    Canceled,
}
