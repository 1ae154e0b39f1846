namespace Pipeline.Infra;

/// <summary>What a property is after its functions were worked out, as far as that is possible before a deployment.</summary>
internal abstract record Value
{
    /// <summary>Gets a text that is equal for equal values and names what is not known yet as "${...}".</summary>
    internal abstract string Key { get; }
}
