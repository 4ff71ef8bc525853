using System.Text;
using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;
using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Turns text into the token ids of a model, as the model's reference implementation does. Thread-safe.</summary>
public sealed class Tokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly OpenAiCleaning? _cleaning;
    private readonly AddedTokenMatcher _literalTokens;
    private readonly AddedTokenMatcher _normalizedTokens;

    internal Tokenizer(TokenizerDefinition definition, bool cleansLikeOpenAi = false)
    {
        _definition = definition;
        _cleaning = cleansLikeOpenAi ? new OpenAiCleaning() : null;
        _literalTokens = new AddedTokenMatcher(definition.AddedTokens.Where(token => !token.IsNormalized), token => token.Content);
        _normalizedTokens =
            new AddedTokenMatcher(definition.AddedTokens.Where(token => token.IsNormalized), token => Normalize(token.Content));
    }

    /// <summary>The id that fills short texts; null when the folder names none.</summary>
    public int? PadId => _definition.PadId;

    /// <summary>The largest id plus one.</summary>
    public int VocabularySize => Math.Max(
        _definition.Segmenter.Vocabulary.Size, _definition.AddedTokens.Select(token => token.Id + 1).DefaultIfEmpty(0).Max());

    /// <summary>The longest input of the model in tokens, with special tokens; null when the folder names none.</summary>
    public int? MaxLength => _definition.MaxLength;

    /// <summary>True when padding comes before the text.</summary>
    public bool PadsLeft => _definition.PadsLeft;

    /// <summary>What stands around two texts that are read together; null when the folder does not say.</summary>
    internal PairFrame? Pair => _definition.Pair;

    /// <summary>What was found, for people: kind, files, vocabulary, special tokens, padding.</summary>
    public string Description =>
        $"{_definition.Source}, {VocabularySize} tokens"
        + (_cleaning is null ? "" : ", text cleaned as OpenAI does")
        + (_definition.Frame.Count == 0
            ? ", no special tokens"
            : $", framed by {Names(_definition.Frame.Prefix)} … {Names(_definition.Frame.Suffix)}")
        + (PadId is { } pad ? $", padded {(PadsLeft ? "left" : "right")} with {pad} ({RawToken(pad)})" : ", no padding token")
        + (MaxLength is { } length ? $", at most {length} tokens" : "");

    /// <summary>
    /// Loads tokenizer.json; or vocab.json and merges.txt (CLIP or GPT-2 style); or vocab.txt (WordPiece). Padding, length and case come
    /// from tokenizer_config.json, special_tokens_map.json and config.json beside it.
    /// </summary>
    /// <exception cref="ModelFormatException">No tokenizer, a damaged file, or a component that is not supported; it is named.</exception>
    public static Tokenizer Load(string modelFolder, TokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        return TokenizerFolder.Load(modelFolder, options ?? new TokenizerOptions());
    }

    /// <summary>All ids of a text with the special tokens around it: not truncated, not padded.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        List<int> ids = [.. _definition.Frame.Prefix];
        AppendContent(text, ids);
        ids.AddRange(_definition.Frame.Suffix);
        return ids;
    }

    /// <summary>The ids of a text without special tokens around it.</summary>
    internal IReadOnlyList<int> EncodeContent(string text)
    {
        List<int> ids = [];
        AppendContent(text, ids);
        return ids;
    }

    /// <summary>Exactly <paramref name="maxLength"/> ids: a long text loses tokens but no special token, a short one is padded.</summary>
    /// <param name="text">The text; lone surrogates count as U+FFFD.</param>
    /// <param name="maxLength">Length of the result, at least the number of special tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">The special tokens alone are longer.</exception>
    /// <exception cref="InvalidOperationException">The text is shorter and the folder names no padding token.</exception>
    public TokenSequence Encode(string text, int maxLength)
    {
        SpecialFrame frame = _definition.Frame;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, Math.Max(1, frame.Count));
        List<int> content = [];
        AppendContent(text, content);
        int kept = Math.Min(content.Count, maxLength - frame.Count);
        int skipped = _definition.TruncatesLeft ? content.Count - kept : 0;
        int length = kept + frame.Count;
        if (length < maxLength && PadId is null)
        {
            throw new InvalidOperationException(
                $"The text has {length} of {maxLength} tokens, and the model folder names no padding token.");
        }

        long[] ids = new long[maxLength];
        long[] mask = new long[maxLength];
        Array.Fill(ids, PadId ?? 0);
        int at = PadsLeft ? maxLength - length : 0;
        Array.Fill(mask, 1, at, length);
        foreach (int id in frame.Prefix.Concat(content.Skip(skipped).Take(kept)).Concat(frame.Suffix))
        {
            ids[at++] = id;
        }

        return new TokenSequence(ids, mask, kept < content.Count);
    }

    /// <summary>A token as people would write it: bytes decoded, word signs and outer spaces removed. Empty for an unknown id.</summary>
    public string DecodeToken(int id)
    {
        string token = RawToken(id);
        if (_definition.AddedTokens.Any(added => added.Id == id))
        {
            return token;
        }

        if (_definition.Segmenter is WordPieceSegmenter)
        {
            return token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : token;
        }

        token = token.EndsWith("</w>", StringComparison.Ordinal) ? token[..^4] : token;
        return (ByteAlphabet.TryDecode(token) ?? token.Replace('▁', ' ')).Trim();
    }

    /// <summary>The id of an added token; null when the tokenizer has none of that text.</summary>
    internal int? FindAddedToken(string content) =>
        _definition.AddedTokens.FirstOrDefault(token => token.Content == content)?.Id;

    private string RawToken(int id) =>
        _definition.AddedTokens.FirstOrDefault(token => token.Id == id)?.Content ?? _definition.Segmenter.Vocabulary.Token(id) ?? "";

    private string Names(IReadOnlyList<int> ids) => string.Join(' ', ids.Select(RawToken));

    private string Normalize(string text) => _definition.Normalizer?.Normalize(text) ?? text;

    private void AppendContent(string text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = WithoutLoneSurrogates(text);
        text = _cleaning?.Normalize(text) ?? text;
        foreach ((int start, int end, int? id) in _literalTokens.Split(text))
        {
            if (id is not null)
            {
                ids.Add(id.Value);
                continue;
            }

            string normalized = Normalize(text[start..end]);
            foreach ((int innerStart, int innerEnd, int? innerId) in _normalizedTokens.Split(normalized))
            {
                if (innerId is not null)
                {
                    ids.Add(innerId.Value);
                }
                else
                {
                    AppendWords(new TextPiece(normalized[innerStart..innerEnd], start == 0 && innerStart == 0), ids);
                }
            }
        }
    }

    private void AppendWords(TextPiece piece, List<int> ids)
    {
        foreach (TextPiece word in _definition.PreTokenizer?.Split(piece) ?? [piece])
        {
            _definition.Segmenter.Segment(word.Text, ids);
        }
    }

    private static string WithoutLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            result.Append(rune.ToString());
        }

        return result.ToString();
    }
}
