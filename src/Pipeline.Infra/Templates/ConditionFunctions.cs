namespace Pipeline.Infra;

/// <summary>The functions that conditions are made of, over true, false and not to be told.</summary>
internal static class ConditionFunctions
{
    internal static Truth Evaluate(DocumentNode node, Resolver resolver)
    {
        if (node is ScalarNode scalar && bool.TryParse(scalar.Text, out bool literal))
            return Truth.Of(literal);
        if (node is not MapNode { Entries: [var entry] })
            throw new TemplateException(node.At, "a condition is one function: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition.");
        switch (entry.Key, entry.Value)
        {
            case ("Condition", ScalarNode name):
                return resolver.Condition(name.Text, name.At);
            case ("Fn::Equals", ListNode { Items: [var left, var right] }):
                return AreEqual(resolver.Resolve(left), resolver.Resolve(right), entry.KeyAt);
            case ("Fn::Not", ListNode { Items: [var only] }):
                Truth inner = Evaluate(only, resolver);
                return inner.Known is { } value ? Truth.Of(!value) : inner;
            case ("Fn::And", ListNode and):
                return Combine(and, resolver, decisive: false);
            case ("Fn::Or", ListNode or):
                return Combine(or, resolver, decisive: true);
            default:
                throw new TemplateException(entry.KeyAt, $"'{entry.Key}' with these operands is no condition. Use Fn::Equals with two values, Fn::Not with one, Fn::And or Fn::Or with 2 to 10.");
        }
    }

    private static Truth Combine(ListNode operands, Resolver resolver, bool decisive)
    {
        Truth? unknown = null;
        foreach (DocumentNode operand in operands.Items)
        {
            Truth truth = Evaluate(operand, resolver);
            if (truth.Known == decisive)
                return truth;
            if (truth.Known is null)
                unknown ??= truth;
        }

        return unknown ?? Truth.Of(!decisive);
    }

    private static Truth AreEqual(Value left, Value right, Location at)
    {
        if (left is TextValue a && right is TextValue b)
            return Truth.Of(a.Content == b.Content);
        if (left.Key == right.Key && left.GetType() == right.GetType())
            return Truth.Of(true);
        Gap? gap = (left as UnknownValue ?? right as UnknownValue)?.Gap;
        return Truth.Unknown(gap ?? new Gap("", "Conditions", at, $"whether '{left.Key}' equals '{right.Key}' is decided by the account.", "Replace it by a parameter and give its value."));
    }
}
