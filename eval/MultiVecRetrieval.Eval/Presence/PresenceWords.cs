namespace MultiVecRetrieval.Eval.Presence;

/// <summary>Chooses the words to ask a picture for: some that are printed there, some that are not.</summary>
/// <param name="vocabulary">The words that absent ones are drawn from, in an order that does not change.</param>
/// <param name="random">The source of chance.</param>
internal sealed class PresenceWords(IReadOnlyList<string> vocabulary, Random random)
{
    public const int MinLength = 4;
    public const int MaxLength = 20;

    /// <summary>Up to <paramref name="count"/> words of each kind.</summary>
    /// <param name="printed">All words of the picture, short ones too: they decide what is absent.</param>
    /// <param name="count">Words of a kind wanted.</param>
    public IEnumerable<(string Word, PresenceKind Kind)> Choose(IReadOnlySet<string> printed, int count)
    {
        string[] present = [.. printed.Where(IsUsable).Order(StringComparer.Ordinal)];
        random.Shuffle(present);
        foreach (string word in present.Take(count))
        {
            yield return (word, PresenceKind.Present);
        }

        Dictionary<PresenceKind, HashSet<string>> chosen = new() { [PresenceKind.Absent] = [], [PresenceKind.Near] = [] };
        // Thirty draws for each word wanted: small vocabularies run out of near spellings, and the loop must end.
        for (int draw = 0; draw < 30 * count && chosen.Values.Any(words => words.Count < count) && vocabulary.Count > 0; draw++)
        {
            string word = vocabulary[random.Next(vocabulary.Count)];
            PresenceKind kind = Classify(word, printed);
            if (kind != PresenceKind.Present && chosen[kind].Count < count && chosen[kind].Add(word))
            {
                yield return (word, kind);
            }
        }
    }

    /// <summary>True for words that people search for: letters only, neither short nor longer than the model reads.</summary>
    public static bool IsUsable(string word) => word.Length is >= MinLength and <= MaxLength && word.All(char.IsAsciiLetter);

    public static PresenceKind Classify(string word, IReadOnlySet<string> printed)
    {
        if (printed.Contains(word))
        {
            return PresenceKind.Present;
        }

        return printed.Any(other => IsNear(word, other)) ? PresenceKind.Near : PresenceKind.Absent;
    }

    private static bool IsNear(string word, string other)
    {
        if (other.Length < MinLength)
        {
            return false;
        }

        if (other.Contains(word, StringComparison.Ordinal) || word.Contains(other, StringComparison.Ordinal))
        {
            return true;
        }

        int shared = 0;
        while (shared < Math.Min(word.Length, other.Length) && word[shared] == other[shared])
        {
            shared++;
        }

        return shared >= 5 || Distance(word, other) <= 2;
    }

    // Levenshtein distance; lengths that differ by more than two cannot be near.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return 3;
        }

        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
