using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// The coordinates that a head is trained in: z = (x - mean)·R·s, with the mean of the documents, a random rotation R and the scale s
/// that gives a coordinate of a document unit variance on average, so that signs can pass gradients on [-1, 1].
/// </summary>
internal sealed class HeadCoordinates
{
    private HeadCoordinates(float[] mean, Matrix map, Matrix back)
    {
        Mean = mean;
        Map = map;
        Back = back;
    }

    /// <summary>[d]</summary>
    public float[] Mean { get; }

    /// <summary>R·s, [d × d].</summary>
    public Matrix Map { get; }

    /// <summary>Rᵀ/s, [d × d].</summary>
    public Matrix Back { get; }

    /// <exception cref="ArgumentException">All documents are equal.</exception>
    public static HeadCoordinates Create(Matrix documents, Random random)
    {
        int d = documents.Columns;
        double[] sums = new double[d];
        double squares = 0;
        for (int row = 0; row < documents.Rows; row++)
        {
            ReadOnlySpan<float> values = documents[row];
            for (int j = 0; j < d; j++)
            {
                sums[j] += values[j];
                squares += (double)values[j] * values[j];
            }
        }

        float[] mean = [.. sums.Select(sum => (float)(sum / documents.Rows))];
        double variance = ((squares / documents.Rows) - sums.Sum(sum => sum / documents.Rows * (sum / documents.Rows))) / d;
        if (!(variance > 1e-12))
        {
            throw new ArgumentException("All documents are equal: there is nothing to tell them apart by.", nameof(documents));
        }

        float scale = (float)(1 / Math.Sqrt(variance));
        Matrix rotation = Rotation.Create(d, random);
        Matrix map = new(d, d), back = new(d, d);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                map[i][j] = rotation[i][j] * scale;
                back[j][i] = rotation[i][j] / scale;
            }
        }

        return new HeadCoordinates(mean, map, back);
    }

    /// <summary>z of rows.</summary>
    public Matrix Apply(Matrix rows, int threads)
    {
        Matrix centered = rows.Clone(), mapped = new(rows.Rows, rows.Columns);
        for (int row = 0; row < rows.Rows; row++)
        {
            RowMath.AddScaled(Mean, -1, centered[row]);
        }

        Gemm.Multiply(centered, false, Map, false, mapped, threads: threads);
        return mapped;
    }

    /// <summary>Mean of the rows, [d].</summary>
    public static float[] GetMean(Matrix rows)
    {
        float[] mean = new float[rows.Columns];
        for (int row = 0; row < rows.Rows; row++)
        {
            RowMath.AddScaled(rows[row], 1f / rows.Rows, mean);
        }

        return mean;
    }
}
