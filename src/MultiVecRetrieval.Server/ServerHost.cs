using MultiVecRetrieval.Ingestion;

namespace MultiVecRetrieval.Server;

/// <summary>Builds the HTTP server; `mvr serve` and the tests call it.</summary>
public static class ServerHost
{
    /// <summary>Maps every endpoint and the page onto a web application over <paramref name="library"/>.</summary>
    public static WebApplication Build(string[] args, Library library) => throw new NotSupportedException();
}
