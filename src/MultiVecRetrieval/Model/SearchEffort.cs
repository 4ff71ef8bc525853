using System.Globalization;

namespace MultiVecRetrieval;

/// <summary>
/// How much a search over vectors may leave unscored: <see cref="Default"/>, <see cref="Exact"/>, <see cref="AtRecall"/> or
/// <see cref="Through(IReadOnlyList{SearchStage})"/>. Every value is one that can be searched with.
/// </summary>
public abstract record SearchEffort
{
    /// <summary>What separates tiers where several are written in one text.</summary>
    private const char Separator = '>';

    private SearchEffort()
    {
    }

    /// <summary>
    /// Exact while that is expected to stay within <see cref="CollectionOptions.LatencyTarget"/>, else the cheapest way that keeps a
    /// recall of 0.95. Exact hits come by a scan of all rows, or by a proof from upper bounds where that is expected to be faster: they
    /// are the same.
    /// </summary>
    public static SearchEffort Default { get; } = new DefaultEffort();

    /// <summary>Every row of every entry is scored, however long it takes.</summary>
    public static SearchEffort Exact { get; } = new ExactEffort();

    /// <summary>Exact hits by proof wherever a tier has upper bounds, whatever it is expected to cost.</summary>
    internal static SearchEffort Proof { get; } = new ProofEffort();

    /// <summary>The cheapest way of which a measurement says that it keeps a recall.</summary>
    /// <param name="recall">The share of the exact best <see cref="SearchOptions.Top"/> that must be found, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static SearchEffort AtRecall(double recall) => recall > 0 && recall <= 1
        ? new RecallEffort(recall)
        : throw new ArgumentOutOfRangeException(nameof(recall), recall, "Recall is in (0, 1].");

    /// <summary>By tiers, each choosing among the candidates of the one before; those of the last are scored exactly. Of several spaces
    /// those that have the tiers are searched by them, the others by default.</summary>
    /// <exception cref="ArgumentException">There is no stage.</exception>
    /// <exception cref="SearchOptionException">A budget is below 1, or larger than the one before.</exception>
    public static SearchEffort Through(params IReadOnlyList<SearchStage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentOutOfRangeException.ThrowIfZero(stages.Count, nameof(stages));
        int[] budgets = [.. stages.Select(stage => stage.Budget).OfType<int>()];
        string given = string.Join(", ", budgets);
        string? problem = budgets.Any(budget => budget < 1) ? $"A budget is at least 1; {given} were given."
            : budgets.Zip(budgets.Skip(1)).Any(pair => pair.First < pair.Second)
                ? $"The budgets do not grow, as each tier chooses among the candidates of the one before; {given} were given."
            : null;
        return problem is null ? new TiersEffort([.. stages]) : throw new SearchOptionException("budgets", problem);
    }

    /// <summary>What people write in separate options, of which few go together.</summary>
    /// <param name="recall">See <see cref="AtRecall"/>.</param>
    /// <param name="isExact">See <see cref="Exact"/>.</param>
    /// <param name="tiers">Specs of tiers with <c>&gt;</c> between them, as in <c>codeset:4096 &gt; bits:2</c>.</param>
    /// <param name="budgets">One number per tier, or none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The recall is out of range.</exception>
    /// <exception cref="SearchOptionException">They do not go together.</exception>
    public static SearchEffort From(double? recall, bool isExact, string? tiers, IReadOnlyList<int>? budgets)
    {
        int count = budgets?.Count ?? 0;
        if (recall is not null && isExact)
        {
            throw new SearchOptionException("recall", "Give at most one of recall and exact.");
        }

        if (tiers is null)
        {
            return count > 0 ? throw new SearchOptionException("budgets", $"Budgets ({Show(budgets!)}) are for tiers that are named.")
                : recall is { } share ? AtRecall(share)
                : isExact ? Exact : Default;
        }

        if (recall is not null || isExact)
        {
            throw new SearchOptionException("tier", $"The tier '{tiers}' says how to search; recall and exact say something else.");
        }

        string[] specs = tiers.Split(Separator, StringSplitOptions.TrimEntries);
        return count > 0 && count != specs.Length
            ? throw new SearchOptionException("budgets",
                $"{count} budgets ({Show(budgets!)}) were given for {specs.Length} tiers ({tiers}); each tier has one.")
            : Through([.. specs.Select((spec, i) => new SearchStage(spec, count > 0 ? budgets![i] : null))]);
    }

    private static string Show(IEnumerable<int> budgets) =>
        string.Join(", ", budgets.Select(budget => budget.ToString(CultureInfo.InvariantCulture)));

    /// <summary>See <see cref="Default"/>.</summary>
    public sealed record DefaultEffort : SearchEffort
    {
        internal DefaultEffort()
        {
        }
    }

    /// <summary>See <see cref="Exact"/>.</summary>
    public sealed record ExactEffort : SearchEffort
    {
        internal ExactEffort()
        {
        }
    }

    /// <summary>See <see cref="AtRecall"/>.</summary>
    public sealed record RecallEffort : SearchEffort
    {
        internal RecallEffort(double recall) => Recall = recall;

        /// <summary>In (0, 1].</summary>
        public double Recall { get; }
    }

    /// <summary>See <see cref="Through(IReadOnlyList{SearchStage})"/>.</summary>
    public sealed record TiersEffort : SearchEffort
    {
        internal TiersEffort(IReadOnlyList<SearchStage> stages) => Stages = stages;

        /// <summary>At least one.</summary>
        public IReadOnlyList<SearchStage> Stages { get; }

        /// <summary>The tiers as they are written in one text.</summary>
        public override string ToString() => string.Join($" {Separator} ", Stages.Select(stage => stage.Tier));
    }

    /// <summary>See <see cref="Proof"/>.</summary>
    internal sealed record ProofEffort : SearchEffort;
}
