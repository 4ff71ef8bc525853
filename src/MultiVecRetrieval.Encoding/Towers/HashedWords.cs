using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>
/// Words as hashes: per word the bucket of the word itself, then those of its character n-grams. Needs no vocabulary; immutable.
/// </summary>
/// <remarks>
/// Words are the runs of [a-z0-9] of the lower-cased text. With &lt; and &gt; around a word, all n-grams of the first length are listed,
/// then those of the second. Buckets are FNV-1a (32 bits, http://www.isthe.com/chongo/tech/comp/fnv) modulo their number; 0 is padding.
/// </remarks>
internal sealed class HashedWords(HashedWordsDescription description) : TokenSource
{
    public override string Identity => $"hashed words {JsonSerializer.Serialize(description)}";

    public override string Description => $"hashed words and character n-grams, {description.MaxWords} words at most";

    public override int MaxLength => description.MaxWords;

    public override TokenInput Encode(string text)
    {
        List<string> words = Split(text);
        string? notice = words.Count > description.MaxWords
            ? string.Create(CultureInfo.InvariantCulture,
                $"The text has {words.Count} words; the model reads the first {description.MaxWords}.")
            : null;
        int omitted = Math.Max(0, words.Count - description.MaxWords);
        if (words.Count == 0)
        {
            words.Add(description.EmptyWord);
            notice = "The text holds no word that this model can read (a-z, 0-9).";
        }

        long[] ids = new long[description.MaxWords * description.IdsPerWord];
        long[] mask = new long[description.MaxWords];
        string[] labels = new string[description.MaxWords];
        Array.Fill(labels, "");
        for (int i = 0; i < Math.Min(words.Count, description.MaxWords); i++)
        {
            Hash(words[i]).Take(description.IdsPerWord).ToArray().CopyTo(ids, i * description.IdsPerWord);
            mask[i] = 1;
            labels[i] = words[i];
        }

        return new TokenInput(ids, [description.MaxWords, description.IdsPerWord], mask, labels, notice, omitted);
    }

    public override IReadOnlyList<int> Tokenize(string text) =>
        [.. Split(text).SelectMany(word => Hash(word).Take(description.IdsPerWord)).Select(id => (int)id)];

    private static List<string> Split(string text)
    {
        List<string> words = [];
        string lower = text.ToLowerInvariant();
        int start = -1;
        for (int i = 0; i <= lower.Length; i++)
        {
            bool isLetter = i < lower.Length && (char.IsAsciiLetterLower(lower[i]) || char.IsAsciiDigit(lower[i]));
            if (isLetter && start < 0)
            {
                start = i;
            }
            else if (!isLetter && start >= 0)
            {
                words.Add(lower[start..i]);
                start = -1;
            }
        }

        return words;
    }

    private IEnumerable<long> Hash(string word)
    {
        yield return 1 + (Fnv1a(word) % description.WordBuckets);
        string marked = $"<{word}>";
        foreach (int length in description.GramLengths)
        {
            for (int i = 0; i + length <= marked.Length; i++)
            {
                yield return 1 + description.WordBuckets + (Fnv1a(marked.AsSpan(i, length)) % description.GramBuckets);
            }
        }
    }

    // All characters are ASCII, so a character is a byte of UTF-8.
    private static uint Fnv1a(ReadOnlySpan<char> text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
        {
            hash = unchecked((hash ^ character) * 16777619);
        }

        return hash;
    }
}
