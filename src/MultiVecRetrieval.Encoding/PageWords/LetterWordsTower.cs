using System.Globalization;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Encodes each word of a query by its spelling; one row per word.</summary>
internal sealed class LetterWordsTower(OnnxSessions sessions, LetterWordsPlan plan) : TextTower
{
    public override EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words = plan.Words.Split(text, out IReadOnlyList<string> unreadable);
        float[] values = new float[words.Count * plan.Dimension];
        OnnxSession session = sessions.Get(plan.Graph);
        for (int i = 0; i < words.Count; i++)
        {
            // Word by word: the last bits of a product of matrices may depend on how many rows it has.
            cancellationToken.ThrowIfCancellationRequested();
            long[] ids = new long[plan.Words.WordLength];
            plan.Words.Spell(words[i], ids);
            FloatTensor[] output = session.Run([new TensorFeed(plan.Input, ids, 1, ids.Length)], [plan.Output]);
            output[0].Values.AsSpan(0, plan.Dimension).CopyTo(values.AsSpan(i * plan.Dimension));
        }

        return new EncodedText(new MultiVector(plan.Dimension, values), words, [.. Notices(words, unreadable)])
        {
            TokenCount = Tokenize(text).Count,
        };
    }

    public override IReadOnlyList<int> Tokenize(string text)
    {
        List<int> ids = [];
        long[] spelled = new long[plan.Words.WordLength];
        foreach (string word in plan.Words.Split(text, out _))
        {
            plan.Words.Spell(word, spelled);
            ids.AddRange(spelled.TakeWhile(id => id != 0).Select(id => (int)id));
            ids.Add(0);
        }

        return ids;
    }

    private IEnumerable<string> Notices(IReadOnlyList<string> words, IReadOnlyList<string> unreadable)
    {
        if (unreadable.Count > 0)
        {
            string count = unreadable.Count == 1 ? "1 word has" : $"{unreadable.Count.ToString(CultureInfo.InvariantCulture)} words have";
            yield return $"{count} no letters or digits that this model reads (a-z, 0-9): {string.Join(' ', unreadable.Take(5))}";
        }

        if (words.Count == 0)
        {
            yield return "The query holds no word that this model can look for.";
        }

        string[] cut = [.. words.Where(word => word.Length > plan.Words.WordLength)];
        if (cut.Length > 0)
        {
            string length = plan.Words.WordLength.ToString(CultureInfo.InvariantCulture);
            yield return $"Words are read up to their first {length} letters: {string.Join(' ', cut.Take(5))}";
        }
    }
}
