namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Makes reduced rows of a decision: which rows stay, or which belong together.</summary>
internal static class RowGroups
{
    /// <summary>Every row stands for itself.</summary>
    public static ReducedRows KeepAll(ReductionSource source)
    {
        int[] owners = new int[source.Rows.RowCount];
        for (int i = 0; i < owners.Length; i++)
        {
            owners[i] = i;
        }

        return new ReducedRows(source.Rows.Dimension, source.Rows.Values.ToArray(), owners);
    }

    /// <summary>The rows that are marked stay, in their order; nothing stands for the others.</summary>
    public static ReducedRows Keep(ReductionSource source, ReadOnlySpan<bool> isKept)
    {
        int[] owners = new int[isKept.Length];
        int count = 0;
        for (int i = 0; i < owners.Length; i++)
        {
            owners[i] = isKept[i] ? count++ : -1;
        }

        return Merge(source, owners, count);
    }

    /// <summary>The rows of <paramref name="indexes"/> stay, in that order; nothing stands for the others.</summary>
    public static ReducedRows Pick(ReductionSource source, ReadOnlySpan<int> indexes)
    {
        int[] owners = new int[source.Rows.RowCount];
        Array.Fill(owners, -1);
        for (int i = 0; i < indexes.Length; i++)
        {
            owners[indexes[i]] = i;
        }

        return Merge(source, owners, indexes.Length);
    }

    /// <summary>Each group becomes its weighted mean, brought to unit length; the row itself when it is alone.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="owners">Per row its group from 0 to <paramref name="groupCount"/>, or -1; every group has a row.</param>
    /// <param name="groupCount">The number of groups.</param>
    /// <param name="weights">Per row, above 0; empty for equal ones.</param>
    /// <remarks>A mean of length 0 has no direction; the group's first row stands in for it.</remarks>
    public static ReducedRows Merge(ReductionSource source, int[] owners, int groupCount, ReadOnlySpan<float> weights = default)
    {
        int dimension = source.Rows.Dimension;
        float[] values = new float[groupCount * dimension];
        double[] sums = new double[groupCount * dimension];
        int[] firsts = new int[groupCount];
        int[] sizes = new int[groupCount];
        for (int i = owners.Length - 1; i >= 0; i--)
        {
            if (owners[i] >= 0)
            {
                firsts[owners[i]] = i;
                sizes[owners[i]]++;
            }
        }

        for (int i = 0; i < owners.Length; i++)
        {
            if (owners[i] >= 0 && sizes[owners[i]] > 1)
            {
                AddTo(sums.AsSpan(owners[i] * dimension, dimension), source.Rows.Row(i), weights.IsEmpty ? 1 : weights[i]);
            }
        }

        for (int group = 0; group < groupCount; group++)
        {
            Span<float> target = values.AsSpan(group * dimension, dimension);
            if (sizes[group] == 1 || !TryNormalize(sums.AsSpan(group * dimension, dimension), target))
            {
                source.Rows.Row(firsts[group]).CopyTo(target);
            }
        }

        return new ReducedRows(dimension, values, owners);
    }

    /// <summary>One row of each group stands for all of it, as it is.</summary>
    public static ReducedRows Represent(ReductionSource source, int[] owners, ReadOnlySpan<int> leaders)
    {
        int dimension = source.Rows.Dimension;
        float[] values = new float[leaders.Length * dimension];
        for (int i = 0; i < leaders.Length; i++)
        {
            source.Rows.Row(leaders[i]).CopyTo(values.AsSpan(i * dimension));
        }

        return new ReducedRows(dimension, values, owners);
    }

    private static void AddTo(Span<double> sum, ReadOnlySpan<float> row, double weight)
    {
        for (int k = 0; k < row.Length; k++)
        {
            sum[k] += weight * row[k];
        }
    }

    private static bool TryNormalize(ReadOnlySpan<double> sum, Span<float> target)
    {
        double squared = 0;
        foreach (double value in sum)
        {
            squared += value * value;
        }

        double length = Math.Sqrt(squared);
        if (!(length > 1e-6))
        {
            return false;
        }

        for (int k = 0; k < sum.Length; k++)
        {
            target[k] = (float)(sum[k] / length);
        }

        return true;
    }
}
