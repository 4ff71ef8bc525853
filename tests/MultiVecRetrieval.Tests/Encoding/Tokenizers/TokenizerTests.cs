using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

public class TokenizerTests
{
    private const string WordPiece = """
        {"vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\n,\n中\ncafe\n", "tokenizer_config.json": {"model_max_length": 16}}
        """;

    private const string Unigram = """
        {"tokenizer.json": {"added_tokens": [{"id": 1, "content": "</s>", "special": true, "normalized": false}],
          "normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": "[!.]"}, "content": ""}]},
          "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
          "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
          "model": {"type": "Unigram", "unk_id": 2, "vocab": [["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["▁a", -1], ["▁", -2], ["cat", -3], ["c", -9], ["at", -9]]}},
         "tokenizer_config.json": {"pad_token": "</s>", "model_max_length": 64}}
        """;

    [Theory]
    [InlineData("Hello, WORLDS", "2 5 8 6 7 3")]
    [InlineData("héllo\u0000中café", "2 5 9 10 3")]
    [InlineData("hello [MASK] x", "2 5 4 1 3")]
    [InlineData("", "2 3")]
    public void Encode_WordPieceFile_FollowsBert(string text, string ids)
    {
        using ModelFolder folder = ModelFolder.Create(WordPiece);

        Assert.Equal(ids, string.Join(' ', Tokenizer.Load(folder.Path).Encode(text)));
    }

    [Fact]
    public void Encode_UnigramWithTemplate_PadsWithTheTokenOfTheConfig()
    {
        using ModelFolder folder = ModelFolder.Create(Unigram);
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        TokenSequence sequence = tokenizer.Encode("A Cat!", 6);

        Assert.Equal([3, 4, 5, 1, 1, 1], sequence.Ids);
        Assert.Equal([1, 1, 1, 1, 0, 0], sequence.AttentionMask);
        Assert.False(sequence.WasTruncated);
        Assert.Equal((1, 8, 64), (tokenizer.PadId, tokenizer.VocabularySize, tokenizer.MaxLength));
        Assert.Equal("a", tokenizer.DecodeToken(3));
    }

    [Fact]
    public void EncodePadded_AnyLength_IsAPrefixWithItsSpecialTokens()
    {
        using ModelFolder folder = ModelFolder.Create(WordPiece);
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        IReadOnlyList<int> all = tokenizer.Encode("hello worlds, hello worlds");

        for (int length = 2; length < 20; length++)
        {
            TokenSequence sequence = tokenizer.Encode("hello worlds, hello worlds", length);

            int kept = Math.Min(length, all.Count);
            Assert.Equal(length, sequence.Ids.Length);
            Assert.Equal(all.Take(kept - 1).Append(3).Concat(Enumerable.Repeat(0, length - kept)), sequence.Ids.Select(id => (int)id));
            Assert.Equal((kept, length < all.Count), ((int)sequence.AttentionMask.Sum(), sequence.WasTruncated));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Encode("hello", 1));
    }

    [Fact]
    public void EncodePadded_LeftSides_PadAndTruncateAtTheStart()
    {
        using ModelFolder folder = ModelFolder.Create(WordPiece);
        folder.Write("tokenizer_config.json", """{"padding_side": "left", "truncation_side": "left"}""");
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal([0, 2, 5, 3], tokenizer.Encode("hello", 4).Ids);
        Assert.Equal([0, 1, 1, 1], tokenizer.Encode("hello", 4).AttentionMask);
        Assert.Equal([2, 6, 3], tokenizer.Encode("hello world", 3).Ids);
    }

    [Fact]
    public void Encode_ArbitraryUtf16_NeverThrows()
    {
        using ModelFolder first = ModelFolder.Create(WordPiece);
        using ModelFolder second = ModelFolder.Create(Unigram);
        Tokenizer[] tokenizers = [Tokenizer.Load(first.Path), Tokenizer.Load(second.Path)];
        Random random = new(Seed: 11);
        for (int round = 0; round < 500; round++)
        {
            // Random units are mostly letters of all scripts and often lone surrogates.
            string text =
                string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x80 : 0x10000)));
            foreach (Tokenizer tokenizer in tokenizers)
            {
                Assert.All(tokenizer.Encode(text), id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
                Assert.Equal(tokenizer.Encode(text.Replace('\uD800', '\uFFFD')), tokenizer.Encode(text.Replace('\uD800', '\uFFFD')));
            }
        }
    }

    [Theory]
    [InlineData("""{"tokenizer.json": {"model": {"type": "WordLevel", "vocab": {}}}}""", "tokenizer.json: model WordLevel is not supported")]
    [InlineData("""{"tokenizer.json": {"pre_tokenizer": {"type": "UnicodeScripts"}, "model": {"type": "BPE", "vocab": {}, "merges": []}}}""", "pre_tokenizer UnicodeScripts")]
    [InlineData("""{"tokenizer.json": {"normalizer": {"type": "Other"}, "model": {"type": "BPE", "vocab": {}, "merges": []}}}""", "normalizer Other")]
    [InlineData("""{"tokenizer.json": {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}}""", "names a token that the vocabulary lacks")]
    [InlineData("""{"tokenizer.json": {"model": {"type": "Unigram", "vocab": [["a", 0]]}}}""", "unk_id")]
    [InlineData("""{"tokenizer.json": {"model": {"type": "Unigram", "unk_id": 99, "vocab": [["a", 0]]}}}""", "unk_id 99 and 1 tokens")]
    [InlineData("""{"tokenizer.json": "{\"model\": "}""", "tokenizer.json")]
    [InlineData("""{"tokenizer.json": "[]"}""", "object is expected")]
    [InlineData("""{"spiece.model": "x"}""", "SentencePiece")]
    [InlineData("""{"vocab.txt": "hello\n"}""", "vocab.txt: the vocabulary has no [UNK]")]
    [InlineData("""{"config.json": {}}""", "no tokenizer")]
    public void Load_UnusableFolder_NamesFileAndComponent(string files, string reason)
    {
        using ModelFolder folder = ModelFolder.Create(files);

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Tokenizer.Load(folder.Path));

        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
    }
}
