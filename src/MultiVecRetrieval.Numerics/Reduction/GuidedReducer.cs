using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// Attention-guided clustering: the most important rows are the centres, every row goes to the centre nearest to it, and a cluster's row
/// is the mean weighted by importance.
/// </summary>
/// <remarks>Source: Multi-Vector Index Compression in Any Modality, arXiv:2602.21202.</remarks>
internal sealed class GuidedReducer(string spec, RowBudget budget, ImportanceKind kind) : RowReducer(spec)
{
    // A weight of 0 would leave a cluster of unimportant rows without a mean.
    private const float LeastWeight = 1e-3f;

    public override bool NeedsSaliency => kind == ImportanceKind.Attention;

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        float[] importance = Importance.Compute(kind, source);
        int[] centres = Importance.Rank(importance)[..budget.Count(importance.Length)];
        Array.Sort(centres);
        PaddedRows rows = new(source.Rows);
        PaddedRows centreRows = new(source.Rows, centres);
        int[] owners = new int[rows.RowCount];
        float[] cosines = new float[centres.Length];
        for (int i = 0; i < owners.Length; i++)
        {
            RowKernels.Dots(rows.Row(i), centreRows, 0, cosines);
            owners[i] = RowKernels.IndexOfMax(cosines);
        }

        // Of equal rows the first centre takes all, also the others themselves; they stay with their own.
        for (int c = 0; c < centres.Length; c++)
        {
            owners[centres[c]] = c;
        }

        float[] weights = Importance.ToWeights(importance);
        float least = LeastWeight * weights.Max();
        return RowGroups.Merge(source, owners, centres.Length, [.. weights.Select(weight => Math.Max(weight, least))]);
    }
}
