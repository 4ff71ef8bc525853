using System.Numerics.Tensors;

namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>What <see cref="PictureVectors"/> are like, measured.</summary>
/// <param name="MeanNorm">Length of the mean picture.</param>
/// <param name="TextMeanNorm">Length of the mean text query.</param>
/// <param name="MeansCosine">Cosine of the two means: the modality gap.</param>
/// <param name="PairCosine">Mean cosine of a text query and its picture.</param>
/// <param name="OtherCosine">Mean cosine of a text query and another picture.</param>
/// <param name="PicturePairCosine">Mean cosine of a picture query and its picture.</param>
/// <param name="PictureCosine">Mean cosine of two pictures.</param>
/// <param name="Exponent">Of the power law that the 32 largest eigenvalues of the covariance follow.</param>
/// <param name="LargestShares">The share of the variance in the 1 and in the 32 best directions.</param>
/// <param name="TextFoundShare">Share of text queries whose picture is the nearest.</param>
/// <param name="PictureFoundShare">Share of picture queries whose picture is the nearest.</param>
internal sealed record PictureStatistics(
    double MeanNorm,
    double TextMeanNorm,
    double MeansCosine,
    double PairCosine,
    double OtherCosine,
    double PicturePairCosine,
    double PictureCosine,
    double Exponent,
    (double One, double Many) LargestShares,
    double TextFoundShare,
    double PictureFoundShare)
{
    private const int QueryCount = 200;

    /// <summary>Measures the first pictures with 200 queries of each kind.</summary>
    public static PictureStatistics Measure(PictureVectors vectors, int pictureCount)
    {
        int d = vectors.Dimension;
        float[] pictures = vectors.GetPictures(0, pictureCount, Environment.ProcessorCount);
        float[] texts = new float[QueryCount * d];
        float[] near = new float[QueryCount * d];
        double pairs = 0, others = 0, nearPairs = 0, two = 0;
        int textFound = 0, nearFound = 0;
        int step = pictureCount / QueryCount;
        for (int i = 0; i < QueryCount; i++)
        {
            int picture = i * step;
            Span<float> text = texts.AsSpan(i * d, d);
            Span<float> query = near.AsSpan(i * d, d);
            vectors.FillTextQuery(i, picture, text);
            vectors.FillPictureQuery(i, picture, query);
            ReadOnlySpan<float> source = pictures.AsSpan(picture * d, d);
            ReadOnlySpan<float> other = pictures.AsSpan((picture + 1) * d, d);
            pairs += TensorPrimitives.Dot(text, source);
            others += TensorPrimitives.Dot(text, other);
            nearPairs += TensorPrimitives.Dot(query, source);
            two += TensorPrimitives.Dot(source, other);
            textFound += FindNearest(pictures, text) == picture ? 1 : 0;
            nearFound += FindNearest(pictures, query) == picture ? 1 : 0;
        }

        float[] mean = VectorStatistics.GetMean(pictures, d);
        float[] textMean = VectorStatistics.GetMean(texts, d);
        double[] spectrum = VectorStatistics.GetSpectrum(pictures, d, 32);
        return new PictureStatistics(
            TensorPrimitives.Norm<float>(mean),
            TensorPrimitives.Norm<float>(textMean),
            TensorPrimitives.CosineSimilarity<float>(mean, textMean),
            pairs / QueryCount,
            others / QueryCount,
            nearPairs / QueryCount,
            two / QueryCount,
            VectorStatistics.FitExponent(spectrum),
            (spectrum[0], spectrum.Sum()),
            (double)textFound / QueryCount,
            (double)nearFound / QueryCount);
    }

    private static int FindNearest(float[] pictures, ReadOnlySpan<float> query)
    {
        int best = 0;
        float bestScore = float.NegativeInfinity;
        for (int i = 0; i < pictures.Length / query.Length; i++)
        {
            float score = TensorPrimitives.Dot(query, pictures.AsSpan(i * query.Length, query.Length));
            if (score > bestScore)
            {
                (best, bestScore) = (i, score);
            }
        }

        return best;
    }
}
