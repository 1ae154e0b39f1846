namespace Pipeline.Testing;

/// <summary>Chooses who takes the next step. Asked once before every step of one run.</summary>
internal interface IDecider
{
    Decision Decide(DecisionPoint point);
}
