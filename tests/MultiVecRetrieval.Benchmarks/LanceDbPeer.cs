using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Runs LanceDB's exact search and its IVF_PQ index in a Node.js process; its packages are installed into peers/node_modules on
/// first use.</summary>
internal static class LanceDbPeer
{
    /// <summary>Candidates per hit that the index scores again by their rows.</summary>
    private const int RefineFactor = 16;

    /// <summary>Searches the vectors of <paramref name="file"/>: exactly, then by the index with its default settings.</summary>
    public static IReadOnlyList<SearchRun> Run(SearchOptions options, string file, string databaseFolder)
    {
        NodePeers.Install("@lancedb/lancedb");
        int[] counts =
            [options.PageCount, options.PageRowCount, options.Dimension, options.QueryCount, options.QueryRowCount, options.Top,
            RefineFactor];
        string output = NodePeers.Start(
            "node", ["lancedb.mjs", file, databaseFolder, .. counts.Select(x => x.ToString(CultureInfo.InvariantCulture))]);
        PeerAnswer answer = JsonSerializer.Deserialize<PeerAnswer>(output, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("LanceDB gave no answer.");
        List<SearchRun> runs = [new SearchRun("LanceDB flat", answer.IngestSeconds, answer.LatenciesMs, answer.Hits)];
        if (answer.Indexed is { } indexed)
        {
            runs.Add(new SearchRun($"LanceDB IVF_PQ refine {RefineFactor}", indexed.IngestSeconds, indexed.LatenciesMs, indexed.Hits));
        }

        return runs;
    }

    private sealed record PeerAnswer(double IngestSeconds, double[] LatenciesMs, int[][] Hits, PeerAnswer? Indexed);
}
