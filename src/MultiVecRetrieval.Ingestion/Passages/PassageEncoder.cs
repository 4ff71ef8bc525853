using System.Collections.Concurrent;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Passages;

/// <summary>Encodes the text of entries for one space, a row a passage. Thread-safe.</summary>
internal sealed class PassageEncoder
{
    // Words of a collection are few; names and numbers are many.
    private const int MaxRememberedWords = 200_000;

    // A sentence or two: what is found is a moment, and begins where the passage begins.
    private const int SpeechTokens = 24;

    private readonly ModelContract _contract;
    private readonly Lazy<EncoderModel> _model;
    private readonly ConcurrentDictionary<string, int> _tokens = new(StringComparer.Ordinal);
    private readonly Lazy<int> _frameTokens;
    private readonly PassageCutter _cutter;
    private readonly PassageCutter _speechCutter;

    public PassageEncoder(ModelContract contract, Lazy<EncoderModel> model)
    {
        _contract = contract;
        _model = model;
        _frameTokens = new Lazy<int>(() => _model.Value.CountTokens(""));
        _cutter = new PassageCutter(CountTokens, contract.PassageTokens);
        _speechCutter = new PassageCutter(CountTokens, Math.Min(SpeechTokens, contract.PassageTokens));
    }

    /// <summary>The rows of a page; null when it has no passage.</summary>
    public MultiVector? Encode(TextLayer page, DocumentLayout document, CancellationToken cancellationToken) =>
        Encode(_cutter.Cut(page, document), cancellationToken);

    /// <summary>The rows of a section of a text; null when it has no words.</summary>
    public MultiVector? EncodeSection(TextLayer section, CancellationToken cancellationToken) =>
        Encode(_cutter.CutSection(section), cancellationToken);

    /// <summary>The rows of what is said, a few sentences each, so that a match is a moment; null when nothing is said.</summary>
    public MultiVector? EncodeSpeech(IEnumerable<PageWord> words, CancellationToken cancellationToken) =>
        Encode(_speechCutter.Pack(words), cancellationToken);

    private MultiVector? Encode(IReadOnlyList<Passage> passages, CancellationToken cancellationToken)
    {
        List<float[]> rows = [];
        List<Place> places = [];
        List<Place[]?> members = [];
        foreach (Passage passage in passages.Where(passage => _contract.CanRead(passage.Text)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            MultiVector encoded = _model.Value.EncodePassage(passage.Text, cancellationToken).Rows;
            Place around = passage.Places.Aggregate(Boxes.Around);
            for (int i = 0; i < encoded.RowCount; i++)
            {
                rows.Add(encoded.Row(i).ToArray());
                places.Add(around);
                members.Add(passage.Places.Count > 1 ? [.. passage.Places] : null);
            }
        }

        return rows.Count == 0
            ? null
            : new MultiVector(rows[0].Length, [.. rows.SelectMany(row => row)], [.. places]) { Members = members };
    }

    private int CountTokens(string word)
    {
        if (_tokens.TryGetValue(word, out int count))
        {
            return count;
        }

        count = _model.Value.CountTokens(word) - _frameTokens.Value;
        if (_tokens.Count < MaxRememberedWords)
        {
            _tokens.TryAdd(word, count);
        }

        return count;
    }
}
