using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Encodes texts by a remote encoder.</summary>
/// <param name="client">The encoder.</param>
/// <param name="description">What it declares.</param>
/// <param name="matryoshkaDimension">Leading values of a vector that are kept; null for all.</param>
/// <param name="tokenizer">The tokenizer of the folder; null when it has none.</param>
internal sealed class RemoteTextTower(
    RemoteClient client, RemoteDescription description, int? matryoshkaDimension, Tokenizer? tokenizer) : TextTower
{
    // Byte-level and SentencePiece vocabularies take about four bytes of English a token, fewer of other languages.
    private const int BytesPerToken = 4;

    private readonly int _dimension = matryoshkaDimension ?? description.Dimension;

    public override EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken)
    {
        (string prompt, string? task) = role == TextRole.Query
            ? (description.QueryPrompt, description.QueryTask)
            : (description.PassagePrompt, description.PassageTask);
        RemoteInput input = new(prompt.Replace("{}", text, StringComparison.Ordinal), Picture: null, task);
        float[] values = client.Encode([input], cancellationToken)[0];
        float[] rows = RowPooling.Pool(
            values, description.Dimension, Pooling.Rows, mask: [], layerNormalize: false, keptDimension: matryoshkaDimension);
        return new EncodedText(
            new MultiVector(_dimension, rows), [.. Enumerable.Repeat(text, rows.Length / _dimension)], Notices: [])
        {
            TokenCount = CountTokens(text),
        };
    }

    public override IReadOnlyList<int> Tokenize(string text) => tokenizer?.Encode(text) ?? throw new NotSupportedException(
        "the folder has no tokenizer.json; tokens are made at the endpoint, and texts are cut by their bytes");

    public override int CountTokens(string text) => tokenizer is null
        ? (System.Text.Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken
        : tokenizer.Encode(text).Count;
}
