namespace Pipeline.Infra;

/// <summary>Finds the parts of the user's path and takes each away in turn.</summary>
public static class SinglePointAnalysis
{
    /// <summary>Analyzes one deployment.</summary>
    /// <param name="template">The template.</param>
    /// <param name="claims">The file whose section 'runs' says what runs on a machine; null when the template's metadata says it.</param>
    /// <returns>The parts with what their loss does.</returns>
    public static SinglePointReport Analyze(InfraTemplate template, ClaimSet? claims = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Analyze(template.Network, claims ?? new ClaimSet(), template.Files);
    }

    internal static SinglePointReport Analyze(NetworkModel model, ClaimSet claims, IReadOnlyList<string> files)
    {
        List<Component> components = new();
        ComponentFinder.AddEntry(model, components);
        ComponentFinder.AddCompute(model, claims, components);
        ComponentFinder.AddData(model, components);
        ComponentFinder.AddWaysOut(model, components);
        ComponentFinder.AddSurroundings(model, components);
        foreach (Component component in components)
            component.Breaks = Dependents(component, components);
        return new SinglePointReport { Files = files, Components = components, Findings = [.. ResilienceFindings.Find(model)] };
    }

    // Whatever needs the lost part, and what needs that.
    private static List<string> Dependents(Component lost, List<Component> all)
    {
        List<string> gone = new()
        { lost.Name };
        for (int i = 0; i < gone.Count; i++)
        {
            foreach (Component component in all)
            {
                if (component.Needs.Contains(gone[i]) && !gone.Contains(component.Name))
                    gone.Add(component.Name);
            }
        }

        gone.RemoveAt(0);
        return gone;
    }
}
