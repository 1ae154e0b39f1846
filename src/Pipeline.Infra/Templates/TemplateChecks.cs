namespace Pipeline.Infra;

/// <summary>Finds references to nothing and circles of references before anything is worked out.</summary>
internal static class TemplateChecks
{
    internal static void CheckReferences(TemplateScope scope)
    {
        HashSet<string> names = new(scope.Resources.Keys, StringComparer.Ordinal);
        HashSet<string> parameters = scope.Section("Parameters")?.Entries.Select(e => e.Key).ToHashSet(StringComparer.Ordinal) ?? [];
        HashSet<string> conditions = scope.Section("Conditions")?.Entries.Select(e => e.Key).ToHashSet(StringComparer.Ordinal) ?? [];
        bool hasHidden = scope.Gaps.Count > 0; // A macro may bring the name.
        Dictionary<string, List<TemplateReference>> edges = new(StringComparer.Ordinal);
        foreach (ResourceEntry resource in scope.Resources.Values)
        {
            List<TemplateReference> found = new();
            if (resource.Properties is { } properties)
                ReferenceFinder.Find(properties, found);
            if (resource.Node["DependsOn"] is { } dependsOn)
                ReferenceFinder.FindDependsOn(dependsOn, found);
            foreach (TemplateReference reference in found)
                Check(reference, resource.LogicalId);
            if (resource.Node["Condition"] is ScalarNode condition && !conditions.Contains(condition.Text))
                throw new TemplateException(condition.At, $"the condition '{condition.Text}' of '{resource.LogicalId}' is not declared.{Spelling.Suggest(condition.Text, conditions)} Declare it under 'Conditions'.");
            edges[resource.LogicalId] = found.FindAll(reference => names.Contains(reference.Name));
        }

        FindCircle(edges);

        void Check(TemplateReference reference, string user)
        {
            if (hasHidden || names.Contains(reference.Name) || reference.Name.StartsWith("AWS::", StringComparison.Ordinal))
                return;
            if (!reference.NeedsResource && parameters.Contains(reference.Name))
                return;
            string kind = reference.NeedsResource ? "resource" : "resource or parameter";
            throw new TemplateException(reference.At, $"'{user}' refers to '{reference.Name}', but there is no {kind} of that name.{Spelling.Suggest(reference.Name, names.Concat(parameters))} Declare it or correct the name.");
        }
    }

    private static void FindCircle(Dictionary<string, List<TemplateReference>> edges)
    {
        Dictionary<string, int> state = new(StringComparer.Ordinal); // 1: on the way, 2: done
        List<string> path = new();
        foreach (string start in edges.Keys)
        {
            if (state.ContainsKey(start))
                continue;
            // An own stack: a chain of 1,000 resources must not use up the thread's.
            Stack<(string Name, int Next)> stack = new();
            stack.Push((start, 0));
            state[start] = 1;
            path.Add(start);
            while (stack.Count > 0)
            {
                (string name, int next) = stack.Pop();
                if (next == edges[name].Count)
                {
                    state[name] = 2;
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                stack.Push((name, next + 1));
                TemplateReference edge = edges[name][next];
                int seen = state.GetValueOrDefault(edge.Name);
                if (seen == 1)
                {
                    string circle = string.Join(" -> ", path.SkipWhile(n => n != edge.Name).Append(edge.Name));
                    throw new TemplateException(edge.At, $"the resources depend on each other in a circle: {circle}. Break it, for example with a rule as a resource of its own (AWS::EC2::SecurityGroupIngress).");
                }

                if (seen == 0)
                {
                    state[edge.Name] = 1;
                    path.Add(edge.Name);
                    stack.Push((edge.Name, 0));
                }
            }
        }
    }
}
