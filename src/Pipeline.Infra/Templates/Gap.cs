namespace Pipeline.Infra;

/// <summary>Something that the analysis would have to know and the template does not say, or that is not modeled.</summary>
/// <param name="Resource">The logical name of the resource, or an empty text for the whole template.</param>
/// <param name="Property">The property or part in question.</param>
/// <param name="At">The place.</param>
/// <param name="Reason">Why it is not known.</param>
/// <param name="Give">What would make it known.</param>
public sealed record Gap(string Resource, string Property, Location At, string Reason, string Give)
{
    /// <summary>Writes the gap as one line.</summary>
    /// <returns>Place, resource, property, reason and what to give.</returns>
    public override string ToString()
    {
        string subject = Resource.Length == 0 ? Property : Property.Length == 0 ? Resource : $"{Resource}.{Property}";
        return $"{At}: {subject}: {Reason} {Give}";
    }
}
