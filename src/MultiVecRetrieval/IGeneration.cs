using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval;

/// <summary>What reads of documents and entries stand on: the newest generation at each call, or that of a snapshot.</summary>
internal interface IGeneration
{
    /// <summary>Path of the catalog, for errors.</summary>
    string CatalogPath { get; }

    /// <summary>Reads the catalog.</summary>
    T Read<T>(Func<SqliteConnection, T> read);

    /// <summary>Reads the catalog and the segments of the same generation.</summary>
    T Read<T>(Func<SqliteConnection, SegmentSet, T> read);
}
