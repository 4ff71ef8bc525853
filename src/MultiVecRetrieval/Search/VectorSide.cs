using System.Diagnostics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>One query against the entries of its space that passed the filter, by the plan that the planner chose.</summary>
internal sealed class VectorSide
{
    // Of names and photographs that do not show them, the best of 80 passes a threshold that stays in .33 of the cases, one that grows so
    // in .10, where a single one does in .01; of names that one of the 80 shows .47 and .29 do (eval photos).
    private const double PresenceGrowth = 0.2;

    private readonly SegmentSet _set;
    private readonly VectorQuery _query;
    private readonly QueryScorers _scorers;
    private readonly Space _space;
    private QueryScorers? _explained;

    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="ModelMismatchException">The query was made by another encoder.</exception>
    /// <exception cref="DimensionMismatchException">The query rows have another length.</exception>
    /// <exception cref="RowOrderException">A row limit is asked for and the space does not store rows in an order that allows
    /// it.</exception>
    public VectorSide(SegmentSet set, VectorQuery query, int? rowLimit)
    {
        _set = set;
        _query = query;
        _space = set.GetSpace(query.Space);
        if (_space.Id != query.SpaceId)
        {
            throw new ModelMismatchException(_space.Name, _space.Id, query.SpaceId);
        }

        if (_space.Dimension != query.Rows.Dimension)
        {
            throw new DimensionMismatchException(_space.Name, _space.Dimension, query.Rows.Dimension);
        }

        if (rowLimit is not null && !RowOrderException.HasOrder(_space))
        {
            throw new RowOrderException(_space.Name, _space.Reduction);
        }

        _scorers = new QueryScorers(Weigh(query), rowLimit);
        WeightSum = query.RowWeights.Count == 0 ? query.Rows.RowCount : query.RowWeights.Sum();
    }

    public VectorQuery Query => _query;

    public string Name => $"vectors:{_query.Space}";

    public double Weight => _query.Weight;

    public EvidenceKind Kind => _query.Kind;

    public double? Presence => _query.Presence;

    public double PresenceWidth => _query.PresenceWidth;

    /// <summary>The similarity from which a picture shows what is asked for, of an entry of many: the best of the frames of a video is more
    /// similar to anything than one picture is.</summary>
    public double GetPresence(long entryId, double presence) =>
        Kind == EvidenceKind.Pictures ? presence + (PresenceWidth * PresenceGrowth * Math.Log(CountMoments(entryId))) : presence;

    /// <summary>The score of an entry whose rows all have similarity 1 to those of the query.</summary>
    public double WeightSum { get; }

    /// <summary>A query without rows would score every entry 0: it finds nothing instead.</summary>
    public bool IsEmpty => _query.Rows.RowCount == 0;

    /// <summary>How the last search went; null before it.</summary>
    public SearchPlan? Plan { get; private set; }

    /// <summary>How long the stages of the last search took.</summary>
    public StageTimes Times { get; } = new();

    /// <summary>Entries that the last search chose from; each of them is a hit if enough are asked for.</summary>
    public int WantedCount { get; private set; }

    /// <summary>Pieces of codes that were found damaged and scored exactly.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>
    /// The exact scores of the best entries, at least <paramref name="depth"/> of them if there are as many, in no particular order; the
    /// same for any number of threads.
    /// </summary>
    public List<ScoredEntry> Score(SearchEffort effort, EntrySet? filter, long? excluded, int depth, SearchMachine machine,
        CancellationToken cancellationToken)
    {
        if (IsEmpty)
        {
            return [];
        }

        long begin = Stopwatch.GetTimestamp();
        using EntryLayout layout = new(_set, _query.Space, filter, excluded);
        WantedCount = layout.WantedCount;
        SearchPlanner planner = new(_set, machine.Speed, machine.Threads, machine.LatencyTarget);
        PlanChoice choice = planner.Choose(effort, _query.Space, _scorers, layout, depth);
        long start = Times.Add("plan", begin);
        using EntryScan scan = new(layout, _scorers, choice.FirstTier, choice.Stages.Count == 0 ? 0 : choice.Stages[0].Budget);
        scan.Prepare(choice.IsProof, machine.Threads);
        long prepared = Times.Add("prepare", start);
        scan.Run(choice.IsProof, machine.Threads, cancellationToken);
        Times.Add("scan", prepared);
        RecordSpeed(layout, scan, choice, machine, Stopwatch.GetElapsedTime(start));

        CandidateRescoring rescoring = new(layout, _scorers, machine.Speed, Times, machine.Threads, cancellationToken);
        List<ScoredId> found = rescoring.CollectExact(scan, depth);
        if (choice.IsProof)
        {
            rescoring.Prove(scan, depth, choice.Stages[0].Tier, found);
            RecordProof(layout, scan, choice, rescoring, depth, machine);
        }
        else if (scan.CodedCount > 0)
        {
            rescoring.Rescore(scan, choice.Stages, found);
        }

        DamagedCount = scan.DamagedCount + rescoring.DamagedCount;
        Plan = Describe(choice, scan, rescoring);
        return [.. found.Select(candidate => new ScoredEntry(layout.GetEntryId(candidate.Id), candidate.Score))];
    }

    /// <summary>The exact scores of these entries, of those that have rows in the space.</summary>
    public List<ScoredEntry> ScoreThese(EntrySet entries, SearchMachine machine, CancellationToken cancellationToken)
    {
        if (IsEmpty || entries.Count == 0)
        {
            return [];
        }

        using EntryLayout layout = new(_set, _query.Space, entries, excluded: null);
        using EntryScan scan = new(layout, _scorers, tier: null);
        scan.Prepare(bounds: false, machine.Threads);
        scan.Run(bounds: false, machine.Threads, cancellationToken);
        CandidateRescoring rescoring = new(layout, _scorers, machine.Speed, new StageTimes(), machine.Threads, cancellationToken);
        return [.. rescoring.CollectExact(scan, layout.WantedCount)
            .Select(candidate => new ScoredEntry(layout.GetEntryId(candidate.Id), candidate.Score))];
    }

