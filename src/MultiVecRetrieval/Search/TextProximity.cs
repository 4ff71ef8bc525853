namespace MultiVecRetrieval.Search;

/// <summary>How close together the words of a query stand in a text.</summary>
/// <remarks>
/// Neighbouring occurrences of different words give each other their weight by the square of their distance in words; what a word
/// gathers saturates as its frequency does in BM25 (Büttcher, Clarke, Lushman: Term proximity scoring for ad-hoc retrieval on very
/// large text collections, SIGIR 2006), for texts of average length.
/// </remarks>
internal static class TextProximity
{
    // BM25's k1, as FTS5 has it.
    private const double Saturation = 1.2;

    /// <summary>The score; 0 where fewer than two different words of the query stand in the text.</summary>
    /// <param name="words">The words of the text as the index has them, a space between two.</param>
    /// <param name="clauses">What the query asks for; phrases are left out, they stand together wherever they stand.</param>
    /// <param name="weigh">How much a clause tells.</param>
    public static double Score(string words, IReadOnlyList<TextClause> clauses, Func<TextClause, double> weigh)
    {
        Dictionary<string, int> wanted = new(StringComparer.Ordinal);
        double[] weights = new double[clauses.Count];
        for (int i = 0; i < clauses.Count; i++)
        {
            weights[i] = weigh(clauses[i]);
            if (clauses[i].Surfaces.Count == 1)
            {
                wanted.TryAdd(clauses[i].Surfaces[0], i);
            }
        }

        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        double[] gathered = new double[clauses.Count];
        int position = 0;
        int lastPosition = 0;
        int last = -1;
        foreach (Range range in words.AsSpan().Split(' '))
        {
            position++;
            if (!lookup.TryGetValue(words.AsSpan()[range], out int clause))
            {
                continue;
            }

            if (last >= 0 && last != clause)
            {
                double closeness = 1.0 / ((position - lastPosition) * (position - lastPosition));
                gathered[clause] += weights[last] * closeness;
                gathered[last] += weights[clause] * closeness;
            }

            (last, lastPosition) = (clause, position);
        }

        double score = 0;
        for (int i = 0; i < gathered.Length; i++)
        {
            score += Math.Min(1, weights[i]) * gathered[i] * (Saturation + 1) / (gathered[i] + Saturation);
        }

        return score;
    }
}
