using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pipeline.Cli;

/// <summary>The form of one record: <c>1 CHECKSUM JSON</c> and a line feed. The JSON holds no line feed.</summary>
internal static class ManifestLine
{
    private const int ChecksumDigits = 16;
    private static readonly byte[] s_version = "1 "u8.ToArray();

    /// <summary>Writes a record.</summary>
    /// <param name="photo">The record.</param>
    /// <returns>The bytes of its line, line feed included.</returns>
    public static byte[] Write(FinishedPhoto photo)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(photo, ManifestJson.Default.FinishedPhoto);
        return [.. s_version, .. Checksum(json), (byte)' ', .. json, (byte)'\n'];
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The bytes of the line without its line feed.</param>
    /// <returns>The record; null when the line is damaged or of another version.</returns>
    public static FinishedPhoto? Read(ReadOnlySpan<byte> line)
    {
        int start = s_version.Length + ChecksumDigits + 1;
        if (line.Length <= start || !line.StartsWith(s_version) || line[start - 1] != ' ')
            return null;
        ReadOnlySpan<byte> json = line[start..];
        if (!line[s_version.Length..(start - 1)].SequenceEqual(Checksum(json)))
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, ManifestJson.Default.FinishedPhoto);
        }
        catch (JsonException)
        {
            // The checksum fits, so this is what some other version wrote on purpose: not a record of this one.
            return null;
        }
    }

    // 64 bits of SHA-256: against torn and rotten lines, not against forgery.
    private static byte[] Checksum(ReadOnlySpan<byte> json) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, ChecksumDigits / 2)));
}
