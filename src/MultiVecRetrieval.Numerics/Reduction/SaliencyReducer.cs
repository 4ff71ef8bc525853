using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The most important rows stay: a budget of them, as many as hold a share of the importance, or those far above the
/// mean.</summary>
/// <remarks>
/// With <c>rest=N</c> what is dropped is merged into N means, so that nothing is lost without a trace. Source of the cumulative mass:
/// ZipVL, arXiv:2410.08584; of mean + k·deviation: DocPruner, arXiv:2509.23883.
/// </remarks>
internal sealed class SaliencyReducer : RowReducer
{
    private readonly ImportanceKind _kind;
    private readonly RowBudget _budget;
    private readonly double? _mass;
    private readonly double? _deviations;
    private readonly int _restCount;

    public SaliencyReducer(string spec, ReductionArguments arguments)
        : base(spec)
    {
        _kind = arguments.TakeChoice("by", Importance.Names);
        _restCount = arguments.TakeCount("rest", 0, 0);
        if (arguments.Has("mass"))
        {
            _mass = arguments.TakeNumber("mass", 0, 1);
        }
        else if (arguments.Has("std"))
        {
            _deviations = arguments.TakeNumber("std", -100, 100);
        }

        bool isAdaptive = _mass is not null || _deviations is not null;
        _budget = isAdaptive && !arguments.Has() ? new RowBudget(1, 0, arguments.TakeCount("max", 1, int.MaxValue))
            : isAdaptive ? throw arguments.Refuse("a budget, mass and std exclude each other")
            : arguments.TakeBudget();
    }

    public override bool NeedsSaliency => _kind == ImportanceKind.Attention;

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        float[] importance = Importance.Compute(_kind, source);
        int[] ranked = Importance.Rank(importance);
        int count = Math.Min(_budget.Count(ranked.Length), CountWanted(importance, ranked));
        bool[] isKept = new bool[ranked.Length];
        foreach (int row in ranked.AsSpan(0, count))
        {
            isKept[row] = true;
        }

        return _restCount == 0 ? RowGroups.Keep(source, isKept) : KeepWithRest(source, isKept, count);
    }

    private int CountWanted(float[] importance, int[] ranked)
    {
        if (_deviations is { } deviations)
        {
            double mean = importance.Average(value => (double)value);
            double deviation = Math.Sqrt(importance.Average(value => (value - mean) * (value - mean)));
            return Math.Max(1, importance.Count(value => value >= mean + (deviations * deviation)));
        }

        if (_mass is not { } mass)
        {
            return ranked.Length;
        }

        float[] weights = Importance.ToWeights(importance);
        double wanted = mass * ranked.Sum(row => (double)weights[row]);
        double sum = 0;
        for (int count = 1; count < ranked.Length; count++)
        {
            sum += weights[ranked[count - 1]];
            if (sum >= wanted)
            {
                return count;
            }
        }

        return ranked.Length;
    }

    private ReducedRows KeepWithRest(ReductionSource source, bool[] isKept, int keptCount)
    {
        int[] dropped = [.. Enumerable.Range(0, isKept.Length).Where(row => !isKept[row])];
        int[] owners = new int[isKept.Length];
        int next = 0;
        for (int i = 0; i < owners.Length; i++)
        {
            owners[i] = isKept[i] ? next++ : -1;
        }

        int[] groups = WardClusters.Find(source.Rows, dropped, Math.Min(_restCount, dropped.Length));
        for (int i = 0; i < dropped.Length; i++)
        {
            owners[dropped[i]] = keptCount + groups[i];
        }

        return RowGroups.Merge(source, owners, owners.Max() + 1);
    }
}
