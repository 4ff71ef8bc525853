using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Of rows that are nearly the same the first stays: row by row, one within the cosine of a row that stayed is dropped.</summary>
internal sealed class DuplicateReducer(string spec, double cosine) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        PaddedRows rows = new(source.Rows);
        PaddedRows kept = new(source.Rows.Dimension, rows.RowCount);
        List<int> leaders = [];
        int[] owners = new int[rows.RowCount];
        float[] cosines = new float[rows.RowCount];
        for (int i = 0; i < owners.Length; i++)
        {
            Span<float> toKept = cosines.AsSpan(0, leaders.Count);
            RowKernels.Dots(rows.Row(i), kept, 0, toKept);
            int nearest = RowKernels.IndexOfMax(toKept);
            if (nearest >= 0 && toKept[nearest] >= cosine)
            {
                owners[i] = nearest;
                continue;
            }

            rows.Row(i).CopyTo(kept.Row(leaders.Count));
            owners[i] = leaders.Count;
            leaders.Add(i);
        }

        return RowGroups.Represent(source, owners, [.. leaders]);
    }
}
