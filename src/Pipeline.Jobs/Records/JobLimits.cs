using System.Text;
using System.Text.Json;

namespace Pipeline.Jobs;

/// <summary>The bounds that every store holds, and the checks of what callers hand in.</summary>
public static class JobLimits
{
    /// <summary>The largest payload, in bytes of UTF-8.</summary>
    public const int PayloadBytes = 256 * 1024;

    /// <summary>The largest checkpoint, in bytes of UTF-8.</summary>
    public const int CheckpointBytes = 1024 * 1024;

    /// <summary>The largest summary of a result, in bytes of UTF-8.</summary>
    public const int SummaryBytes = 64 * 1024;

    /// <summary>The longest text of a progress report, in characters. Longer ones are cut.</summary>
    public const int ProgressCharacters = 200;

    /// <summary>The longest detail of a problem, in characters. Longer ones are cut.</summary>
    public const int DetailCharacters = 4000;

    /// <summary>Tells whether a text may be the name of a tenant or a kind.</summary>
    /// <param name="name">The text.</param>
    /// <returns>True for 1 to 64 characters of a-z, 0-9, '-', '_', '.', not starting with '.'.</returns>
    public static bool IsName(string? name)
    {
        if (name is null || name.Length is 0 or > 64 || name[0] == '.')
            return false;
        foreach (char c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
                return false;
        }

        return true;
    }

    /// <summary>Checks a submission.</summary>
    /// <param name="submission">The submission.</param>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public static void Check(JobSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        Require(IsName(submission.Tenant), nameof(submission.Tenant), submission.Tenant, "1 to 64 characters of a-z, 0-9, '-', '_', '.', not starting with '.'");
        Require(IsName(submission.Kind), nameof(submission.Kind), submission.Kind, "1 to 64 characters of a-z, 0-9, '-', '_', '.', not starting with '.'");
        Require(submission.Priority is >= -100 and <= 100, nameof(submission.Priority), submission.Priority, "-100 to 100");
        Require(submission.Delay >= TimeSpan.Zero && submission.Delay <= TimeSpan.FromDays(365), nameof(submission.Delay), submission.Delay, "0 to 365 days");
        Require(submission.MaxDeaths is >= 1 and <= 100, nameof(submission.MaxDeaths), submission.MaxDeaths, "1 to 100");
        Require(submission.MaxErrors is >= 1 and <= 1000, nameof(submission.MaxErrors), submission.MaxErrors, "1 to 1,000");
        Require(submission.MaxUnfinished is null or >= 1, nameof(submission.MaxUnfinished), submission.MaxUnfinished, "1 or more, or null");
        Require(submission.TraceParent is null or { Length: <= 64 }, nameof(submission.TraceParent), submission.TraceParent, "at most 64 characters");
        Require(submission.IdempotencyKey is null || IsKey(submission.IdempotencyKey), nameof(submission.IdempotencyKey), submission.IdempotencyKey, "1 to 255 visible ASCII characters");
        CheckSize(submission.Payload, PayloadBytes, nameof(submission.Payload), "Put larger inputs into the artifact store and name them in the payload.");
        if (submission.Checkpoint is { } checkpoint)
            CheckSize(checkpoint, CheckpointBytes, nameof(submission.Checkpoint), "Store less.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(submission.Payload);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The payload is no JSON text: {error.Message}", nameof(submission), error);
        }
    }

    /// <summary>Checks the length of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The greatest length in bytes of UTF-8.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="advice">What to do, for the message.</param>
    /// <exception cref="ArgumentException">The text is longer.</exception>
    public static void CheckSize(string text, int maxBytes, string what, string advice)
    {
        ArgumentNullException.ThrowIfNull(text);
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > maxBytes)
            throw new ArgumentException($"{what} has {bytes:N0} bytes. At most {maxBytes:N0} are allowed. {advice}");
    }

    /// <summary>Cuts a text to a length, without splitting a character that takes two places.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="characters">The greatest length.</param>
    /// <returns>The text, with an ellipsis when it was cut.</returns>
    public static string? Cut(string? text, int characters)
    {
        if (text is null || text.Length <= characters)
            return text;
        int end = characters - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }

    private static bool IsKey(string key) => key.Length is >= 1 and <= 255 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
            throw new ArgumentException($"{name} was {value ?? "null"}. It must be {rule}.");
    }
}
