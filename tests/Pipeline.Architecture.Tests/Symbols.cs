using Microsoft.CodeAnalysis;

namespace Pipeline.Architecture.Tests;

internal static class Symbols
{
    public static IEnumerable<INamedTypeSymbol> TopLevelTypes(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(TopLevelTypes));

    public static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) =>
        type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    public static INamedTypeSymbol TopLevel(INamedTypeSymbol type) => type.ContainingType is { } outer ? TopLevel(outer) : type;
}
