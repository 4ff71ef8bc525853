using System.Numerics.Tensors;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Search;

/// <summary>Hits that answer, and differ from those before them, by <see cref="MarginalRelevance"/>: relevance is the score as a share
/// of the best one, similarity the cosine of the mean rows in the space where it is largest, at least 0.</summary>
internal sealed class Diversifier(SegmentSet set, SearchRequest request)
{
    private const int MinCandidates = 100;
    private const int MaxCandidates = 1_000;

    /// <summary>Hits that are chosen from: as many for every page of the same length, so that none repeats or leaves out a hit.</summary>
    public static int CountCandidates(int top) => (int)Math.Clamp(4L * top, MinCandidates, MaxCandidates);

    /// <summary>The ranking in its new order; what follows the candidates stays behind them.</summary>
    public List<ScoredEntry> Apply(List<ScoredEntry> ranked, int wanted, CancellationToken cancellationToken)
    {
        int count = Math.Min(ranked.Count, CountCandidates(request.Top));
        string[] spaces = [.. request.AllParts.SelectMany(part => part.Vectors).Select(query => query.Space).Distinct()];
        float[]?[][] means = [.. ranked.Take(count).Select(entry => ReadMeans(
            spaces.Length > 0 ? spaces : [.. set.Spaces.Select(space => space.Name)], entry.EntryId))];
        double best = ranked.Take(count).Select(entry => Math.Abs(entry.Score)).DefaultIfEmpty(0).Max();
        double[] relevance = [.. ranked.Take(count).Select(entry => best > 0 ? entry.Score / best : 0)];

        IReadOnlyList<int> chosen = MarginalRelevance.Choose(
            relevance, (int)Math.Min(count, wanted + 1L), request.Diversity, (i, j) => Compare(means[i], means[j]), cancellationToken);
        HashSet<int> isChosen = [.. chosen];
        return
        [
            .. chosen.Select(i => ranked[i]),
            .. Enumerable.Range(0, count).Where(i => !isChosen.Contains(i)).Select(i => ranked[i]),
            .. ranked.Skip(count),
        ];
    }

    private static double Compare(float[]?[] a, float[]?[] b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] is { } left && b[i] is { } right)
            {
                largest = Math.Max(largest, TensorPrimitives.Dot<float>(left, right));
            }
        }

        return largest;
    }

    private float[]?[] ReadMeans(string[] spaces, long entryId) => [.. spaces.Select(space =>
        set.Find(space, entryId) is var (segment, index) ? Mean(segment.Shared.Reader.Read(index)) : null)];

    private static float[]? Mean(MultiVector rows)
    {
        float[] mean = new float[rows.Dimension];
        for (int row = 0; row < rows.RowCount; row++)
        {
            TensorPrimitives.Add(mean, rows.Row(row), mean);
        }

        float norm = TensorPrimitives.Norm<float>(mean);
        if (!(norm > 0))
        {
            return null;
        }

        TensorPrimitives.Divide(mean, norm, mean);
        return mean;
    }
}
