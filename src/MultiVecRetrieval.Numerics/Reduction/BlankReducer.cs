using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// The background of a page becomes one row: of the rows that are nearly the same as the one with the most such neighbours, that one
/// stays. Nothing changes when they are fewer than a share of the page.
/// </summary>
internal sealed class BlankReducer(string spec, double cosine, double share) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        PaddedRows rows = new(source.Rows);
        float[] cosines = new float[rows.RowCount];
        (int Row, int Count) blank = (0, 0);
        for (int i = 0; i < rows.RowCount; i++)
        {
            RowKernels.Dots(rows.Row(i), rows, 0, cosines);
            int count = cosines.Count(value => value >= cosine);
            if (count > blank.Count)
            {
                blank = (i, count);
            }
        }

        if (blank.Count < share * rows.RowCount)
        {
            return RowGroups.KeepAll(source);
        }

        RowKernels.Dots(rows.Row(blank.Row), rows, 0, cosines);
        int[] owners = new int[rows.RowCount];
        List<int> leaders = [];
        int background = -1;
        for (int i = 0; i < owners.Length; i++)
        {
            bool isBlank = i == blank.Row || cosines[i] >= cosine;
            if (isBlank && background >= 0)
            {
                owners[i] = background;
                continue;
            }

            background = isBlank ? leaders.Count : background;
            owners[i] = leaders.Count;
            leaders.Add(isBlank ? blank.Row : i);
        }

        return RowGroups.Represent(source, owners, [.. leaders]);
    }
}
