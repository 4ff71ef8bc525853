namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>All reductions, by name.</summary>
/// <remarks>
/// A spec is <c>name</c> or <c>name:arguments</c>; several are joined by <c>+</c> and work one after the other. A budget is a factor
/// (<c>3</c>: a third of the rows stays), a share (<c>25%</c>), or either with <c>max=rows</c>. An importance is <c>attention</c> (the
/// default; the encoder has to give it), or is guessed from the rows: <c>density</c> (few near neighbours), <c>distance</c> (far from the
/// page's mean) or <c>rarity</c> (few rows of the page alike).
/// </remarks>
public static class Reductions
{
    /// <summary>The spec that changes nothing.</summary>
    public const string None = "none";

    /// <summary>Every reduction there is.</summary>
    public static IReadOnlyList<ReductionFamily> Families { get; } =
    [
        Family(None, "none", "every row stays", (spec, _) => new NoReducer(spec)),
        Family("random", "random:BUDGET[,seed=N]", "a control: rows drawn at random stay",
            (spec, arguments) => new RandomReducer(spec, arguments.TakeBudget(), arguments.TakeCount("seed", 0, 1))),
        Family("grid", "grid:F", "a control: of F x F neighbours on the picture, or F consecutive rows without places, one stays",
            (spec, arguments) => new GridReducer(spec, TakeFactor(arguments))),
        Family("average", "average:F", "a control: F x F neighbours, or F consecutive rows without places, become their mean",
            (spec, arguments) => new AverageReducer(spec, TakeFactor(arguments))),
        Family("ward", "ward:BUDGET or ward:distance=T", "rows are merged by Ward's clustering, to a budget or up to a distance",
            (spec, arguments) => new WardReducer(spec, arguments, clustersSimilarities: false)),
        Family("colpali", "colpali:BUDGET or colpali:distance=T",
            "as ward, with the clusters of colpali-engine: by the rows' similarities to all rows of the page",
            (spec, arguments) => new WardReducer(spec, arguments, clustersSimilarities: true)),
        Family("merge", "merge:COSINE", "rows nearer than a cosine are merged, so that full pages keep more rows than plain ones",
            (spec, arguments) => new MergeReducer(spec, arguments.TakeNumber(null, -1, 1))),
        Family("duplicates", "duplicates[:COSINE]", "of rows nearer than a cosine (0.95) the first stays",
            (spec, arguments) => new DuplicateReducer(spec, arguments.TakeNumber(null, -1, 1, 0.95))),
        Family("blank", "blank[:COSINE][,share=S]",
            "the background, the most repeated row and what is nearer to it than a cosine (0.95), becomes one "
            + "row when it is at least a share (0.05) of the page",
            (spec, arguments)
                => new BlankReducer(spec, arguments.TakeNumber(null, -1, 1, 0.95), arguments.TakeNumber("share", 0, 1, 0.05))),
        Family("saliency", "saliency:BUDGET or saliency:mass=T or saliency:std=K, each with [,by=IMPORTANCE][,rest=N]",
            "the most important rows stay: a budget, a share T of all importance, or those above mean + K deviations; N means of the others are added",
            (spec, arguments) => new SaliencyReducer(spec, arguments)),
        Family("feather", "feather:BUDGET[,by=IMPORTANCE]", "the most important rows stay, half of the budget is a uniform grid",
            (spec, arguments) => new FeatherReducer(spec, arguments.TakeBudget(), arguments.TakeChoice("by", Importance.Names))),
        Family("agc", "agc:BUDGET[,by=IMPORTANCE]",
            "the most important rows are centres, all rows are merged into the nearest, weighted by importance",
            (spec, arguments) => new GuidedReducer(spec, arguments.TakeBudget(), arguments.TakeChoice("by", Importance.Names))),
        Family("order", "order[:by=IMPORTANCE]", "all rows stay, ordered so that any first N of them are a usable smaller page",
            (spec, arguments) => new OrderReducer(
                spec, arguments.TakeChoice("by", [("uniform", ImportanceKind.Uniform), .. Importance.Names]))),
        Family("prefix", "prefix:N", "the first N rows stay, as in order+prefix:64",
            (spec, arguments) => new PrefixReducer(spec, arguments.TakeCount(null, 1))),
    ];

    /// <summary>The reduction of a spec.</summary>
    /// <exception cref="SpecException">It cannot be understood; the message lists what there is.</exception>
    public static RowReducer Parse(string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        string[] stages = spec.Split('+');
        RowReducer[] reducers = [.. stages.Select(stage => ParseStage(spec, stage))];
        return reducers.Length == 1 ? reducers[0] : new ChainReducer(spec, reducers);
    }

    private static RowReducer ParseStage(string spec, string stage)
    {
        int colon = stage.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? stage : stage[..colon];
        ReductionFamily family = Families.FirstOrDefault(known => known.Name == name)
            ?? throw new SpecException("reduction",
                spec, $"{KnownNames.Refuse(name, Families.Select(known => (known.Name, (string?)known.Usage)))} Several are joined by '+', as in blank+ward:3.");
        ReductionArguments arguments = new(spec, colon < 0 ? "" : stage[(colon + 1)..], family.Usage);
        RowReducer reducer = family.Create(stage, arguments);
        arguments.CheckAllTaken();
        return reducer;
    }

    // Beyond this F no entry has F x F neighbours.
    private static int TakeFactor(ReductionArguments arguments)
    {
        int factor = arguments.TakeCount(null, 1);
        return factor <= 1024 ? factor : throw arguments.Refuse("F is at most 1024");
    }

    private static ReductionFamily Family(string name, string usage, string summary, Func<string, ReductionArguments, RowReducer> create) =>
        new(name, usage, summary) { Create = create };
}
