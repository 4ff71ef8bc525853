using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval;

/// <summary>Jobs that are kept in the catalog of a collection by those who run them. Thread-safe.</summary>
public sealed class CollectionJobs
{
    private readonly SqliteCatalog _catalog;

    internal CollectionJobs(SqliteCatalog catalog) => _catalog = catalog;

    /// <summary>Adds a job or replaces the one of the same id.</summary>
    public void Save(JobRecord job) => _catalog.Write(connection => JobTable.Save(connection, job));

    /// <summary>The job of an id; null when there is none. Jobs that a former process left unfinished are "interrupted".</summary>
    public JobRecord? Get(string id) => _catalog.Read(connection => JobTable.Get(connection, id));

    /// <summary>Jobs, newest first.</summary>
    public IReadOnlyList<JobRecord> List(int limit = 100) => _catalog.Read(connection => JobTable.List(connection, limit));
}
