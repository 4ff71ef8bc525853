using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>The most probable segmentation under independent token probabilities, by the Viterbi algorithm.</summary>
/// <remarks>
/// A character that no token covers alone costs 10 more than the least probable token; neighbours of that kind are one unknown
/// token. Source: Kudo, Subword Regularization, arXiv:1804.10959.
/// </remarks>
internal sealed class UnigramSegmenter : ISegmenter
{
    private const double UnknownPenalty = 10;
    private readonly double[] _scores;
    private readonly int? _unknownId;
    private readonly int[]? _byteIds;
    private readonly double _unknownScore;

    /// <exception cref="FormatException">There is neither an unknown token nor a token for every byte, or the unknown token is none of the
    /// vocabulary.</exception>
    public UnigramSegmenter(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
    {
        Vocabulary = vocabulary;
        _scores = scores;
        _unknownId = unknownId;
        _byteIds = byteFallback ? vocabulary.ByteTokens() : null;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        if (_unknownId is null && _byteIds is null)
        {
            throw new FormatException("the Unigram model has neither unk_id nor a token for every byte");
        }

        if (unknownId < 0 || unknownId >= scores.Length)
        {
            throw new FormatException($"the Unigram model has unk_id {unknownId} and {scores.Length} tokens");
        }
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Segment(string word, List<int> ids)
    {
        int[] starts = FindBestStarts(word);
        List<(int Start, int End, bool IsUnknown)> parts = [];
        for (int end = word.Length; end > 0;)
        {
            int start = starts[end] < 0 ? ~starts[end] : starts[end];
            bool isUnknown = starts[end] < 0;
            if (isUnknown && parts.Count > 0 && parts[^1].IsUnknown)
            {
                parts[^1] = (start, parts[^1].End, true);
            }
            else
            {
                parts.Add((start, end, isUnknown));
            }

            end = start;
        }

        for (int i = parts.Count - 1; i >= 0; i--)
        {
            Append(word.AsSpan(parts[i].Start, parts[i].End - parts[i].Start), ids);
        }
    }

    // For each position, where its best last token starts; the complement when that token is unknown.
    private int[] FindBestStarts(string word)
    {
        double[] best = new double[word.Length + 1];
        int[] starts = new int[word.Length + 1];
        bool[] reached = new bool[word.Length + 1];
        reached[0] = true;
        for (int start = 0; start < word.Length;)
        {
            Rune.DecodeFromUtf16(word.AsSpan(start), out _, out int characterLength);
            bool isCovered = false;
            int longest = Math.Min(word.Length - start, Vocabulary.LongestLength);
            for (int length = 1; length <= longest; length++)
            {
                if (Vocabulary.TryGetId(word.AsSpan(start, length), out int id) && id < _scores.Length)
                {
                    isCovered |= length == characterLength;
                    bool isUnknown = id == _unknownId;
                    Relax(start + length, best[start] + _scores[id], isUnknown ? ~start : start);
                }
            }

            if (!isCovered)
            {
                Relax(start + characterLength, best[start] + _unknownScore, ~start);
            }

            start += characterLength;
        }

        return starts;

        void Relax(int end, double score, int start)
        {
            if (!reached[end] || score > best[end])
            {
                reached[end] = true;
                best[end] = score;
                starts[end] = start;
            }
        }
    }

    private void Append(ReadOnlySpan<char> part, List<int> ids)
    {
        if (Vocabulary.TryGetId(part, out int id) && id < _scores.Length)
        {
            ids.Add(id);
        }
        else if (_byteIds is not null)
        {
            byte[] bytes = new byte[System.Text.Encoding.UTF8.GetByteCount(part)];
            System.Text.Encoding.UTF8.GetBytes(part, bytes);
            foreach (byte value in bytes)
            {
                ids.Add(_byteIds[value]);
            }
        }
        else
        {
            ids.Add(_unknownId!.Value);
        }
    }
}
