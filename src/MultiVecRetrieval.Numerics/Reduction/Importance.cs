using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The importance of each row of a page: given by the encoder, or guessed from the rows alone.</summary>
/// <remarks>
/// The guesses see only how rows lie to each other, not what they mean. Each belongs beside random pruning at the same budget, which is
/// hard to beat when the queries are unknown (arXiv:2506.04997).
/// </remarks>
internal static class Importance
{
    /// <summary>Neighbours that <see cref="ImportanceKind.Density"/> looks at.</summary>
    public const int NeighborCount = 8;

    /// <summary>Cosine from which two rows count as the same for <see cref="ImportanceKind.Rarity"/>.</summary>
    public const float SameCosine = 0.8f;

    /// <summary>The names by which specs choose; the first is the default where an importance is needed.</summary>
    public static readonly (string Name, ImportanceKind Kind)[] Names =
    [
        ("attention", ImportanceKind.Attention), ("density", ImportanceKind.Density), ("distance", ImportanceKind.Distance),
        ("rarity", ImportanceKind.Rarity),
    ];

    /// <summary>One value per row; higher is more important.</summary>
    public static float[] Compute(ImportanceKind kind, ReductionSource source) => kind switch
    {
        ImportanceKind.Attention => source.Saliency.ToArray(),
        ImportanceKind.Distance => GetDistances(source.Rows),
        ImportanceKind.Uniform => Enumerable.Repeat(1f, source.Rows.RowCount).ToArray(),
        _ => CompareAll(kind, new PaddedRows(source.Rows)),
    };

    /// <summary>Rows from the most important on; of equal ones the first.</summary>
    public static int[] Rank(float[] importance)
    {
        int[] rows = [.. Enumerable.Range(0, importance.Length)];
        Array.Sort(rows, (a, b) => importance[a] == importance[b] ? a.CompareTo(b) : importance[b].CompareTo(importance[a]));
        return rows;
    }

    /// <summary>As weights: negative ones raised to 0, all 1 when nothing is left.</summary>
    public static float[] ToWeights(float[] importance)
    {
        float[] weights = [.. importance.Select(value => Math.Max(0, value))];
        return weights.All(weight => weight == 0) ? [.. weights.Select(_ => 1f)] : weights;
    }

    // 1 - ⟨row, mean⟩ / ‖mean‖; 1 for all when the rows cancel out.
    private static float[] GetDistances(MultiVectorView rows)
    {
        double[] mean = new double[rows.Dimension];
        for (int i = 0; i < rows.Values.Length; i++)
        {
            mean[i % mean.Length] += rows.Values[i];
        }

        double length = Math.Sqrt(mean.Sum(value => value * value));
        float[] distances = new float[rows.RowCount];
        for (int i = 0; i < distances.Length; i++)
        {
            double product = 0;
            for (int k = 0; k < mean.Length; k++)
            {
                product += mean[k] * rows.Row(i)[k];
            }

            distances[i] = length > 0 ? (float)(1 - (product / length)) : 1;
        }

        return distances;
    }

    private static float[] CompareAll(ImportanceKind kind, PaddedRows rows)
    {
        float[] importance = new float[rows.RowCount];
        float[] cosines = new float[rows.RowCount];
        for (int i = 0; i < importance.Length; i++)
        {
            RowKernels.Dots(rows.Row(i), rows, 0, cosines);
            importance[i] = kind == ImportanceKind.Rarity ? GetRarity(cosines) : GetSparseness(cosines, i);
        }

        return importance;
    }

    // -ln of the share of the page's rows that are the same: the inverse document frequency of a row, on its page.
    private static float GetRarity(ReadOnlySpan<float> cosines)
    {
        int same = 0;
        foreach (float cosine in cosines)
        {
            same += cosine >= SameCosine ? 1 : 0;
        }

        return (float)Math.Log((double)cosines.Length / Math.Max(1, same));
    }

    // 1 - the mean cosine of the nearest others.
    private static float GetSparseness(ReadOnlySpan<float> cosines, int self)
    {
        int count = Math.Min(NeighborCount, cosines.Length - 1);
        Span<float> nearest = stackalloc float[NeighborCount];
        nearest.Fill(float.NegativeInfinity);
        for (int j = 0; j < cosines.Length; j++)
        {
            if (j == self || cosines[j] <= nearest[count - 1])
            {
                continue;
            }

            int place = count - 1;
            for (; place > 0 && nearest[place - 1] < cosines[j]; place--)
            {
                nearest[place] = nearest[place - 1];
            }

            nearest[place] = cosines[j];
        }

        double sum = 0;
        foreach (float cosine in nearest[..count])
        {
            sum += cosine;
        }

        return (float)(1 - (sum / count));
    }
}
