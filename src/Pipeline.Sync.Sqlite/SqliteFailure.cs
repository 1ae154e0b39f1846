using Microsoft.Data.Sqlite;

namespace Pipeline.Sync.Sqlite;

/// <summary>Turns what SQLite reports about disks, rights and damage into the exceptions that the rest of .NET uses for files.</summary>
internal static class SqliteFailure
{
    /// <summary>Runs a database action.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="action">The action.</param>
    /// <returns>Its result.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or no database.</exception>
    /// <exception cref="IOException">The file could not be opened, read or written, or stayed busy.</exception>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error) when (Translate(path, error) is { } translated)
        {
            throw translated;
        }
    }

    private static Exception? Translate(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        11 /* CORRUPT */ => new InvalidDataException(
            $"'{path}' is damaged: {error.Message} The journals beside it keep every charge: "
                + "stop the processes that use the ledger, move this file away, and the next total builds it again.", error),
        26 /* NOTADB */ => new InvalidDataException($"'{path}' is not an SQLite database. Use another directory for the ledger.", error),
        3 or 5 or 6 or 8 or 10 or 13 or 14 or 23 /* PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, AUTH */ => new IOException(
            $"The ledger '{path}' could not be read or written: {error.Message} "
                + "Check the disk and the rights; charges in the journals are safe and are taken in next time.", error),
        _ => null,
    };
}
