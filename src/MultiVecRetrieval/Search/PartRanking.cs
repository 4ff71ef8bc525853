using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>
/// Ranks the sides of every part of a question. A side that stands in several parts is ranked once; of several parts every side then gives
/// the scores of what any of them found, so that nothing counts as unlike only because it stands far down.
/// </summary>
internal sealed class PartRanking(SqliteConnection connection, SegmentSet set, SearchRequest request, string catalogPath)
{
    private readonly IReadOnlyList<SearchPart> _parts = request.AllParts;
    private readonly Dictionary<VectorQuery, VectorSide> _vectors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SearchPart, TextSide> _texts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Sides of all parts, each once.</summary>
    public List<RankedSide> Sides { get; } = [];

    /// <summary>The sides of each part.</summary>
    public List<List<RankedSide>> SidesOfParts { get; } = [];

    public List<SearchPlan> Plans { get; } = [];

    public List<string> Notices { get; } = [];

    /// <summary>What the last side could give at any depth; it says whether there are more hits where it is the only one.</summary>
    public long FoundCount { get; private set; }

    /// <summary>False where one side answers all there is: its scores say it all.</summary>
    public bool HasParts { get; } = request.AllParts.Count > 1 && !request.AllParts.All(part =>
        !part.IsExcluded && part.Text is null && !part.AsksForCopies && part.Vectors.Count == 1
        && request.AllParts[0].Vectors.Contains(part.Vectors[0], ReferenceEqualityComparer.Instance));

    public int SideCount { get; } = request.AllParts.Sum(part =>
        part.Vectors.Count + (part.Text is null ? 0 : 1) + (part.AsksForCopies ? 1 : 0));

    /// <summary>True when the score of a hit is that of the side that found it.</summary>
    public bool IsOneSide => !HasParts && Sides.Count == 1;

    /// <summary>True when its score says that an entry is an answer, and where nobody knows.</summary>
    public bool IsLikely(ScoredEntry entry) => IsOneSide
        ? Sides[0].IsLikely(entry)
        : request.Fusion.Method != FusionMethod.Evidence || entry.Score >= SearchHit.LikelyEvidence;

    /// <summary>Checks every query before the first one is scored.</summary>
    public void Open()
    {
        foreach (VectorQuery query in _parts.SelectMany(part => part.Vectors))
        {
            _vectors.TryAdd(query, new VectorSide(set, query, LimitOf(query)));
        }

        foreach (SearchPart part in _parts.Where(part => part.Text is not null))
        {
            TextQuery query = Parse(part.Text!);
            _texts[part] = new TextSide(connection, query, catalogPath);
            if (query.Wanted.Count == 0)
            {
                Notices.Add("The text has no letters or digits to search for.");
            }

            if (query.IsCut)
            {
                Notices.Add($"Full text looked for the first {TextQuery.MaxClauses} words of the query.");
            }
        }
    }

    /// <summary>What full text marks and what passages are chosen by: the words of all parts that are looked for; null when there are
    /// none.</summary>
    public TextSide? FindShownText()
    {
        SearchPart[] wanted = [.. _parts.Where(part => part.Text is not null && !part.IsExcluded)];
        return wanted.Length switch
        {
            0 => null,
            1 => _texts[wanted[0]],
            _ => new TextSide(
                connection, Parse(string.Join(' ', wanted.Select(part => part.Text))), catalogPath),
        };
    }

    /// <summary>What phrases that must be there and words that must not leave, where an answer has to meet them.</summary>
    public EntrySet? Restrict(EntrySet? filter)
    {
        bool isAny = request.Join == PartJoin.Any && _parts.Count(part => !part.IsExcluded) > 1;
        foreach ((SearchPart part, TextSide text) in _texts)
        {
            if (text.Query.IsRestricting && !part.IsExcluded && !isAny)
            {
                filter = text.Restrict(filter);
            }
        }

        return filter;
    }

    /// <summary>Ranks every side anew.</summary>
    public void Rank(EntrySet? filter, long? excluded, int depth, SearchMachine machine, SearchTimer timer,
        CancellationToken cancellationToken)
    {
        Sides.Clear();
        SidesOfParts.Clear();
        Plans.Clear();
        Dictionary<VectorQuery, RankedSide> ranked = new(ReferenceEqualityComparer.Instance);
        SearchEffort[] efforts = SpreadEffort();
        foreach (((VectorQuery query, VectorSide side), SearchEffort effort) in _vectors.Zip(efforts))
        {
            int part = Enumerable.Range(0, _parts.Count).First(i => _parts[i].Vectors.Contains(query, ReferenceEqualityComparer.Instance));
            ranked[query] = RankVectors(side, part, effort, Narrow(query, filter), excluded, depth, machine, timer, cancellationToken);
        }

        for (int i = 0; i < _parts.Count; i++)
        {
            SidesOfParts.Add(
            [
                .. _parts[i].Vectors.Select(query => ranked[query]),
                .. RankCatalog(i, filter, excluded, depth, timer, cancellationToken),
            ]);
        }

        if (HasParts)
        {
            timer.Time("complete", () => Complete(machine, cancellationToken));
        }

        Sides.AddRange(SidesOfParts.SelectMany(sides => sides).Distinct(ReferenceEqualityComparer.Instance).Cast<RankedSide>());
    }

    private TextQuery Parse(string text) => TextQuery.Parse(text, set.GetLanguages(connection));

    // Reading the letters of a page again tells nothing new where full text has its words, and what the fusion leaves out is not scored.
    private EntrySet? Narrow(VectorQuery query, EntrySet? filter) => IsOutweighedByText(query)
        ? set.GetReadBySight(connection).Intersect(filter)
        : filter;

