namespace Pipeline.Testing.Internal;

internal sealed record ModelRule(string Text, Func<bool> Holds, Func<string>? Seen);
