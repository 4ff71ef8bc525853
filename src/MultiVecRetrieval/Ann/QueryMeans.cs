namespace MultiVecRetrieval.Ann;

/// <summary>The rotated means of queries that are like the rows and of those like a sample; estimates start from the nearer one.</summary>
internal static class QueryMeans
{
    /// <summary>Both means; the same without a sample.</summary>
    public static float[][] Create(RowCodec codec, ReadOnlySpan<float> queries)
    {
        int dimension = codec.Mean.Length;
        double[] sum = new double[dimension];
        for (int i = 0; i < queries.Length; i++)
        {
            sum[i % dimension] += queries[i];
        }

        int count = queries.Length / dimension;
        float[] sampleMean = count == 0 ? codec.Mean : [.. sum.Select(x => (float)(x / count))];
        float[][] means = [new float[codec.CodeLength], new float[codec.CodeLength]];
        codec.RotateQuery(codec.Mean, means[0]);
        codec.RotateQuery(sampleMean, means[1]);
        return means;
    }

    /// <summary>0 for a query that is nearer to the mean of the rows, 1 for one nearer to that of the sample.</summary>
    public static int Choose(ReadOnlySpan<float> rotated, ReadOnlySpan<float> rowMean, ReadOnlySpan<float> sampleMean) =>
        GetDistance(rotated, sampleMean) < GetDistance(rotated, rowMean) ? 1 : 0;

    private static float GetDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }

        return sum;
    }
}
