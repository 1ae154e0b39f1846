namespace Pipeline.Sync;

/// <summary>What reading an append log found.</summary>
/// <param name="Id">The log's identity, made when the file was created.</param>
/// <param name="Length">The length of the file in bytes when the reading began.</param>
/// <param name="End">Where the last record that was read ends, in bytes; the next reading may begin there.</param>
/// <param name="TornBytes">Bytes at the end of records that were cut off while they were written, by a crash or because the writing goes on; never
/// acknowledged, so no damage. 0 when the reading stopped at a damage.</param>
/// <param name="Damage">Where the first damage begins, in bytes: an unreadable record that complete ones follow. Null when there is none.</param>
/// <param name="DamagedBytes">The bytes of all damage that was passed over.</param>
public sealed record AppendLogContent(Guid Id, long Length, long End, long TornBytes, long? Damage, long DamagedBytes);
