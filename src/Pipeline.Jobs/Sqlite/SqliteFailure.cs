using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>Says in the words of this library what SQLite reports about disks, rights, waiting and damage.</summary>
internal static class SqliteFailure
{
    public static JobStoreException Translate(string path, SqliteException error) => new(error.SqliteErrorCode switch
    {
        5 or 6 /* BUSY, LOCKED */ => $"The job store '{path}' stayed locked by another process: {error.Message} Repeat the call; if it goes on, look for a program that holds the file.",
        11 /* CORRUPT */ => $"The job store '{path}' is damaged: {error.Message} Stop all processes that use it and restore a backup.",
        13 /* FULL */ => $"The disk of the job store '{path}' is full: {error.Message} Nothing of this call was stored. Free space and repeat it.",
        26 /* NOTADB */ => $"'{path}' is not an SQLite database. Use another data folder.",
        _ => $"The job store '{path}' could not be read or written: {error.Message} Check the disk and the rights, then repeat the call.",
    }, error);
}
