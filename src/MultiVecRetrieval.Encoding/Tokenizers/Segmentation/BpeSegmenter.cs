using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>Byte-pair encoding: the pair of lowest rank is merged, leftmost first, until none is left.</summary>
/// <remarks>A heap of candidate pairs keeps long words at O(n log n). Source: Sennrich et al., arXiv:1508.07909.</remarks>
internal sealed class BpeSegmenter(Vocabulary vocabulary, Dictionary<long, (int Rank, int Merged)> merges, BpeOptions options) : ISegmenter
{
    private readonly int[]? _byteIds = options.FallsBackToBytes ? vocabulary.ByteTokens() : null;

    /// <inheritdoc/>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public void Segment(string word, List<int> ids)
    {
        if (options.IgnoresMerges && vocabulary.TryGetId(word, out int whole))
        {
            ids.Add(whole);
            return;
        }

        List<int> symbols = Characters(word);
        if (symbols.Count < 2)
        {
            ids.AddRange(symbols);
            return;
        }

        Merge(symbols, ids);
    }

    private List<int> Characters(string word)
    {
        List<int> symbols = new(word.Length);
        bool afterUnknown = false;
        for (int at = 0; at < word.Length;)
        {
            Rune.DecodeFromUtf16(word.AsSpan(at), out _, out int length);
            string prefix = at == 0 ? "" : options.ContinuingPrefix;
            string suffix = at + length == word.Length ? options.EndOfWordSuffix : "";
            ReadOnlySpan<char> character = prefix.Length + suffix.Length == 0
                ? word.AsSpan(at, length)
                : string.Concat(prefix, word.AsSpan(at, length), suffix);
            at += length;
            if (vocabulary.TryGetId(character, out int id))
            {
                symbols.Add(id);
                afterUnknown = false;
            }
            else if (_byteIds is not null)
            {
                foreach (byte value in System.Text.Encoding.UTF8.GetBytes(character.ToString()))
                {
                    symbols.Add(_byteIds[value]);
                }
            }
            else if (options.UnknownId is { } unknown && !(afterUnknown && options.FusesUnknown))
            {
                symbols.Add(unknown);
                afterUnknown = true;
            }
        }

        return symbols;
    }

    private void Merge(List<int> symbols, List<int> ids)
    {
        // A doubly linked list over positions; a merged symbol stays at the left position, the right one becomes -1.
        int count = symbols.Count;
        int[] next = new int[count];
        int[] previous = new int[count];
        PriorityQueue<(int Position, int Left, int Right), (int Rank, int Position)> candidates = new(count);
        for (int i = 0; i < count; i++)
        {
            next[i] = i + 1 < count ? i + 1 : -1;
            previous[i] = i - 1;
            Offer(i);
        }

        while (candidates.TryDequeue(out (int Position, int Left, int Right) candidate, out _))
        {
            // Candidates that a neighbouring merge has changed since are stale.
            int right = next[candidate.Position];
            if (right < 0 || symbols[candidate.Position] != candidate.Left || symbols[right] != candidate.Right)
            {
                continue;
            }

            symbols[candidate.Position] = merges[MergeTable.Key(candidate.Left, candidate.Right)].Merged;
            symbols[right] = -1;
            next[candidate.Position] = next[right];
            next[right] = -1;
            if (next[candidate.Position] >= 0)
            {
                previous[next[candidate.Position]] = candidate.Position;
            }

            Offer(candidate.Position);
            if (previous[candidate.Position] >= 0)
            {
                Offer(previous[candidate.Position]);
            }
        }

        for (int i = 0; i >= 0; i = next[i])
        {
            ids.Add(symbols[i]);
        }

        void Offer(int position)
        {
            int right = next[position];
            if (right >= 0 && merges.TryGetValue(MergeTable.Key(symbols[position], symbols[right]), out (int Rank, int Merged) merge))
            {
                candidates.Enqueue((position, symbols[position], symbols[right]), (merge.Rank, position));
            }
        }
    }
}
