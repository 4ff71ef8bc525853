using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Filters;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>Runs one request on one generation: filter, score every side, fuse, load the hits, explain.</summary>
internal sealed class Searcher(SqliteConnection connection, SegmentSet set, SearchMachine machine, string catalogPath)
{
    /// <summary>Fusion looks at least this deep into each side.</summary>
    private const int MinFusionDepth = 100;

    /// <summary>What meets all parts of a question may stand far down in each of them.</summary>
    private const int MinPartsDepth = 1_000;

    /// <summary>Documents are gathered from at most so many entries of a side: one of thousands of pages may hold them all.</summary>
    private const int MaxGroupingDepth = 6_400;

    private const int DepthFactor = 4;

    private readonly SearchTimer _timer = new();

    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken)
    {
        RequestRules.Check(request);
        request.Fusion.Check(set.Spaces.Select(space => space.Name));
        PartRanking ranking = new(connection, set, request, catalogPath);
        ranking.Open();
        EntrySet? filter = request.Filter is null ? null : _timer.Time("filter", () => ApplyFilter(request.Filter));
        (filter, long? excluded) = Exclude(request, filter);

        int wanted = (int)Math.Min(int.MaxValue, (long)request.Top + request.Offset);
        int least = ranking.HasParts ? MinPartsDepth : MinFusionDepth;
        int depth = HitSelection.DepthOf(
            request, wanted, ranking.SideCount > 1 ? (int)Math.Min(int.MaxValue, Math.Max(least, 2L * wanted)) : wanted);
        HitSelection selection = new(connection, set, request, ranking);
        filter = _timer.Time("filter", () => ranking.Restrict(filter));

        List<HitGroup> groups;
        bool hasMore;
        if (request.GroupSize is { } size)
        {
            (groups, hasMore) = RankDocuments(request, ranking, selection, size, wanted, filter, excluded, depth, cancellationToken);
        }
        else
        {
            ranking.Rank(filter, excluded, depth, machine, _timer, cancellationToken);
            bool isSelected = HitSelection.IsNeeded(request);
            List<ScoredEntry> ranked = Fuse(request, ranking, isSelected ? int.MaxValue : (int)Math.Min(int.MaxValue, wanted + 1L));
            long found = ranking.IsOneSide ? ranking.FoundCount : ranked.Count;
            if (isSelected)
            {
                ranked = _timer.Time("select", () => selection.Apply(ranked, wanted, cancellationToken));
                found = HitSelection.IsCut(request) ? ranked.Count : Math.Max(found, ranked.Count);
            }

            groups = HitGroup.OfEntries(ranked);
            hasMore = found > wanted;
        }

        List<SearchHit> hits = _timer.Time("hits", () =>
            new HitLoader(connection, catalogPath, request, ranking).Load(groups, cancellationToken));
        return new SearchResult
        {
            Hits = hits,
            HasMore = hasMore,
            IsExact = ranking.Plans.All(plan => plan.IsExact),
            Plans = ranking.Plans,
            CandidateCount = CountCandidates(filter, excluded),
            Facets = selection.Facets,
            TimingsMs = _timer.ToMilliseconds(),
            Notices = [.. ranking.Notices.Distinct()],
        };
    }

    private List<ScoredEntry> Fuse(SearchRequest request, PartRanking ranking, int count)
    {
        if (ranking.IsOneSide)
        {
            return [.. ranking.Sides[0].Entries];
        }

        EvidenceFusion evidence = new(connection, set);
        return _timer.Time("fusion", () => TopEntries.Select(
            connection,
            ranking.HasParts
                ? PartFusion.Join(request.Parts, [.. ranking.SidesOfParts.Select(FuseSides)], request.Join)
                : [.. FuseSides(ranking.Sides).Select(pair => new ScoredEntry(pair.Key, pair.Value))],
            count));

        Dictionary<long, double> FuseSides(IReadOnlyList<RankedSide> sides) => request.Fusion.Method == FusionMethod.Evidence
            ? evidence.Fuse(sides)
            : RankFusion.Fuse(sides, request.Fusion);
    }

    // Looks deeper until there are documents enough: the ranking of entries stays what it is, and is only cut further down.
    private (List<HitGroup> Groups, bool HasMore) RankDocuments(SearchRequest request, PartRanking ranking,
        HitSelection selection, int size, int wanted, EntrySet? filter, long? excluded, int depth, CancellationToken cancellationToken)
    {
        long documentCount = connection.ReadInt64("SELECT COUNT(*) FROM documents") ?? 0;
        for (depth = Math.Max(MinFusionDepth, depth); ; depth *= DepthFactor)
        {
            ranking.Rank(filter, excluded, depth, machine, _timer, cancellationToken);
            bool isAll = ranking.Sides.All(side => side.Entries.Count < depth);

            // What a side ranks below the depth may still count for an entry, but not lift it above so many others.
            List<ScoredEntry> ranked = Fuse(request, ranking, isAll ? int.MaxValue : depth);
            if (HitSelection.IsNeeded(request))
            {
                int fused = ranked.Count;
                ranked = _timer.Time("select", () => selection.Apply(ranked, wanted, cancellationToken));
                isAll |= ranked.Count < fused;
            }

            List<HitGroup> groups = HitGroup.OfDocuments(connection, ranked, size);
            isAll |= groups.Count == documentCount;
            if (groups.Count > wanted || isAll || depth >= MaxGroupingDepth)
            {
                if (groups.Count <= wanted && !isAll)
                {
                    ranking.Notices.Add($"Documents were gathered from the best {depth} entries of each side; others may follow.");
                }

                return (groups, groups.Count > wanted || !isAll);
            }
        }
    }

    // One entry costs a comparison, several are a filter.
    private (EntrySet? Filter, long? Excluded) Exclude(SearchRequest request, EntrySet? filter)
    {
        long[] excluded = [.. request.ExcludeEntries.Select(key => CatalogQueries.GetEntryId(connection, key)).OfType<long>().Distinct()];
        if (excluded.Length < 2)
        {
            return (filter, excluded.Length == 0 ? null : excluded[0]);
        }

        IEnumerable<long> all = connection.ReadAll(row => row.GetInt64(0), "SELECT id FROM entries");
        return (new EntrySet([.. all.Where(id => !excluded.Contains(id) && (filter is null || filter.Contains(id)))]), null);
    }

    private EntrySet ApplyFilter(Filter filter)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 1);
        return new EntrySet(connection.ReadAll(
            row => row.GetInt64(0),
            $"SELECT e.id FROM entries e JOIN documents d ON d.id = e.document WHERE {condition.Sql}",
            [.. condition.Parameters]));
    }

    private long CountCandidates(EntrySet? filter, long? excluded)
    {
        long count = filter?.Count ?? set.EntryCount;
        return excluded is { } id && (filter is null || filter.Contains(id)) ? count - 1 : count;
    }
}