    private bool IsOutweighedByText(VectorQuery query) =>
        query.Kind == EvidenceKind.Words && request.Fusion.Method == FusionMethod.Evidence
        && _parts.All(part => part.Text is not null || !part.Vectors.Contains(query, ReferenceEqualityComparer.Instance));

    private RankedSide RankVectors(VectorSide side, int part, SearchEffort effort, EntrySet? filter, long? excluded, int depth,
        SearchMachine machine, SearchTimer timer, CancellationToken cancellationToken)
    {
        if (side.IsEmpty)
        {
            Notices.Add($"The query for {side.Name} has no rows, so this side finds nothing.");
        }

        List<ScoredEntry> entries = timer.Time(side.Name, () =>
            TopEntries.Select(connection, side.Score(effort, filter, excluded, depth, machine, cancellationToken), depth));
        FoundCount = side.WantedCount;
        timer.Add(side.Name, side.Times);
        if (side.Plan is { } plan)
        {
            Plans.Add(IsOutweighedByText(side.Query)
                ? plan with { Reason = $"Only what has no text of its own, and videos: full text has the words of the rest. {plan.Reason}" }
                : plan);
        }

        if (side.DamagedCount > 0)
        {
            Notices.Add(
                $"Codes of {side.Name} are damaged; the entries concerned were scored by their rows. They are built anew by maintenance.");
        }

        return new RankedSide(side.Name, entries)
        {
            Part = part,
            Vectors = side,
            Explain = side.Explain,
            MarksAll = IsOutweighedByText(side.Query),
        };
    }

    // What the catalog answers: words and copies.
    private IEnumerable<RankedSide> RankCatalog(
        int part, EntrySet? filter, long? excluded, int depth, SearchTimer timer, CancellationToken cancellationToken)
    {
        if (_texts.TryGetValue(_parts[part], out TextSide? text))
        {
            (List<ScoredEntry> best, List<ScoredEntry> others) = timer.Time(TextSide.Name, () =>
            {
                bool isOwn = text.Query.IsRestricting && HasParts;
                (List<ScoredEntry> found, FoundCount) = text.Score(
                    isOwn ? text.Restrict(filter) : filter, excluded, HasParts ? int.MaxValue : depth, cancellationToken);
                return Cut(found);
            });
            yield return new RankedSide(TextSide.Name, best) { Part = part, Text = text, Explain = text.Explain, Completed = others };
        }

        if (_parts[part].AsksForCopies)
        {
            DuplicateSide copies = new(connection, _parts[part]);
            (List<ScoredEntry> best, List<ScoredEntry> others) = timer.Time(
                DuplicateSide.Name, () =>
                {
                    List<ScoredEntry> found = copies.Score(filter, excluded, cancellationToken);
                    FoundCount = found.Count;
                    return Cut(found);
                });
            yield return new RankedSide(DuplicateSide.Name, best) { Part = part, Explain = copies.Explain, Completed = others };
        }

        (List<ScoredEntry> Best, List<ScoredEntry> Others) Cut(List<ScoredEntry> scored)
        {
            List<ScoredEntry> best = TopEntries.Select(connection, scored, depth);
            if (!HasParts || best.Count == scored.Count)
            {
                return (best, []);
            }

            HashSet<long> known = [.. best.Select(entry => entry.EntryId)];
            return (best, [.. scored.Where(entry => !known.Contains(entry.EntryId))]);
        }
    }

    private void Complete(SearchMachine machine, CancellationToken cancellationToken)
    {
        HashSet<long> found = [.. SidesOfParts.Where((_, i) => !_parts[i].IsExcluded)
            .SelectMany(sides => sides).SelectMany(side => side.Entries).Select(entry => entry.EntryId)];
        Dictionary<RankedSide, RankedSide> completed = new(ReferenceEqualityComparer.Instance);
        foreach (RankedSide side in SidesOfParts.SelectMany(sides => sides).Where(side => side.Vectors is not null))
        {
            if (!completed.ContainsKey(side))
            {
                HashSet<long> missing = [.. found];
                missing.ExceptWith(side.Entries.Select(entry => entry.EntryId));
                completed[side] = side with
                {
                    Completed = side.Vectors!.ScoreThese(
                        Narrow(side.Vectors.Query, new EntrySet([.. missing]))!, machine, cancellationToken),
                };
            }
        }

        foreach (List<RankedSide> sides in SidesOfParts)
        {
            for (int i = 0; i < sides.Count; i++)
            {
                sides[i] = completed.GetValueOrDefault(sides[i], sides[i]);
            }
        }
    }

    // Of several spaces those whose rows are in an order are scored by their first ones; where none is, that is an error.
    private int? LimitOf(VectorQuery query) =>
        request.RowLimit is not null && !RowOrderException.HasOrder(set.GetSpace(query.Space))
            && _parts.SelectMany(part => part.Vectors).Any(other => RowOrderException.HasOrder(set.GetSpace(other.Space)))
            ? null
            : request.RowLimit;

    // Of several spaces those that have the tiers are searched by them, the others as nobody said how.
    private SearchEffort[] SpreadEffort()
    {
        if (request.Effort is not SearchEffort.TiersEffort named || _vectors.Count < 2)
        {
            return [.. _vectors.Select(_ => request.Effort)];
        }

        SearchEffort[] efforts = [.. _vectors.Keys.Select(query =>
            SearchPlanner.HasTiers(set, query.Space, named) ? request.Effort : SearchEffort.Default)];
        return efforts.Contains(request.Effort)
            ? efforts
            : throw new SearchOptionException("tier", $"No space has the tiers '{named}': "
                + $"{string.Join("; ", _vectors.Keys.Select(query => $"{query.Space} has {SearchPlanner.ListTiers(set, query.Space)}"))}.");
    }
}
