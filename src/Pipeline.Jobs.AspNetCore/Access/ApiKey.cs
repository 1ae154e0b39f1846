using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.AspNetCore;

/// <summary>A tenant's API key, as its hash. The key itself is shown once, when it is made, and kept nowhere.</summary>
public sealed class ApiKey
{
    private readonly byte[] _hash;

    /// <summary>Takes a key that was made before.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="sha256">The SHA-256 of the key, 64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The tenant's name is not allowed, or the hash is none.</exception>
    public ApiKey(string tenant, string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        if (!JobLimits.IsName(tenant))
            throw new ArgumentException($"The tenant '{tenant}' is not allowed. Use 1 to 64 characters of a-z, 0-9, '-', '_', '.', not starting with '.'.", nameof(tenant));
        Tenant = tenant;
        try
        {
            _hash = Convert.FromHexString(sha256);
        }
        catch (FormatException error)
        {
            throw new ArgumentException("The hash of an API key must be 64 hexadecimal digits.", nameof(sha256), error);
        }

        if (_hash.Length != 32)
            throw new ArgumentException($"The hash of an API key has {sha256.Length} digits. It must have 64.", nameof(sha256));
    }

    /// <summary>Gets whose key it is.</summary>
    public string Tenant { get; }

    /// <summary>Gets the SHA-256 of the key, 64 hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(_hash);

    /// <summary>Makes a key of 256 random bits. They cannot be guessed, so a fast hash is enough to store them.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="key">The key, to hand to the tenant.</param>
    /// <returns>What is kept.</returns>
    public static ApiKey Create(string tenant, out string key)
    {
        key = $"pk_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return new ApiKey(tenant, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
    }

    internal bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);
}
