using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Sync;

/// <summary>One line of the ledger. Lines are only ever added.</summary>
/// <param name="Number">Its number, from 1, without gaps.</param>
/// <param name="Charge">What was charged.</param>
/// <param name="Hash">The hash that chains it to the line before: SHA-256 as 64 hexadecimal digits.</param>
public sealed record LedgerEntry(long Number, JournalEntry Charge, string Hash)
{
    /// <summary>Gets the hash before the first line.</summary>
    public static string FirstHash { get; } = new('0', 64);

    /// <summary>Computes the hash of a line. A store calls it when it adds the line.</summary>
    /// <param name="previous">The hash of the line before.</param>
    /// <param name="number">The number of the new line.</param>
    /// <param name="charge">What is charged.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string HashOf(string previous, long number, JournalEntry charge)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(charge);
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{previous}|{number}|{charge.Key}|{charge.Units}|{(int)charge.Kind}|{charge.Account}|{charge.Time.UtcTicks}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
    }
}
