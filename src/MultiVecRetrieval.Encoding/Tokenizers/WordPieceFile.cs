using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;
using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads vocab.txt: one WordPiece token a line, ids from 0, in BERT's setting.</summary>
internal static class WordPieceFile
{
    /// <exception cref="FormatException">[UNK], [CLS] or [SEP] is missing.</exception>
    public static TokenizerDefinition Read(string path, bool lowercase, bool? stripAccents, bool handleChineseChars)
    {
        Vocabulary vocabulary = new();
        int next = 0;
        foreach (string line in File.ReadLines(path))
        {
            vocabulary.Add(line, next++);
        }

        int Require(string token)
            => vocabulary.TryGetId(token, out int id) ? id : throw new FormatException($"the vocabulary has no {token}");
        string[] specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        return new TokenizerDefinition
        {
            Source = "WordPiece (vocab.txt)",
            Segmenter = new WordPieceSegmenter(vocabulary, "##", Require("[UNK]"), longestWord: 100),
            Normalizer = new BertNormalizer(cleanText: true, handleChineseChars, stripAccents ?? lowercase, lowercase),
            PreTokenizer = new PreTokenizerSequence(PreTokenizerJson.Bert()),
            AddedTokens = [.. specials.Where(token => vocabulary.TryGetId(token, out _))
                .Select(token => new AddedToken(token, Require(token), IsNormalized: false, false, false, false))],
            Frame = new SpecialFrame([Require("[CLS]")], [Require("[SEP]")]),
            Pair = new PairFrame([Require("[CLS]")], [Require("[SEP]")], [Require("[SEP]")], SecondType: 1),
            PadId = vocabulary.TryGetId("[PAD]", out int pad) ? pad : null,
        };
    }
}
