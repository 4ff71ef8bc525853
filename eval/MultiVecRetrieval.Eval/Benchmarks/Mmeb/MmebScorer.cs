using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>
/// The scores of MMEB by its own names. The official scorer makes a set of the answers before it pairs them with their grades, so that
/// graded scores go to other answers, depending on PYTHONHASHSEED; that is reproduced only when a seed is given.
/// </summary>
/// <remarks>Definitions: TIGER-AI-Lab/VLM2Vec, <c>src/utils/eval_utils/metrics.py</c>.</remarks>
internal static class MmebScorer
{
    private static readonly int[] Cuts = [1, 5, 10];

    // Its order of the scores, with the measures that they are.
    private static readonly (string Name, string Measure)[] Measures =
    [
        ("hit", "hit"), ("ndcg_linear", "ndcg"), ("ndcg_exponential", "expndcg"), ("precision", "precision"), ("recall", "recall"), ("f1", "f1"),
        ("map", "cappedmap"), ("mrr", "mrr"),
    ];

    /// <summary>Means over queries, by name: <c>hit@1</c> and so on.</summary>
    /// <param name="predictions">At least one.</param>
    /// <param name="hashSeed">PYTHONHASHSEED of the run of the official scorer to reproduce; null for correct scores.</param>
    public static IReadOnlyDictionary<string, double> Evaluate(IReadOnlyList<MmebPrediction> predictions, int? hashSeed = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(predictions.Count, nameof(predictions));
        List<(IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, double> Gains)> queries =
            [.. predictions.Select(prediction => (prediction.Prediction, GainsOf(prediction, hashSeed)))];
        Dictionary<string, double> scores = new(StringComparer.Ordinal);
        foreach ((string name, string measure) in Measures)
        {
            foreach (int k in Cuts)
            {
                Measure cut = Measure.Parse(FormattableString.Invariant($"{measure}@{k}"));
                scores[FormattableString.Invariant($"{name}@{k}")] = queries.Average(query => cut.Compute(query.Ranking, query.Gains));
            }
        }

        return scores;
    }

    /// <summary>Checks what a line of predictions must keep.</summary>
    /// <exception cref="BenchmarkFormatException">There are other than one grade for each answer, or an answer stands twice.</exception>
    public static void Require(MmebPrediction prediction, string source)
    {
        if (prediction.RelevanceScores is { } grades && grades.Count != prediction.Label.Count)
        {
            throw new BenchmarkFormatException(source, $"{prediction.Label.Count} rel_scores, one for each label", $"{grades.Count}");
        }

        if (prediction.Label.Distinct(StringComparer.Ordinal).Count() != prediction.Label.Count)
        {
            throw new BenchmarkFormatException(source, "each label once", "a label that stands twice");
        }
    }

    private static Dictionary<string, double> GainsOf(MmebPrediction prediction, int? hashSeed)
    {
        IReadOnlyList<string> labels = hashSeed is { } seed ? PythonSet.Order(prediction.Label, seed) : prediction.Label;
        Dictionary<string, double> gains = new(StringComparer.Ordinal);
        for (int i = 0; i < labels.Count; i++)
        {
            gains[labels[i]] = prediction.RelevanceScores is { } grades ? grades[i] : 1;
        }

        return gains;
    }
}
