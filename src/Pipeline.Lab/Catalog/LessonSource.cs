namespace Pipeline.Lab;

/// <summary>Reads the code of a lesson out of its own source, so that what the learner sees is what the explorer runs.</summary>
internal static class LessonSource
{
    /// <summary>Returns the lines between <c>// broken</c> (or <c>// fixed</c>) and <c>// end</c>, without their common indentation.</summary>
    public static string Of(string file, string part)
    {
        using Stream source = typeof(LessonSource).Assembly.GetManifestResourceStream($"{file}.cs")
            ?? throw new InvalidOperationException($"The source of lesson {file} is not embedded in the assembly.");
        using StreamReader reader = new(source);
        List<string> lines = [];
        bool inside = false;
        while (reader.ReadLine() is { } line)
        {
            string trimmed = line.Trim();
            if (inside && trimmed == "// end")
                break;
            if (inside)
                lines.Add(line);
            inside |= trimmed == $"// {part}";
        }

        int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length == 0 ? l : l[indent..]));
    }
}
