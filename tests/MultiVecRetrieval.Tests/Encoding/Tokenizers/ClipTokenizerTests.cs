using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

/// <summary>CLIP's tokens against published vectors, with CLIP's own vocabulary, which the repository does not carry.</summary>
public class ClipTokenizerTests
{
    private static readonly Lazy<string?> Folder = new(FindFolder);
    private static readonly Lazy<Tokenizer> FromJson = new(() => Tokenizer.Load(Folder.Value!));

    [Theory] // The test vectors of the Hugging Face JavaScript tokenizers.
    [InlineData("hello world", "49406 3306 1002 49407")]
    [InlineData("how are you doing?", "49406 829 631 592 1960 286 49407")]
    [InlineData("The company was founded in 2016.", "49406 518 2634 739 12240 530 273 271 272 277 269 49407")]
    [InlineData("you should've done this", "49406 592 1535 1200 1700 589 49407")]
    [InlineData("unwantéd,running", "49406 569 18356 3459 323 267 2761 49407")]
    [InlineData(" leading space", "49406 3833 2138 49407")]
    public void Encode_PublishedTexts_GivesThePublishedIds(string text, string ids)
    {
        SkipWithoutVocabulary();

        Assert.Equal(ids, string.Join(' ', FromJson.Value.Encode(text)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_EveryTextOfTheReference_GivesItsIds(bool withTokenizerJson)
    {
        SkipWithoutVocabulary();
        using ModelFolder bare = new();
        Tokenizer tokenizer = withTokenizerJson
            ? Tokenizer.Load(Folder.Value!, new TokenizerOptions { CleansLikeOpenAi = true })
            : LoadVocabularyAndMerges(bare);

        List<string> wrong = [];
        foreach (string line in File.ReadLines(Path.Combine(Folder.Value!, "golden.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string text = document.RootElement.GetProperty("text").GetString()!;
            string expected = string.Join(' ', document.RootElement.GetProperty("ids").EnumerateArray());
            string actual = string.Join(' ', tokenizer.Encode(text));
            if (actual != expected)
            {
                wrong.Add($"{text}: expected {expected}, found {actual}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Encode_HtmlEntity_IsResolvedOnlyByOpenAisCleaning()
    {
        SkipWithoutVocabulary();
        Tokenizer cleaning = Tokenizer.Load(Folder.Value!, new TokenizerOptions { CleansLikeOpenAi = true });

        Assert.Equal(FromJson.Value.Encode("salt & pepper"), cleaning.Encode("salt &amp;amp; pepper"));
        Assert.NotEqual(FromJson.Value.Encode("salt & pepper"), FromJson.Value.Encode("salt &amp; pepper"));
    }

    [Fact]
    public void EncodePadded_LongText_KeepsTheEndToken()
    {
        SkipWithoutVocabulary();
        using ModelFolder bare = new();
        Tokenizer tokenizer = LoadVocabularyAndMerges(bare);
        string text = string.Join(' ', Enumerable.Repeat("hello", 100));

        TokenSequence sequence = tokenizer.Encode(text, 77);

        Assert.True(sequence.WasTruncated);
        Assert.Equal([49406, .. Enumerable.Repeat(3306L, 75), 49407], sequence.Ids);
        Assert.Equal(77, sequence.AttentionMask.Sum());
    }

    [Fact]
    public void Load_VocabularyAndMerges_DescribesItself()
    {
        SkipWithoutVocabulary();
        using ModelFolder bare = new();

        Tokenizer tokenizer = LoadVocabularyAndMerges(bare);

        Assert.Equal((49408, 49407, 77), (tokenizer.VocabularySize, tokenizer.PadId, tokenizer.MaxLength));
        Assert.Contains("cleaned as OpenAI does", tokenizer.Description, StringComparison.Ordinal);
        Assert.Equal("café", tokenizer.DecodeToken(tokenizer.Encode("café")[1]));
    }

    private static Tokenizer LoadVocabularyAndMerges(ModelFolder target)
    {
        File.Copy(Path.Combine(Folder.Value!, "vocab.json"), Path.Combine(target.Path, "vocab.json"));
        File.Copy(Path.Combine(Folder.Value!, "merges.txt"), Path.Combine(target.Path, "merges.txt"));
        return Tokenizer.Load(target.Path);
    }

    private static void SkipWithoutVocabulary() =>
        Assert.SkipWhen(Folder.Value is null, "CLIP's vocabulary (../shared/data/clip-bpe beside the repository) is not there.");

    private static string? FindFolder()
    {
        string folder = Path.GetFullPath(Path.Combine(RepositoryRoot.Folder, "..", "shared", "data", "clip-bpe"));
        return File.Exists(Path.Combine(folder, "golden.jsonl")) ? folder : null;
    }
}