    /// <summary>Per query row, or row that it is explained by, the place of the entry row that won.</summary>
    public IEnumerable<HitMatch> Explain(long entryId)
    {
        if (_set.Find(_query.Space, entryId) is not var (segment, index))
        {
            yield break;
        }

        SegmentReader reader = segment.Shared.Reader;
        QueryScorers scorers = _explained ??= _query.ExplainedBy is null && _query.RowWeights.Count == 0
            ? _scorers
            : new QueryScorers(_query.ExplainedBy ?? _query.Rows, _scorers.RowLimit);
        float[] similarities = new float[scorers.Query.RowCount];
        int[] rows = new int[scorers.Query.RowCount];
        scorers.Explain(reader, reader.Entries[index], similarities, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            // No row won when every similarity is NaN or negative infinity: vectors far beyond the range of float32 products.
            if (rows[i] < 0)
            {
                continue;
            }

            string label = _query.Labels.Count > 0 ? _query.Labels[i] : "";
            (Place place, Place[]? members) = reader.GetPlace(index, rows[i]);
            yield return new HitMatch(label, similarities[i], place, Name) { Places = members ?? [place] };
        }
    }

    private int CountMoments(long entryId)
    {
        if (_set.Find(_query.Space, entryId) is not var (segment, index))
        {
            return 1;
        }

        SegmentReader reader = segment.Shared.Reader;
        EntryRecord entry = reader.Entries[index];
        if (!entry.Flags.HasFlag(EntryFlags.Spans))
        {
            return 1;
        }

        // Rows stand in the order of the frames that they are of.
        int count = 0;
        float last = float.NaN;
        for (int row = 0; row < entry.RowCount; row++)
        {
            float start = reader.GetPlace(index, row).Place.StartSeconds;
            count += start == last ? 0 : 1;
            last = start;
        }

        return Math.Max(1, count);
    }

    private static MultiVector Weigh(VectorQuery query)
    {
        if (query.RowWeights.Count == 0)
        {
            return query.Rows;
        }

        float[] values = query.Rows.Values.ToArray();
        for (int row = 0; row < query.Rows.RowCount; row++)
        {
            Span<float> weighted = values.AsSpan(row * query.Rows.Dimension, query.Rows.Dimension);
            TensorPrimitives.Multiply(weighted, query.RowWeights[row], weighted);
        }

        return new MultiVector(query.Rows.Dimension, values);
    }

    private void RecordSpeed(EntryLayout layout, EntryScan scan, PlanChoice choice, SearchMachine machine, TimeSpan elapsed)
    {
        // A scan of first rows says nothing of one of all rows.
        if (_scorers.RowLimit is not null)
        {
            return;
        }

        // A scan of both kinds says little about either, and neither does one under a filter about codes, which are scored in blocks.
        if (scan.CodedCount == 0 && layout.Segments.Length > 0)
        {
            machine.Speed.RecordExact(_space, layout.Segments[0].Record.RowFormat, _scorers, layout.WantedRowCount, machine.Threads,
                elapsed);
        }
        else if (scan.ExactCount == 0 && layout.WantedCount == layout.Count && choice.FirstTier is { Method.ScoresEntries: true } tier)
        {
            machine.Speed.RecordCodes(tier, choice.IsProof, _scorers, layout.WantedCount, machine.Threads, elapsed);
        }
    }

    private void RecordProof(EntryLayout layout, EntryScan scan, PlanChoice choice, CandidateRescoring rescoring, int depth,
        SearchMachine machine)
    {
        // Entries without codes say little of how long a proof takes.
        if (scan.ExactCount > 0 || scan.CodedCount == 0 || depth == 0)
        {
            return;
        }

        LiveTier tier = choice.FirstTier!;
        PlanCosts costs = new(_set, machine.Speed, machine.Threads, layout, _scorers);
        long rows = rescoring.Count * layout.WantedRowCount / layout.WantedCount;
        machine.Speed.RecordRescored(tier.Record.Id, _scorers, rows, machine.Threads, rescoring.Elapsed, costs.GetRowNanoseconds());
        machine.Speed.RecordShare(
            tier.Record.Id, _scorers, costs.GetPart(depth), (double)rescoring.Count / layout.WantedCount,
                costs.GetMeasuredShare(tier, depth));
    }

    private SearchPlan Describe(PlanChoice choice, EntryScan scan, CandidateRescoring rescoring)
    {
        bool isExact = choice.IsProof || scan.CodedCount <= rescoring.Count;
        IEnumerable<PlanStage> stages = scan.CodedCount > 0 ? choice.Stages : [];
        int[] budgets = [.. stages.Select(stage => stage.Budget == int.MaxValue ? 0 : stage.Budget)];
        return new SearchPlan
        {
            Side = Name,
            Stages = [.. stages.Select(stage => stage.Tier.Record.Spec), "exact"],
            Budget = budgets.LastOrDefault(),
            Budgets = budgets,
            CodedCount = scan.CodedCount,
            ExactCount = scan.ExactCount + rescoring.Count,
            IsExact = isExact,
            RowLimit = _scorers.RowLimit,
            EstimatedRecall = isExact ? null : choice.Expected?.Recall,
            RecallLowerBound = isExact ? null : choice.Expected?.LowerBound,
            IsProven = choice.IsProof && scan.CodedCount > 0,
            Formula = _query.Formula,
            Reason = choice.Reason,
        };
    }
}
