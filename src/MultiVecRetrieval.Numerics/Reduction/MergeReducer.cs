using System.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// Merges rows that are nearer than a cosine, so that a plain page keeps few rows and a full one many: in rounds, one half of the rows
/// each looks for its nearest in the other half. In the end no two rows are that near.
/// </summary>
/// <remarks>
/// The halves differ from round to round in one binary digit of the rows' positions. A merged row is the mean of all rows that it stands
/// for. Source: token merging, arXiv:2210.09461; its threshold for a budget: DyMU, arXiv:2504.17040.
/// </remarks>
internal sealed class MergeReducer(string spec, double cosine) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        int[] owners = [.. Enumerable.Range(0, source.Rows.RowCount)];
        ReducedRows current = RowGroups.KeepAll(source);
        int quietRounds = 0;
        for (int round = 0; quietRounds < GetDigitCount(current.RowCount); round++)
        {
            int[] merged = MatchHalves(current, round % GetDigitCount(current.RowCount));
            int count = ClusterLabels.Renumber(merged);
            quietRounds = count == current.RowCount ? quietRounds + 1 : 0;
            if (count < current.RowCount)
            {
                owners = [.. owners.Select(owner => merged[owner])];
                current = RowGroups.Merge(source, owners, count);
            }
        }

        return current;
    }

    private static int GetDigitCount(int rowCount) => BitOperations.Log2((uint)rowCount - 1 | 1) + 1;

    // Per row the row that it goes into, itself when it has none near enough.
    private int[] MatchHalves(ReducedRows current, int digit)
    {
        MultiVectorView rows = new(current.Dimension, current.Values);
        int[] targets = [.. Enumerable.Range(0, current.RowCount)];
        int[] stay = [.. targets.Where(row => (row >> digit & 1) == 1)];
        int[] seek = [.. targets.Where(row => (row >> digit & 1) == 0)];
        PaddedRows staying = new(rows, stay);
        PaddedRows seeking = new(rows, seek);
        float[] cosines = new float[stay.Length];
        for (int i = 0; i < seek.Length; i++)
        {
            RowKernels.Dots(seeking.Row(i), staying, 0, cosines);
            int nearest = RowKernels.IndexOfMax(cosines);
            if (nearest >= 0 && cosines[nearest] >= cosine)
            {
                targets[seek[i]] = stay[nearest];
            }
        }

        return targets;
    }
}
