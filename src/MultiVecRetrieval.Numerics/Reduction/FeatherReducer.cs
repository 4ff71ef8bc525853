namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// The most important rows together with a uniform grid, which takes half of the budget: importance alone forgets whole parts of a page.
/// </summary>
/// <remarks>Source: FEATHER, arXiv:2412.13180, whose union this is.</remarks>
internal sealed class FeatherReducer(string spec, RowBudget budget, ImportanceKind kind) : RowReducer(spec)
{
    public override bool NeedsSaliency => kind == ImportanceKind.Attention;

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        int[] ranked = Importance.Rank(Importance.Compute(kind, source));
        int wanted = budget.Count(ranked.Length);
        bool[] isKept = new bool[ranked.Length];
        int count = 0;
        foreach (int row in FindGrid(source, wanted / 2).Concat(ranked))
        {
            if (count < wanted && !isKept[row])
            {
                isKept[row] = true;
                count++;
            }
        }

        return RowGroups.Keep(source, isKept);
    }

    // The finest grid of at most so many rows.
    private static int[] FindGrid(ReductionSource source, int wanted)
    {
        if (wanted == 0)
        {
            return [];
        }

        int rowCount = source.Rows.RowCount;
        int coarsest = source.Places.IsEmpty ? rowCount : (int)Math.Ceiling(Math.Sqrt(rowCount));
        for (int factor = 1; factor <= coarsest; factor++)
        {
            // Cheaper to know than to group: no grid of F x F neighbours is smaller than this.
            long neighbours = source.Places.IsEmpty ? factor : (long)factor * factor;
            if (rowCount > wanted * neighbours)
            {
                continue;
            }

            int[] middles = PlaceGroups.FindMiddles(source, PlaceGroups.Build(source, factor));
            if (middles.Length <= wanted)
            {
                return middles;
            }
        }

        // More frames, or rows of no place, than the budget has room for.
        int[] coarse = PlaceGroups.FindMiddles(source, PlaceGroups.Build(source, coarsest));
        return [.. Enumerable.Range(0, wanted).Select(i => coarse[(int)((long)i * coarse.Length / wanted)])];
    }
}
