namespace Pipeline.Infra;

/// <summary><c>AWS::NoValue</c>: the property is as if it were not written.</summary>
internal sealed record AbsentValue : Value
{
    internal static readonly AbsentValue Instance = new();

    internal override string Key => "";
}
