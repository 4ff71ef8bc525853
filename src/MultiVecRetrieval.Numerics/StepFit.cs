namespace MultiVecRetrieval.Numerics;

/// <summary>Scores of frames told by one level inside a stretch and another outside of it.</summary>
internal sealed class StepFit
{
    // All pairs of so many frames are 1 M sums, a few milliseconds; longer videos are looked at in groups of frames.
    private const int MaxSteps = 1_000;

    private readonly IReadOnlyList<double> _scores;
    private readonly double[] _time;
    private readonly double[] _sum;
    private readonly double _variation;

    /// <param name="lengths">Length of each frame.</param>
    /// <param name="scores">Score of each, finite.</param>
    public StepFit(IReadOnlyList<double> lengths, IReadOnlyList<double> scores)
    {
        _scores = scores;
        _time = new double[scores.Count + 1];
        _sum = new double[scores.Count + 1];
        for (int i = 0; i < scores.Count; i++)
        {
            _time[i + 1] = _time[i] + lengths[i];
            _sum[i + 1] = _sum[i] + (lengths[i] * scores[i]);
        }

        double mean = scores.Count == 0 ? 0 : _sum[^1] / _time[^1];
        _variation = scores.Select((score, i) => lengths[i] * (score - mean) * (score - mean)).Sum();
    }

    public int FrameCount => _scores.Count;

    private int Step => ((_scores.Count - 1) / MaxSteps) + 1;

    /// <summary>Where stretches may begin and end, so that there is room for so many of them.</summary>
    public int[] Cuts(int stretches)
    {
        int step = Math.Min(Step, Math.Max(1, FrameCount / stretches));
        return [.. Enumerable.Range(0, ((FrameCount - 1) / step) + 1).Select(i => i * step), FrameCount];
    }

    public double MeanWithin(int first, int end) => (_sum[end] - _sum[first]) / (_time[end] - _time[first]);

    /// <summary>What a stretch explains of the squared distances from the mean: of n seconds with the share p inside and the means a inside
    /// and b outside n p (1 - p) (a - b)². 0 where it is no higher inside, or is everything.</summary>
    public double ExplainSquares(int first, int end)
    {
        double inside = _time[end] - _time[first];
        double outside = _time[^1] - inside;
        if (inside <= 0 || outside <= 0)
        {
            return 0;
        }

        double contrast = MeanWithin(first, end) - MeanOutside(first, end);
        return contrast > 1e-9 ? inside * outside / _time[^1] * contrast * contrast : 0;
    }

    /// <summary>The same as a share of how much the scores vary, in [0, 1]; 0 where they do not.</summary>
    public double Explain(int first, int end) => _variation > 1e-12 ? ExplainSquares(first, end) / _variation : 0;

    /// <summary>Every stretch that is looked at.</summary>
    public IEnumerable<(int First, int End)> Stretches()
    {
        int[] cuts = Cuts(1);
        for (int i = 0; i < cuts.Length - 1; i++)
        {
            for (int j = i + 1; j < cuts.Length; j++)
            {
                yield return (cuts[i], cuts[j]);
            }
        }
    }

    /// <summary>The stretch that explains most; the first frame where all score the same.</summary>
    public (int First, int End) FindBest()
    {
        (int First, int End) best = (0, 1);
        double most = 0;
        foreach ((int first, int end) in Stretches())
        {
            double explained = ExplainSquares(first, end);
            if (explained > most)
            {
                (most, best) = (explained, (first, end));
            }
        }

        return best;
    }

    private double MeanOutside(int first, int end) =>
        _time[^1] - (_time[end] - _time[first]) is > 0 and double outside
            ? (_sum[^1] - _sum[end] + _sum[first]) / outside
            : MeanWithin(first, end);
}
