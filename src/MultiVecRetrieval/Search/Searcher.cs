using System.Diagnostics;
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

    /// <summary>What meets both parts of a question may stand far down in each of them.</summary>
    private const int MinPartsDepth = 1_000;

    /// <summary>Documents are gathered from at most so many entries of a side: one of thousands of pages may hold them all.</summary>
    private const int MaxGroupingDepth = 6_400;

    private const int DepthFactor = 4;

    private readonly Dictionary<string, double> _timings = [];
    private readonly List<string> _notices = [];
    private readonly List<RankedSide> _sides = [];
    private readonly List<SearchPlan> _plans = [];
    private readonly Dictionary<string, Func<long, IEnumerable<HitMatch>>> _explainers = [];

    // What the last side could give at any depth; it says whether there are more hits where it is the only one.
    private long _foundCount;

    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken)
    {
        RequestRules.Check(request);
        long start = Stopwatch.GetTimestamp();
        EntrySet? filter = request.Filter is null ? null : Time("filter", () => ApplyFilter(request.Filter));
        long? excluded = request.ExcludeEntry is null ? null : CatalogQueries.GetEntryId(connection, request.ExcludeEntry);

        int wanted = (int)Math.Min(int.MaxValue, (long)request.Top + request.Offset);
        int least = RequestRules.HasParts(request) ? MinPartsDepth : MinFusionDepth;
        int depth = RequestRules.CountSides(request) > 1 ? (int)Math.Min(int.MaxValue, Math.Max(least, 2L * wanted)) : wanted;
        TextSide? text = ReadText(request);
        if (text is { Query.IsRestricting: true })
        {
            filter = Time("filter", () => text.Restrict(filter));
        }

        List<HitGroup> groups;
        bool hasMore;
        if (request.GroupSize is { } size)
        {
            (groups, hasMore) = RankDocuments(request, size, wanted, text, filter, excluded, depth, cancellationToken);
        }
        else
        {
            RankSides(request, text, filter, excluded, depth, cancellationToken);
            List<ScoredEntry> ranked = FuseSides((int)Math.Min(int.MaxValue, wanted + 1L));
            groups = HitGroup.OfEntries(ranked);
            hasMore = (_sides.Count == 1 ? _foundCount : ranked.Count) > wanted;
        }

        List<SearchHit> hits = Time("hits", () => LoadHits(request, text, groups, cancellationToken));
        _timings["total"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new SearchResult
        {
            Hits = hits,
            HasMore = hasMore,
            IsExact = _plans.All(plan => plan.IsExact),
            Plans = _plans,
            CandidateCount = CountCandidates(filter, excluded),
            TimingsMs = _timings,
            Notices = _notices,
        };
    }

    private List<ScoredEntry> FuseSides(int count) => _sides.Count == 1
        ? [.. _sides[0].Entries]
        : Time("fusion", () => TopEntries.Select(connection, new EvidenceFusion(connection).Fuse(_sides), count));

    // Looks deeper until there are documents enough: the ranking of entries stays what it is, and is only cut further down.
    private (List<HitGroup> Groups, bool HasMore) RankDocuments(
        SearchRequest request, int size, int wanted, TextSide? text, EntrySet? filter, long? excluded, int depth,
        CancellationToken cancellationToken)
    {
        long documentCount = connection.ReadInt64("SELECT COUNT(*) FROM documents") ?? 0;
        for (depth = Math.Max(MinFusionDepth, depth); ; depth *= DepthFactor)
        {
            _sides.Clear();
            _plans.Clear();
            int noticeCount = _notices.Count;
            RankSides(request, text, filter, excluded, depth, cancellationToken);
            bool isAll = _sides.All(side => side.Entries.Count < depth);

            // What a side ranks below the depth may still count for an entry, but not lift it above so many others.
            List<HitGroup> groups = HitGroup.OfDocuments(connection, FuseSides(isAll ? int.MaxValue : depth), size);
            isAll |= groups.Count == documentCount;
            if (groups.Count > wanted || isAll || depth >= MaxGroupingDepth)
            {
                if (groups.Count <= wanted && !isAll)
                {
                    _notices.Add($"Documents were gathered from the best {depth} entries of each side; others may follow.");
                }

                return (groups, groups.Count > wanted || !isAll);
            }

            _notices.RemoveRange(noticeCount, _notices.Count - noticeCount);
        }
    }

    private EntrySet ApplyFilter(Filter filter)
    {
        SqlCondition condition = FilterCompiler.Compile(filter, firstParameter: 1);
        return new EntrySet(connection.ReadAll(
            row => row.GetInt64(0),
            $"SELECT e.id FROM entries e JOIN documents d ON d.id = e.document WHERE {condition.Sql}",
            [.. condition.Parameters]));
    }

    private TextSide? ReadText(SearchRequest request)
    {
        if (request.Text is null)
        {
            return null;
        }

        TextQuery query = TextQuery.Parse(request.Text);
        if (query.Wanted.Count == 0)
        {
            _notices.Add("The text has no letters or digits to search for.");
        }

        if (query.IsCut)
        {
            _notices.Add($"Full text looked for the first {TextQuery.MaxClauses} words of the query.");
        }

        return new TextSide(connection, query, catalogPath);
    }

    private void RankSides(
        SearchRequest request, TextSide? text, EntrySet? filter, long? excluded, int depth, CancellationToken cancellationToken)
    {
        // All queries are checked before the first one is scored.
        List<VectorSide> vectorSides = [.. request.Vectors.Select(query => new VectorSide(set, query, LimitOf(request, query)))];
        SearchEffort[] efforts = SpreadEffort(request);
        foreach ((VectorSide side, SearchEffort effort) in vectorSides.Zip(efforts))
        {
            if (side.IsEmpty)
            {
                _notices.Add($"The query for {side.Name} has no rows, so this side finds nothing.");
            }

            Rank(
                entries => new RankedSide(side.Name, entries) { Vectors = side }, side.Name, depth,
                () => side.Score(effort, filter, excluded, depth, machine, cancellationToken), side.Explain);
            _foundCount = side.WantedCount;
            foreach ((string stage, double milliseconds) in side.Times.Milliseconds)
            {
                _timings[$"{side.Name}/{stage}"] = milliseconds;
            }

            if (side.Plan is { } plan)
            {
                _plans.Add(plan);
            }

            if (side.DamagedCount > 0)
            {
                _notices.Add(
                    $"Codes of {side.Name} are damaged; the entries concerned were scored by their rows. They are built anew by maintenance.");
            }
        }

        if (text is not null)
        {
            Rank(
                entries => new RankedSide(TextSide.Name, entries) { Text = text }, TextSide.Name, depth,
                () => text.Score(filter, excluded, cancellationToken), text.Explain);
        }

        if (request.Fingerprint is not null || request.ContentHash is not null)
        {
            DuplicateSide side = new(connection, request);
            Rank(
                entries => new RankedSide(DuplicateSide.Name, entries), DuplicateSide.Name, depth,
                () => side.Score(filter, excluded, cancellationToken), side.Explain);
        }
    }

    // Of several spaces those whose rows are in an order are scored by their first ones; where none is, that is an error.
    private int? LimitOf(SearchRequest request, VectorQuery query) =>
        request.RowLimit is not null && !RowOrderException.HasOrder(set.GetSpace(query.Space))
            && request.Vectors.Any(other => RowOrderException.HasOrder(set.GetSpace(other.Space)))
            ? null
            : request.RowLimit;

    // Of several spaces those that have the tiers are searched by them, the others as nobody said how.
    private SearchEffort[] SpreadEffort(SearchRequest request)
    {
        if (request.Effort is not SearchEffort.TiersEffort named || request.Vectors.Count < 2)
        {
            return [.. request.Vectors.Select(_ => request.Effort)];
        }

        SearchEffort[] efforts = [.. request.Vectors.Select(query =>
            SearchPlanner.HasTiers(set, query.Space, named) ? request.Effort : SearchEffort.Default)];
        return efforts.Contains(request.Effort)
            ? efforts
            : throw new TierChoiceException("tier", $"No space has the tiers '{named}': "
                + $"{string.Join("; ", request.Vectors.Select(query => $"{query.Space} has {SearchPlanner.ListTiers(set, query.Space)}"))}.");
    }

    private void Rank(
        Func<IReadOnlyList<ScoredEntry>, RankedSide> create, string name, int depth, Func<List<ScoredEntry>> score,
        Func<long, IEnumerable<HitMatch>> explain)
    {
        _sides.Add(create(Time(name, () =>
        {
            List<ScoredEntry> scored = score();
            _foundCount = scored.Count;
            return TopEntries.Select(connection, scored, depth);
        })));
        _explainers[name] = explain;
    }

    private List<SearchHit> LoadHits(
        SearchRequest request, TextSide? text, List<HitGroup> groups, CancellationToken cancellationToken)
    {
        PassageChooser passages = new(text);
        HitTexts texts = text?.Texts ?? new HitTexts(connection, catalogPath, []);
        List<SearchHit> hits = [];
        for (int i = request.Offset; i < Math.Min(groups.Count, (long)request.Offset + request.Top); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SearchHit best = LoadHit(request, passages, texts, groups[i].Best, rank: i + 1);
            hits.Add(best with
            {
                Others = [.. groups[i].Others.TakeWhile(other => IsLikely(other.Score) || !best.IsLikely)
                    .Select((other, index) => LoadHit(request, passages, texts, other, rank: index + 2))],
            });
        }

        return hits;
    }

    private SearchHit LoadHit(SearchRequest request, PassageChooser passages, HitTexts texts, ScoredEntry scored, int rank)
    {
        long id = scored.EntryId;
        (Entry entry, Document document) = CatalogQueries.GetHit(connection, id)
            ?? throw new CatalogException(catalogPath, $"entry {id} has rows but no record.");
        List<HitSource> sources = GetSources(id);
        HitMatch[] matches = request.Explain ? [.. sources.SelectMany(source => _explainers[source.Name](id))] : [];
        return new SearchHit
        {
            Entry = entry,
            Document = document,
            Rank = rank,
            Score = scored.Score,
            IsLikely = IsLikely(scored.Score),
            Sources = sources,
            Matches = matches,
            Passage = request.Explain ? ChoosePassage(passages, texts, id, sources, matches) : null,
        };
    }

    private bool IsLikely(double score) => _sides.Count > 1 ? score >= EvidenceFusion.Likely : _sides[0].IsLikely(score);

    // The section decides where the entry stands higher by meaning than by words.
    private HitPassage? ChoosePassage(
        PassageChooser passages, HitTexts texts, long id, List<HitSource> sources, HitMatch[] matches)
    {
        if (texts.Read(id) is not { } text)
        {
            return null;
        }

        HashSet<string> sides = [.. _sides.Where(side => side.Vectors?.Kind == EvidenceKind.Passages).Select(side => side.Name)];
        HitMatch? best = matches.Where(match => sides.Contains(match.Source)).MaxBy(match => match.Similarity);
        int byMeaning = sources.Find(source => sides.Contains(source.Name))?.Rank ?? int.MaxValue;
        int byWords = sources.Find(source => source.Name == TextSide.Name)?.Rank ?? int.MaxValue;
        return passages.Choose(text, best?.Places ?? [], byMeaning < byWords);
    }

    private List<HitSource> GetSources(long entryId)
    {
        List<HitSource> sources = [];
        foreach (RankedSide side in _sides)
        {
            for (int i = 0; i < side.Entries.Count; i++)
            {
                if (side.Entries[i].EntryId == entryId)
                {
                    sources.Add(new HitSource(side.Name, i + 1, side.Entries[i].Score));
                }
            }
        }

        return sources;
    }

    private long CountCandidates(EntrySet? filter, long? excluded)
    {
        long count = filter?.Count ?? set.EntryCount;
        return excluded is { } id && (filter is null || filter.Contains(id)) ? count - 1 : count;
    }

    private T Time<T>(string stage, Func<T> action)
    {
        long start = Stopwatch.GetTimestamp();
        T result = action();
        _timings[stage] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return result;
    }
}
