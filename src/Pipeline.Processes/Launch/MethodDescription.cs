using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>Describes static methods so that a worker finds them again: by assembly, type and name.</summary>
[RequiresUnreferencedCode("Workers find methods and types by name.")]
[RequiresDynamicCode("Workers make generic types at run time.")]
internal static class MethodDescription
{
    private const BindingFlags AnyField = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static string?[] Of(Delegate method, JsonTypeInfo requestType, JsonTypeInfo resultType) =>
    [
        Protocol.MethodKind, .. Locate(method), requestType.Type.AssemblyQualifiedName, resultType.Type.AssemblyQualifiedName,
        ResolverOf(requestType), ResolverOf(resultType),
    ];

    public static string OfInitializer(Action initialize) => string.Join(Protocol.InitializerSeparator, Locate(initialize));

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a single file, where the name is enough.")]
    private static string[] Locate(Delegate method)
    {
        MethodInfo info = method.Method;
        Type type = info.DeclaringType ?? throw Unsuitable(method, "has no declaring type");
        if (info.IsGenericMethod || type.IsGenericType)
            throw Unsuitable(method, "is generic");
        if (method.Target is { } target && target.GetType().GetFields(AnyField).Length > 0)
            throw Unsuitable(method, "uses variables or fields of this process");
        return [type.Assembly.FullName!, type.Assembly.Location, type.FullName!, info.Name];
    }

    private static ArgumentException Unsuitable(Delegate method, string why) => new(
        $"The method '{method.Method.DeclaringType?.Name}.{method.Method.Name}' {why}; a worker process can call only static methods "
            + "and lambdas that capture nothing. "
        + "Pass what it needs in the request.",
        nameof(method));

    private static string ResolverOf(JsonTypeInfo info) =>
        info.OriginatingResolver is JsonSerializerContext context ? context.GetType().AssemblyQualifiedName! : string.Empty;
}
