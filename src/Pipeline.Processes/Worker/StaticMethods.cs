using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>Finds the static methods that a pool describes (<c>MethodDescription</c>).</summary>
[RequiresUnreferencedCode("Finds methods and types by name.")]
[RequiresDynamicCode("Makes generic types at run time.")]
internal sealed class StaticMethods : IFunctionSource
{
    private const BindingFlags AnyMethod = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public void Initialize(string? initializer)
    {
        if (initializer?.Split(Protocol.InitializerSeparator) is not [var assembly, var path, var type, var name])
            return;
        (MethodInfo method, object? target) = Find(assembly, path, type, name, []);
        method.CreateDelegate<Action>(target)();
    }

    public WorkerFunctionBody Resolve(string?[] definition)
    {
        if (definition is not [Protocol.MethodKind, { } assembly, { } path, { } type, { } name, { } request, { } result,
            { } requestResolver, { } resultResolver])
            throw new InvalidOperationException(
                $"The pool asked for the registered function '{definition.ElementAtOrDefault(1)}', but this worker calls static "
                    + "methods. Use ProcessPool.Method.");
        Type requestType = FindType(request);
        Type resultType = FindType(result);
        (MethodInfo method, object? target) = Find(assembly, path, type, name, requestType);
        MethodInfo make = typeof(StaticMethods).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(requestType, resultType);
        return (WorkerFunctionBody)make.Invoke(
            null, [method, target, InfoOf(requestType, requestResolver), InfoOf(resultType, resultResolver)])!;
    }

    public void Dispose()
    {
    }

    private static WorkerFunctionBody Make<TRequest, TResult>(
        MethodInfo method, object? target, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResult> resultType)
    {
        if (method.ReturnType == typeof(ValueTask<TResult>))
        {
            Func<TRequest, CancellationToken, ValueTask<TResult>> body =
                method.CreateDelegate<Func<TRequest, CancellationToken, ValueTask<TResult>>>(target);
            // the worker of a canceled call is killed
            return new WorkerFunctionBody<int, TRequest, TResult>(
                requestType, resultType, static () => 0, (_, request, _) => body(request, CancellationToken.None), body);
        }

        if (method.GetParameters().Length == 2)
        {
            Func<TRequest, WorkerCallContext, TResult> withContext =
                method.CreateDelegate<Func<TRequest, WorkerCallContext, TResult>>(target);
            return new WorkerFunctionBody<TRequest, TResult>(requestType, resultType, withContext);
        }

        Func<TRequest, TResult> plain = method.CreateDelegate<Func<TRequest, TResult>>(target);
        return new WorkerFunctionBody<TRequest, TResult>(requestType, resultType, (request, _) => plain(request), plain);
    }

    private static JsonTypeInfo InfoOf(Type type, string resolver)
    {
        if (resolver.Length == 0)
            return JsonSerializerOptions.Default.GetTypeInfo(type);
        object? context = FindType(resolver).GetProperty("Default", BindingFlags.Static | BindingFlags.Public)?.GetValue(null);
        return (context as JsonSerializerContext)?.GetTypeInfo(type)
            ?? throw new InvalidOperationException(
                $"The JSON context '{resolver}' has no type information for '{type}'. Add [JsonSerializable(typeof({type.Name}))] to it.");
    }

    private static Type FindType(string name) => Type.GetType(name, throwOnError: true)!;

    private static (MethodInfo Method, object? Target) Find(
        string assembly, string path, string typeName, string name, params ReadOnlySpan<Type> first)
    {
        Type type = Load(assembly, path).GetType(typeName, throwOnError: true)!;
        Type? wanted = first.IsEmpty ? null : first[0];
        MethodInfo method = type.GetMethods(AnyMethod)
            .FirstOrDefault(candidate => candidate.Name == name && candidate.GetParameters().FirstOrDefault()?.ParameterType == wanted)
            ?? throw new MissingMethodException(
                $"The worker does not find '{typeName}.{name}'. Start it from the same build of the application.");
        return (method, method.IsStatic ? null : Activator.CreateInstance(type, nonPublic: true));
    }

    private static Assembly Load(string assembly, string path)
    {
        try
        {
            return Assembly.Load(new AssemblyName(assembly));
        }
        catch (FileNotFoundException) when (path.Length > 0)
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyPath(path); // a plug-in that the application loaded by itself
        }
    }
}
