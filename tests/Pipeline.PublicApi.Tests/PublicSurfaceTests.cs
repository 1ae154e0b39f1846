using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pipeline.PublicApi.Tests;

/// <summary>House rules that hold for the public surface of every shipped package.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Packages => new(ShippedAssemblies().Select(assembly => assembly.GetName().Name!).Order());

    [Fact]
    public void Packages_AreFoundBesideTheTests() =>
        Assert.Contains("Pipeline.Core", ShippedAssemblies().Select(assembly => assembly.GetName().Name));

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicClasses_AreSealedOrMeantForInheritance(string package)
    {
        IEnumerable<string> open = PublicTypes(package)
            .Where(type => type.IsClass && !type.IsAbstract && !type.IsSealed)
            .Where(type => !type.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Any(constructor => constructor.IsFamily))
            .Select(type => type.FullName!);
        Assert.Empty(open);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicTypes_LiveInTheNamespaceOfTheirPackage(string package)
    {
        IEnumerable<string> strays = PublicTypes(package)
            .Where(type => type.Namespace != package && type.Namespace?.StartsWith(package + ".", StringComparison.Ordinal) != true)
            .Select(type => type.FullName!);
        Assert.Empty(strays);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void NoType_IsCalledPipeline(string package)
    {
        // The namespace 'Pipeline' wins the lookup and user code fails with CS0234.
        Assert.DoesNotContain("Pipeline", PublicTypes(package).Select(type => type.Name));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void AsynchronousMembers_TakeTheTokenLastAndCallItCancellationToken(string package)
    {
        IEnumerable<string> wrong =
            from type in PublicTypes(package)
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            from parameter in method.GetParameters()
            where parameter.ParameterType == typeof(CancellationToken)
            where !IsRecordMember(method)
            where parameter.Name is not "cancellationToken" || !method.GetParameters().Skip(parameter.Position + 1).All(IsForcedToTheEnd)
            select $"{type.Name}.{method.Name}({parameter.Name})";
        Assert.Empty(wrong);
    }

    /// <summary>
    /// Tells whether the language forces a parameter behind the token: <c>params</c>, and what the compiler fills in for the caller, which is optional like
    /// the token.
    /// </summary>
    private static bool IsForcedToTheEnd(ParameterInfo parameter) => parameter.CustomAttributes.Any(attribute =>
        attribute.AttributeType == typeof(ParamArrayAttribute) || attribute.AttributeType == typeof(ParamCollectionAttribute)
        || attribute.AttributeType == typeof(CallerMemberNameAttribute) || attribute.AttributeType == typeof(CallerFilePathAttribute)
        || attribute.AttributeType == typeof(CallerLineNumberAttribute)
            || attribute.AttributeType == typeof(CallerArgumentExpressionAttribute));

    private static bool IsRecordMember(MethodInfo method) => method.Name is "Deconstruct" || method.IsSpecialName;

    private static IEnumerable<Type> PublicTypes(string package) => Assembly.Load(package).GetExportedTypes().Where(type => !type.IsNested);

    private static IEnumerable<Assembly> ShippedAssemblies() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Pipeline.*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.EndsWith(".Tests", StringComparison.Ordinal))
            .Select(name => Assembly.Load(name!));
}
