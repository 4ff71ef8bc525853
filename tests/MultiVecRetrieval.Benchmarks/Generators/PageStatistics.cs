using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>What <see cref="PageVectors"/> are like, measured.</summary>
/// <param name="CodesPerPage">Distinct codes of a page at K = 256: the 5th, 50th and 95th percentile of pages.</param>
/// <param name="NeighbourCosine">Mean cosine of a patch and the one to its right.</param>
/// <param name="PageCosine">Mean cosine of two patches of a page.</param>
/// <param name="OtherCosine">Mean cosine of patches of two pages.</param>
/// <param name="MeanNorm">Length of the mean row.</param>
/// <param name="QueryMeanCosine">Cosine of the mean row and the mean query row.</param>
/// <param name="Exponent">Of the power law that the 32 largest eigenvalues of the covariance follow.</param>
/// <param name="LargestShares">The share of the variance in the 1 and in the 32 best directions.</param>
/// <param name="BestCosine">Mean cosine of a query row and the best row of its page.</param>
/// <param name="FoundShare">Share of queries whose page has the best MaxSim.</param>
internal sealed record PageStatistics(
    (int Low, int Median, int High) CodesPerPage,
    double NeighbourCosine,
    double PageCosine,
    double OtherCosine,
    double MeanNorm,
    double QueryMeanCosine,
    double Exponent,
    (double One, double Many) LargestShares,
    double BestCosine,
    double FoundShare)
{
    private const int CentroidCount = 256;
    private const int RowsPerPage = 32;

    /// <summary>Measures the first pages and a query to every tenth, thirty at most.</summary>
    public static PageStatistics Measure(PageVectors vectors, int pageCount)
    {
        int d = vectors.Dimension;
        MultiVector[] pages = [.. Enumerable.Range(0, pageCount).AsParallel().AsOrdered().Select(i => vectors.GetPage(i))];
        SeededStream random = new(seed: 2, StreamKind.Pool, index: 0);
        float[] sample = new float[pageCount * RowsPerPage * d];
        double neighbours = 0, within = 0, across = 0;
        for (int i = 0; i < pageCount * RowsPerPage; i++)
        {
            MultiVector page = pages[i / RowsPerPage];
            int row = random.Next(PageVectors.DefaultRowCount - PageVectors.PromptRowCount - 1);
            page.Row(row).CopyTo(sample.AsSpan(i * d));
            neighbours += TensorPrimitives.Dot(page.Row(row), page.Row(row + 1));
            within += TensorPrimitives.Dot(page.Row(row), page.Row(random.Next(1024)));
            across += TensorPrimitives.Dot(page.Row(row), pages[random.Next(pageCount)].Row(random.Next(1024)));
        }

        float[] centroids = VectorStatistics.TrainCentroids(sample, d, CentroidCount, iterationCount: 4);
        int[] codes =
            [.. pages.Take(50).AsParallel().Select(page => VectorStatistics.CountCodes(centroids, page.Values, d)).Order()];
        double[] spectrum = VectorStatistics.GetSpectrum(sample, d, 32);
        float[] mean = VectorStatistics.GetMean(sample, d);

        int queryCount = Math.Min(30, pageCount / 10);
        MultiVector[] queries = [.. Enumerable.Range(0, queryCount).Select(i => vectors.GetQuery(i, i * 10))];
        float[] queryMean = VectorStatistics.GetMean([.. queries.SelectMany(query => query.Values.ToArray())], d);
        int found = 0;
        double best = 0;
        Parallel.For(0, queryCount, i =>
        {
            float[] scores = [.. pages.Select(page => MaxSim.Score(queries[i].View, page.View))];
            lock (pages)
            {
                found += TensorPrimitives.IndexOfMax<float>(scores) == i * 10 ? 1 : 0;
                best += scores[i * 10] / queries[i].RowCount;
            }
        });
        int count = pageCount * RowsPerPage;
        return new PageStatistics(
            (codes[codes.Length / 20], codes[codes.Length / 2], codes[codes.Length * 19 / 20]),
            neighbours / count,
            within / count,
            across / count,
            TensorPrimitives.Norm<float>(mean),
            TensorPrimitives.CosineSimilarity<float>(mean, queryMean),
            VectorStatistics.FitExponent(spectrum),
            (spectrum[0], spectrum.Sum()),
            best / queryCount,
            (double)found / queryCount);
    }
}
