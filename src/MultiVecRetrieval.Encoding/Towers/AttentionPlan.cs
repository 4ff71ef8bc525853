using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>How important each row of a picture is by the attention that it gets: the mean over heads, from one token or from all, summed
/// over layers (VTC-CLS, arXiv:2412.05819, with the class token).</summary>
/// <param name="Outputs">Values [batch, heads, tokens, tokens] of the graph.</param>
/// <param name="From">The token whose attention counts; null for the mean over all.</param>
internal sealed record AttentionPlan(IReadOnlyList<string> Outputs, int? From)
{
    /// <summary>One importance per row.</summary>
    /// <param name="layers">The values of <see cref="Outputs"/>.</param>
    /// <param name="index">The picture of the batch.</param>
    /// <param name="rowCount">Rows of the picture; tokens before them, such as the class token, are left out.</param>
    /// <exception cref="InvalidDataException">The values do not fit.</exception>
    public float[] Read(IEnumerable<FloatTensor> layers, int index, int rowCount)
    {
        double[] sums = new double[rowCount];
        foreach (FloatTensor layer in layers)
        {
            if (layer.Shape is not [_, > 0, > 0, > 0] || layer.Shape[2] != layer.Shape[3] || layer.Shape[3] < rowCount
                || From >= layer.Shape[2])
            {
                throw new InvalidDataException(
                    $"attention of shape [{string.Join(", ", layer.Shape)}] beside {rowCount} rows; it is [batch, heads, tokens, tokens] with a token per row");
            }

            (int heads, int tokens) = ((int)layer.Shape[1], (int)layer.Shape[2]);
            int before = tokens - rowCount;
            (int first, int count) = From is { } token ? (token, 1) : (0, tokens);
            for (int head = 0; head < heads; head++)
            {
                for (int query = first; query < first + count; query++)
                {
                    int start = ((((index * heads) + head) * tokens) + query) * tokens;
                    ReadOnlySpan<float> keys = layer.Values.AsSpan(start + before, rowCount);
                    for (int row = 0; row < rowCount; row++)
                    {
                        sums[row] += keys[row] / (double)(heads * count);
                    }
                }
            }
        }

        return Array.ConvertAll(sums, value => (float)value);
    }
}
