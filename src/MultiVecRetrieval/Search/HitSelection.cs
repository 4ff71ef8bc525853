using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>What happens to a ranking before it is cut into pages: a least score, an order, differences, and counts of fields.</summary>
internal sealed class HitSelection(SqliteConnection connection, SegmentSet set, SearchRequest request, PartRanking ranking)
{
    /// <summary>Hits that are put in order and counted.</summary>
    public const int Depth = 1_000;

    private const int FacetLimit = 20;

    /// <summary>How deep each side is ranked.</summary>
    public static int DepthOf(SearchRequest request, int wanted, int depth) =>
        request.Order is not null || request.Facets.Count > 0 ? Math.Max(depth, Depth)
        : request.Diversity > 0 ? Math.Max(depth, Diversifier.CountCandidates(request.Top))
        : IsCut(request) ? (int)Math.Min(int.MaxValue, Math.Max(depth, wanted + 1L))
        : depth;

    /// <summary>True where the ranking is more than cut.</summary>
    public static bool IsNeeded(SearchRequest request) =>
        request.Order is not null || request.Facets.Count > 0 || request.Diversity > 0 || IsCut(request);

    /// <summary>True where hits are left out for what they are worth.</summary>
    public static bool IsCut(SearchRequest request) => request.MinScore is not null || request.MinEvidence is not null;

    /// <summary>The values of the fields that are asked for.</summary>
    public IReadOnlyList<Facet> Facets { get; private set; } = [];

    /// <summary>The ranking that is left, in its order.</summary>
    /// <param name="ranked">The ranking, best first.</param>
    /// <param name="wanted">Hits that are shown or skipped.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public List<ScoredEntry> Apply(List<ScoredEntry> ranked, int wanted, CancellationToken cancellationToken)
    {
        List<ScoredEntry> kept = request.MinScore is { } least ? [.. ranked.Where(entry => entry.Score >= least)] : ranked;
        kept = request.MinEvidence is { } evidence ? new LeastEvidence(connection, set, ranking).Apply(kept, evidence) : kept;
        List<ScoredEntry> likely = [.. kept.Take(Depth).Where(ranking.IsLikely)];
        Facets = [.. request.Facets.Select(field =>
            FieldValues.Count(connection, field, likely.Select(entry => entry.EntryId), FacetLimit))];
        if (request.Order is { } order)
        {
            Dictionary<long, ScoredEntry> byId = likely.ToDictionary(entry => entry.EntryId);
            HashSet<long> inOrder = [.. byId.Keys];
            return
            [
                .. FieldValues.Sort(connection, order, byId.Keys).Select(id => byId[id]),
                .. kept.Where(entry => !inOrder.Contains(entry.EntryId)),
            ];
        }

        return request.Diversity > 0 ? new Diversifier(set, request).Apply(kept, wanted, cancellationToken) : kept;
    }
}
