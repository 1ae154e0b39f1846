namespace Pipeline.Infra;

/// <summary>A place where one resource names another, or a parameter.</summary>
internal readonly record struct TemplateReference(string Name, Location At, bool NeedsResource);
