namespace Pipeline.Jobs;

/// <summary>The names of artifacts: <c>tenant/job/token/file</c> for results, <c>tenant/inputs/upload/file</c> for inputs.</summary>
public static class ArtifactName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxCharacters = 512;

    /// <summary>Names a result of one lease. Two leases of a job never share a name, so a worker that lost its lease overwrites nothing.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="file">The rest of the name; may hold '/'.</param>
    /// <returns>The full name.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public static string OfResult(JobLease lease, string file)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return Checked($"{lease.Job.Tenant}/{lease.Job.Id:N}/{lease.Token:N}/{file}");
    }

    /// <summary>Names an input.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="upload">A number drawn at random for this upload.</param>
    /// <param name="file">The file's name.</param>
    /// <returns>The full name.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public static string OfInput(string tenant, Guid upload, string file) => Checked($"{tenant}/inputs/{upload:N}/{file}");

    /// <summary>Tells whether an artifact belongs to a tenant.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="tenant">The tenant.</param>
    /// <returns>True when the name is allowed and the first part is the tenant.</returns>
    public static bool BelongsTo(string name, string tenant) =>
        IsAllowed(name) && name.StartsWith(tenant + "/", StringComparison.Ordinal);

    /// <summary>Tells whether a text may be the name of an artifact.</summary>
    /// <param name="name">The text.</param>
    /// <returns>
    /// True for 1 to 512 characters in parts between '/', where no part is empty, longer than 200 bytes of UTF-8, starts with '.', ends with '.' or a space, or
    /// holds a control character or one of \ : * ? " &lt; &gt; |.
    /// </returns>
    public static bool IsAllowed(string? name)
    {
        if (name is null || name.Length is 0 or > MaxCharacters)
            return false;
        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = name.AsSpan()[range];
            if (part.IsEmpty || part[0] == '.' || part[^1] is '.' or ' ' || System.Text.Encoding.UTF8.GetByteCount(part) > 200)
                return false;
            foreach (char c in part)
            {
                if (char.IsControl(c) || char.IsSurrogate(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || IsDirectionMark(c))
                    return false;
            }
        }

        return true;
    }

    /// <summary>Checks a name.</summary>
    /// <param name="name">The full name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public static string Checked(string name) => IsAllowed(name)
        ? name
        : throw new ArgumentException($"The artifact name '{JobLimits.Cut(name, 200)}' is not allowed. Use parts between '/' that are not empty, do not start with '.', and hold no control characters and none of \\ : * ? \" < > |.");

    // Marks that turn the writing direction make a name look like another one.
    private static bool IsDirectionMark(char c) => c is (>= '\u200E' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
