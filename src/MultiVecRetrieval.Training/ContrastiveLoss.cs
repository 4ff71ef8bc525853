using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// InfoNCE over the positive and the hardest negatives of a batch: the mean over rows of -log softmax at the diagonal, and the same
/// over columns.
/// </summary>
/// <remarks>Source: van den Oord et al., arXiv:1807.03748; the hardest five of the batch as BEBR's released loss takes them.</remarks>
internal static class ContrastiveLoss
{
    /// <summary>Negatives of each row and column.</summary>
    public const int NegativeCount = 5;

    /// <summary>Adds <paramref name="weight"/> times dL/d logits to <paramref name="gradient"/>.</summary>
    /// <param name="logits">[batch × batch]; the diagonal holds the positives.</param>
    /// <param name="isNegative">Whether a pair (row, column) off the diagonal is one that must not match.</param>
    /// <returns>The loss, times the weight.</returns>
    public static double Add(Matrix logits, Func<int, int, bool> isNegative, float weight, Matrix gradient)
    {
        int count = logits.Rows;
        Hardest rows = new(count), columns = new(count);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = logits[i];
            for (int j = 0; j < count; j++)
            {
                float logit = row[j];
                if ((logit > rows.Threshold(i) || logit > columns.Threshold(j)) && i != j && isNegative(i, j))
                {
                    rows.Offer(i, j, logit);
                    columns.Offer(j, i, logit);
                }
            }
        }

        double sum = 0;
        float share = weight / count;
        for (int i = 0; i < count; i++)
        {
            sum += AddOne(logits, i, rows.Of(i), isRow: true, share, gradient);
            sum += AddOne(logits, i, columns.Of(i), isRow: false, share, gradient);
        }

        return sum * share;
    }

    private static double AddOne(Matrix logits, int anchor, ReadOnlySpan<int> negatives, bool isRow, float share, Matrix gradient)
    {
        Span<float> chosen = stackalloc float[NegativeCount + 1];
        chosen = chosen[..(negatives.Length + 1)];
        chosen[0] = logits[anchor][anchor];
        for (int n = 0; n < negatives.Length; n++)
        {
            chosen[n + 1] = isRow ? logits[anchor][negatives[n]] : logits[negatives[n]][anchor];
        }

        float positive = chosen[0];
        double normalizer = RowMath.Softmax(chosen);
        gradient[anchor][anchor] += share * (chosen[0] - 1);
        for (int n = 0; n < negatives.Length; n++)
        {
            Span<float> row = isRow ? gradient[anchor] : gradient[negatives[n]];
            row[isRow ? negatives[n] : anchor] += share * chosen[n + 1];
        }

        return normalizer - positive;
    }

    // The largest few of each line, kept sorted; of equal ones the first offered.
    private sealed class Hardest(int lines)
    {
        private readonly int[] _ids = new int[lines * NegativeCount];
        private readonly float[] _logits = Filled(lines);
        private readonly int[] _counts = new int[lines];

        public float Threshold(int line) => _logits[(line * NegativeCount) + NegativeCount - 1];

        public ReadOnlySpan<int> Of(int line) => _ids.AsSpan(line * NegativeCount, _counts[line]);

        public void Offer(int line, int id, float logit)
        {
            int first = line * NegativeCount, place = NegativeCount;
            while (place > 0 && logit > _logits[first + place - 1])
            {
                place--;
            }

            if (place == NegativeCount)
            {
                return;
            }

            for (int i = NegativeCount - 1; i > place; i--)
            {
                _logits[first + i] = _logits[first + i - 1];
                _ids[first + i] = _ids[first + i - 1];
            }

            _logits[first + place] = logit;
            _ids[first + place] = id;
            _counts[line] = Math.Min(_counts[line] + 1, NegativeCount);
        }

        private static float[] Filled(int lines)
        {
            float[] logits = new float[lines * NegativeCount];
            Array.Fill(logits, float.NegativeInfinity);
            return logits;
        }
    }
}
