namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Turns attention weights of a transformer into the saliency of each token, for <see cref="ReductionSource.Saliency"/>.</summary>
public static class AttentionSaliency
{
    /// <summary>How much a class token (or an end token) attends to each token: the sum over layers of the mean over heads.</summary>
    /// <param name="attention">The weights.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="classToken">The index of the token that attends.</param>
    /// <param name="layers">The layers to sum over; one, the last for instance, gives the score that DocPruner uses.</param>
    /// <returns>One value per token, the class token's own included.</returns>
    /// <exception cref="ArgumentException">The weights have another shape, or there is no such token or layer.</exception>
    /// <remarks>Source: VTC-CLS sums over layers; DocPruner, arXiv:2509.23883, takes the last.</remarks>
    public static float[] FromClassToken(ReadOnlySpan<float> attention, AttentionShape shape, int classToken, Range layers)
    {
        Check(attention, shape);
        ArgumentOutOfRangeException.ThrowIfNegative(classToken);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classToken, shape.TokenCount);
        return Sum(attention, shape, layers, classToken..(classToken + 1));
    }

    /// <summary>How much all tokens attend to each token: the sum over layers of the mean over heads of the mean over the others.</summary>
    /// <param name="attention">The weights.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="layers">The layers to sum over, best some in the middle.</param>
    /// <returns>One value per token.</returns>
    /// <exception cref="ArgumentException">The weights have another shape, or there is no such layer.</exception>
    /// <remarks>
    /// A token's attention to itself does not count. Source: SAP, arXiv:2601.20107, which finds that the last
    /// layers know little of what will be asked.
    /// </remarks>
    public static float[] FromInDegree(ReadOnlySpan<float> attention, AttentionShape shape, Range layers)
    {
        Check(attention, shape);
        return Sum(attention, shape, layers, 0..shape.TokenCount);
    }

    private static void Check(ReadOnlySpan<float> attention, AttentionShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.LayerCount, 1, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.HeadCount, 1, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.TokenCount, 1, nameof(shape));
        long expected = checked((long)shape.LayerCount * shape.HeadCount * shape.TokenCount * shape.TokenCount);
        if (attention.Length != expected)
        {
            throw new ArgumentException($"{attention.Length} weights were given; {shape} has {expected}.", nameof(attention));
        }
    }

    private static float[] Sum(ReadOnlySpan<float> attention, AttentionShape shape, Range layers, Range attending)
    {
        int tokens = shape.TokenCount;
        (int firstLayer, int layerCount) = layers.GetOffsetAndLength(shape.LayerCount);
        (int firstToken, int count) = attending.GetOffsetAndLength(tokens);
        double[] sums = new double[tokens];
        for (int map = firstLayer * shape.HeadCount; map < (firstLayer + layerCount) * shape.HeadCount; map++)
        {
            for (int from = firstToken; from < firstToken + count; from++)
            {
                ReadOnlySpan<float> weights = attention.Slice(((map * tokens) + from) * tokens, tokens);
                for (int to = 0; to < tokens; to++)
                {
                    sums[to] += count > 1 && from == to ? 0 : weights[to];
                }
            }
        }

        double divisor = shape.HeadCount * Math.Max(1, count - 1);
        return [.. sums.Select(sum => (float)(sum / divisor))];
    }
}
