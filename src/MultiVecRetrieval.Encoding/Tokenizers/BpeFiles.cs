using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;
using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads vocab.json with merges.txt: CLIP's when words end in &lt;/w&gt;, else byte-level as GPT-2 and RoBERTa.</summary>
internal static class BpeFiles
{
    private const string StartOfText = "<|startoftext|>";
    private const string EndOfText = "<|endoftext|>";
    private const string ClipWords = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    /// <exception cref="FormatException">A merge names no token, or the special tokens are missing.</exception>
    public static TokenizerDefinition Read(string vocabularyPath, string mergesPath, string? tokenizerClass, out bool isClip)
    {
        Vocabulary vocabulary = TokenizerJson.ReadVocabulary(File.ReadAllBytes(vocabularyPath));
        MergeTable merges = new(vocabulary);
        foreach (string line in File.ReadLines(mergesPath))
        {
            // The first line is a version comment; "#" alone can also begin a merge.
            if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                merges.Add(line);
            }
        }

        isClip = vocabulary.TryGetId("a</w>", out _);
        return isClip ? Clip(vocabulary, merges) : ByteLevel(vocabulary, merges, tokenizerClass);
    }

    private static TokenizerDefinition Clip(Vocabulary vocabulary, MergeTable merges)
    {
        int start = Require(vocabulary, StartOfText);
        int end = Require(vocabulary, EndOfText);
        return new TokenizerDefinition
        {
            Source = "CLIP byte-pair encoding (vocab.json, merges.txt)",
            Segmenter = new BpeSegmenter(vocabulary, merges.Pairs, new BpeOptions { UnknownId = end, EndOfWordSuffix = "</w>" }),
            Normalizer = new RuneNormalizer(CharacterRules.AppendLower),
            PreTokenizer = new PreTokenizerSequence(
            [
                new PatternSplitter(new RegexPattern(ClipWords), SplitBehavior.Removed, invert: true),
                new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false),
            ]),
            AddedTokens = [Special(StartOfText, start), Special(EndOfText, end)],
            Frame = new SpecialFrame([start], [end]),
            PadId = end,
            MaxLength = 77,
        };
    }

    private static TokenizerDefinition ByteLevel(Vocabulary vocabulary, MergeTable merges, string? tokenizerClass)
    {
        bool isRoberta = tokenizerClass?.StartsWith("Roberta", StringComparison.Ordinal) ?? false;
        string[] specials = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", EndOfText];
        return new TokenizerDefinition
        {
            Source = "byte-level byte-pair encoding (vocab.json, merges.txt)",
            Segmenter = new BpeSegmenter(vocabulary, merges.Pairs, new BpeOptions()),
            PreTokenizer = new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: true),
            AddedTokens =
                [.. specials.Where(token => vocabulary.TryGetId(token, out _)).Select(token => Special(token, Require(vocabulary, token)))],
            Frame = isRoberta ? new SpecialFrame([Require(vocabulary, "<s>")], [Require(vocabulary, "</s>")]) : SpecialFrame.Empty,
            Pair = isRoberta ? RobertaPair(Require(vocabulary, "<s>"), Require(vocabulary, "</s>")) : null,
        };
    }

    private static PairFrame RobertaPair(int start, int end) => new([start], [end, end], [end], SecondType: 0);

    private static AddedToken Special(string token, int id) => new(token, id, IsNormalized: true, false, false, false);

    private static int Require(Vocabulary vocabulary, string token) =>
        vocabulary.TryGetId(token, out int id) ? id : throw new FormatException($"the vocabulary has no {token}");
}
