using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Pipeline.PublicApi.Tests;

/// <summary>Programs of a Release build run what users of the packages run: assemblies that hold native code beside the portable one.</summary>
public sealed class CompiledAheadTests
{
    private static readonly string[] s_platforms = ["linux-x64", "linux-arm64", "win-x64", "osx-arm64"];

    [Theory]
    [InlineData(typeof(Pipeline.Processes.ProcessPool))]
    [InlineData(typeof(Pipeline.Sync.LockSet))]
    [InlineData(typeof(Pipeline.Core.RunReport))]
    [InlineData(typeof(Pipeline.Profiling.RunAnalyzer))]
    public void Assembly_InReleaseBuild_HoldsNativeCode(Type type)
    {
        Assembly library = type.Assembly;
        bool isRelease = library.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration == "Release";
        Assert.SkipUnless(isRelease, "Debug builds compile nothing ahead.");
        Assert.SkipUnless(
            s_platforms.Contains(RuntimeInformation.RuntimeIdentifier),
            $"Nothing is compiled ahead for {RuntimeInformation.RuntimeIdentifier}.");

        using PEReader file = new(File.OpenRead(library.Location));

        int bytes = file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size;
        Assert.True(
            bytes > 0,
            $"{library.Location} is compiled when it runs. Look for a message of eng/CompileAhead.targets in the build; "
                + "CompileAhead=false switches it off.");
    }
}
