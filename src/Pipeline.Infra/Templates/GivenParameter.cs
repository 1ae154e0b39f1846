namespace Pipeline.Infra;

/// <summary>The value that a caller or an outer stack gives to a parameter.</summary>
internal sealed record GivenParameter(Location At, Func<TemplateScope, Value> Resolve);
