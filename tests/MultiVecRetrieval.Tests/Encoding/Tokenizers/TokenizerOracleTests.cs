using System.Runtime.InteropServices;
using System.Text;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Tokenizers;
using Oracle = Tokenizers.DotNet.Tokenizer;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

/// <summary>Ids are those of Hugging Face's own library, which Tokenizers.DotNet wraps, for a tokenizer.json of each family.</summary>
public sealed class TokenizerOracleTests
{
    private static readonly string[] Words =
    [
        "the", "pump", "pumping", "pressure", "naïve", "café", "cafe\u0301", "Zürich", "ZÜRICH", "東京都", "привет", "don't", "we're",
        "123", "3.14", "😀", "👩\u200D👩\u200D👧", "\t", "\n", "\r\n", "  ", "\u00A0", "\u3000", "\u200B", "\u00AD", "\uFEFF", "ﬁ", "½",
        "①", "İ", "ß", "㍿", "सिन", "\u1112\u1161\u11AB", "．", "“q”", "—", "'", "\"", "#", "[UNK]", "##ing", "▁", "Ġ",
    ];

    // Blocks that were settled before Unicode 8: tables of the oracle are of that age, ours are newer.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7E), (0xA1, 0x24F), (0x250, 0x36F), (0x391, 0x3C9), (0x400, 0x52F), (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939),
        (0xE01, 0xE3A), (0x1100, 0x1112), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2100, 0x214F), (0x2190, 0x23F3), (0x3041, 0x3096),
        (0x30A1, 0x30FA), (0x4E00, 0x9FCC), (0xAC00, 0xD7A3), (0xFB00, 0xFB06), (0xFF01, 0xFF5E), (0x1D400, 0x1D454), (0x1F600, 0x1F64F),
        (0x20000, 0x2A6D6),
    ];

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("ByteLevelBpe")]
    [InlineData("Unigram")]
    public void Encode_ManyTexts_GivesTheIdsOfHuggingFace(string kind)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The oracle is for Linux on x64.");
        using TemporaryFolder folder = new();
        OracleFolder.Write(kind, folder.FullName);
        using Oracle oracle = new(folder.PathOf("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.Load(folder.FullName);
        Random random = new(Seed: 1);

        string[] texts = ["", " ", .. Words, .. Enumerable.Range(0, 3000).Select(_ => RandomText(random))];

        Assert.All(texts, text => Assert.Equal(oracle.Encode(text).Select(id => (int)id), tokenizer.Encode(text)));
    }

    [Fact]
    public void Encode_PictureAmongItsPrompt_GivesTheIdsOfHuggingFace()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The oracle is for Linux on x64.");
        using TemporaryFolder folder = new();

        // Marks of the last column are left out: a checkpoint without such tokens spells them.
        string[] marks = [.. Enumerable.Range(1, 4).SelectMany(row => Enumerable.Range(1, 2).Select(column => $"<row_{row}_col_{column}>"))];
        OracleFolder.Write("ByteLevelBpe", folder.FullName, [.. marks, "<image>", "<fake_token_around_image>", "<global-img>",
            "<end_of_utterance>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|image_pad|>", "<|vision_end|>", "<|endoftext|>"]);
        using Oracle oracle = new(folder.PathOf("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.Load(folder.FullName);
        FamilyDefaults smol = FamilyDefaults.Find("colidefics3"), qwen = FamilyDefaults.Find("colqwen2"), gme = FamilyDefaults.Find("gme");

        string[] texts =
        [
            smol.ImagePrompt!.Replace("<image>", TileProcessor.DescribeTokens(4, 3, 64), StringComparison.Ordinal),
            smol.ImagePrompt.Replace("<image>", TileProcessor.DescribeTokens(0, 0, 64), StringComparison.Ordinal),
            qwen.ImagePrompt!.Replace("<|image_pad|>", string.Concat(Enumerable.Repeat("<|image_pad|>", 736)), StringComparison.Ordinal),
            .. new[] { smol, qwen, gme }.Select(family => family.Prompt.Replace("{}", "the pressure of the pump?", StringComparison.Ordinal)),
        ];

        Assert.All(texts, text => Assert.Equal(oracle.Encode(text).Select(id => (int)id), tokenizer.Encode(text)));
        Assert.Equal(832, tokenizer.Encode(texts[0]).Count(id => id == tokenizer.FindAddedToken("<image>")));
    }

    private static string RandomText(Random random)
    {
        StringBuilder text = new();
        for (int parts = random.Next(1, 12); parts > 0; parts--)
        {
            (int first, int last) = Blocks[random.Next(Blocks.Length)];
            text.Append(random.Next(3) == 0 ? new Rune(random.Next(first, last + 1)).ToString() : Words[random.Next(Words.Length)]);
            text.Append(random.Next(2) == 0 ? " " : "");
        }

        return text.ToString();
    }
}
