namespace Pipeline.Architecture.Tests;

internal static class SourceLines
{
    public static int Count(string file) => File.ReadLines(Repository.Absolute(file)).Count();
}
