using System.Numerics.Tensors;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Search;

/// <summary>Maximal marginal relevance: hits that answer, and differ from those before them.</summary>
/// <remarks>Source: Carbonell and Goldstein, The Use of MMR, SIGIR 1998.</remarks>
internal sealed class Diversifier(SegmentSet set, SearchRequest request)
{
    private const int MinCandidates = 100;
    private const int MaxCandidates = 1_000;

    /// <summary>Hits that are chosen from.</summary>
    public static int CountCandidates(int wanted) => (int)Math.Clamp(4L * wanted, MinCandidates, MaxCandidates);

    /// <summary>The ranking in its new order; what follows the candidates stays behind them.</summary>
    public List<ScoredEntry> Apply(List<ScoredEntry> ranked, int wanted)
    {
        int count = Math.Min(ranked.Count, CountCandidates(wanted));
        string[] spaces = [.. request.AllParts.SelectMany(part => part.Vectors).Select(query => query.Space).Distinct()];
        float[]?[][] means = [.. ranked.Take(count).Select(entry => ReadMeans(
            spaces.Length > 0 ? spaces : [.. set.Spaces.Select(space => space.Name)], entry.EntryId))];
        double best = ranked.Take(count).Select(entry => Math.Abs(entry.Score)).DefaultIfEmpty(0).Max();
        double[] relevance = [.. ranked.Take(count).Select(entry => best > 0 ? entry.Score / best : 0)];

        // What was chosen last is compared with what is left; the largest similarity so far is kept.
        double[] similarity = new double[count];
        List<int> chosen = [];
        bool[] isChosen = new bool[count];
        while (chosen.Count < Math.Min(count, wanted + 1))
        {
            int next = -1;
            double nextGain = double.NegativeInfinity;
            for (int i = 0; i < count; i++)
            {
                double gain = ((1 - request.Diversity) * relevance[i]) - (request.Diversity * similarity[i]);
                if (!isChosen[i] && gain > nextGain)
                {
                    (next, nextGain) = (i, gain);
                }
            }

            chosen.Add(next);
            isChosen[next] = true;
            for (int i = 0; i < count; i++)
            {
                similarity[i] = isChosen[i] ? similarity[i] : Math.Max(similarity[i], Compare(means[i], means[next]));
            }
        }

        return
        [
            .. chosen.Select(i => ranked[i]),
            .. Enumerable.Range(0, count).Where(i => !isChosen[i]).Select(i => ranked[i]),
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
