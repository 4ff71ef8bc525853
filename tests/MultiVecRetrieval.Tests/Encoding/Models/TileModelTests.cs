using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Idefics3 and what is built on it, end to end: 64 pixels on the longer side, tiles of 16, 4 tokens each.</summary>
public class TileModelTests
{
    [Fact]
    public void EncodeImage_PortraitPage_HasTheTokensOfTheReferenceInItsOrder()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        // A4 at a 36th of its size: 45 × 64, so that 4 × 3 tiles come out and not 3 × 4.
        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(46, 65, (10, 20, 30)), TestContext.Current.CancellationToken);

        string[] four = [.. Enumerable.Repeat("<image>", 4)];
        List<string> expected = ["<|im_start|>", "user", ":"];
        for (int row = 1; row <= 4; row++)
        {
            for (int column = 1; column <= 3; column++)
            {
                expected.AddRange(["<fake_token_around_image>", $"<row_{row}_col_{column}>", .. four]);
            }

            // The line's end of the last row meets the empty line before the whole picture.
            expected.Add(row < 4 ? "\n" : "\n\n");
        }

        expected.AddRange(["<fake_token_around_image>", "<global-img>", .. four, "<fake_token_around_image>"]);
        expected.AddRange(["describe", "the", "image", ".", "<end_of_utterance>", "\n", "assistant", ":"]);
        Assert.Equal(expected, PlantedPictures.TokensOf(rows));
        Assert.All(Enumerable.Range(0, rows.RowCount), row =>
        {
            float[] fed = PlantedPictures.Undo(rows.Row(row));
            Assert.Equal((1f, 1f), (MathF.Round(fed[PlantedPictures.Mask]), MathF.Round(fed[PlantedPictures.Side])));
        });
    }

    [Fact]
    public void EncodeImage_SpotOnThePage_IsInTheRowWhoseBoxHoldsIt()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        // 48 × 64 needs no resize: 4 × 3 tiles whose tokens are cells of 8 × 8 pixels. The third column's second cell from below is red.
        RgbImage image = PlantedEncoder.Plain(48, 64, (0, 0, 0));
        Paint(image, left: 40, top: 48, side: 8);

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);

        int[] red = [.. Enumerable.Range(0, rows.RowCount).Where(row => PlantedPictures.Undo(rows.Row(row))[PlantedPictures.Color] > 0.9f)];
        int single = Assert.Single(red);
        Assert.Equal(new Place(40 / 48f, 48 / 64f, 1, 56 / 64f), rows.Places[single], PlaceComparer.Within(1e-6f));

        // The whole picture, 16 × 16 for 48 × 64, says so too: the quarter at the lower right is the reddest of the last four.
        int[] whole = [.. Enumerable.Range(0, rows.RowCount)
            .Where(row => PlantedPictures.Undo(rows.Row(row))[PlantedPictures.IsImage] > 0.5f).TakeLast(4)];
        int reddest = whole.MaxBy(row => PlantedPictures.Undo(rows.Row(row))[PlantedPictures.Color]);
        Assert.Equal(whole[3], reddest);
        Assert.Equal(new Place(0.5f, 0.5f, 1, 1), rows.Places[reddest]);
    }

    [Fact]
    public void EncodeImage_PromptAndMarks_BelongToTheWholeOrAreLeftOut()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        using EncoderModel all = EncoderModel.Load(planted.Folder);
        RgbImage image = PlantedEncoder.Plain(48, 64, (200, 100, 0));
        MultiVector every = all.EncodeImage(image, TestContext.Current.CancellationToken);
        planted.Write("encoder.json", """{ "vision": { "imageRowsOnly": true } }""");
        using EncoderModel only = EncoderModel.Load(planted.Folder);

        MultiVector images = only.EncodeImage(image, TestContext.Current.CancellationToken);

        int[] ofImage = [.. Enumerable.Range(0, every.RowCount)
            .Where(row => PlantedPictures.Undo(every.Row(row))[PlantedPictures.IsImage] > 0.5f)];
        Assert.Equal(52, ofImage.Length);
        Assert.All(Enumerable.Range(0, every.RowCount).Except(ofImage), row => Assert.Equal(Place.Whole, every.Places[row]));
        Assert.Equal(52, images.RowCount);
        Assert.Equal(ofImage.SelectMany(row => every.Row(row).ToArray()), images.Values.ToArray());
        Assert.Equal(ofImage.Select(row => every.Places[row]), images.Places.ToArray());
        Assert.NotEqual(all.Contract.SpaceId, only.Contract.SpaceId);
    }

    [Theory] // config.json, the tokens of "red" as a question
    [InlineData("""{ "model_type": "idefics3", "architectures": ["ColIdefics3"] }""", "query : red", 10, "\n")]
    [InlineData("""{ "model_type": "smolvlm", "architectures": ["ColIdefics3"] }""", "query : red", 10, "\n")]
    [InlineData("""{ "model_type": "modernvbert", "architectures": ["ColModernVBert"] }""", "red", 10, "")]
    public void EncodeText_Question_StandsInTheWordsOfItsFamily(string configuration, string words, int augmentations, string end)
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles(configuration);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        EncodedText text = model.EncodeText("Red", TestContext.Current.CancellationToken);

        string[] expected =
        [
            .. words.Split(' '), .. Enumerable.Repeat("<end_of_utterance>", augmentations), .. end.Length > 0 ? [end] : Array.Empty<string>(),
        ];
        Assert.Equal(expected, PlantedPictures.TokensOf(text.Rows));

        // The empty picture is fed with its mask off.
        Assert.Equal(0, PlantedPictures.Undo(text.Rows.Row(0))[PlantedPictures.Side], 1e-6f);
    }

    [Fact]
    public void Inspect_Folder_IsDetectedFromItsOwnFiles()
    {
        using PlantedPictures smol = PlantedPictures.CreateTiles();
        using PlantedPictures modern = PlantedPictures.CreateTiles("""{ "model_type": "modernvbert", "architectures": ["ColModernVBert"] }""");

        ModelContract contract = EncoderModel.Inspect(smol.Folder);
        ModelContract other = EncoderModel.Inspect(modern.Folder);

        Assert.Equal(("colidefics3", "colmodernvbert"), (contract.Family, other.Family));
        Assert.True(contract.IsMultiVector && contract.EncodesImages && contract.EncodesText);
        Assert.Equal(8, contract.Dimension);
        Assert.NotEqual(contract.SpaceId, other.SpaceId);
        Dictionary<string, string> details = new(contract.Details.DistinctBy(line => line.Key));
        Assert.Contains("<|im_start|>User:<image>Describe the image.", details["image prompt"], StringComparison.Ordinal);
    }

    [Theory] // A page is rendered as large as the tiles use it, within 1024 and 2048.
    [InlineData("64", 1024)]
    [InlineData("1500", 1500)]
    [InlineData("1900", 1900)]
    public void Inspect_PageLongSide_IsThatOfTheTiles(string longest, int expected)
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        string content = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json", content.Replace("64", longest, StringComparison.Ordinal));

        Assert.Equal(expected, EncoderModel.Inspect(planted.Folder).PageLongSideInPixels);
    }

    [Fact]
    public void EncodeImage_NotSplit_IsTheWholeAlone()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        string content = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json",
            content.Replace("\"do_image_splitting\": true", "\"do_image_splitting\": false", StringComparison.Ordinal));
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(48, 64, (1, 2, 3)), TestContext.Current.CancellationToken);

        string[] tokens = PlantedPictures.TokensOf(rows);
        Assert.Equal(
            ["<fake_token_around_image>", "<global-img>", .. Enumerable.Repeat("<image>", 4), "<fake_token_around_image>"], tokens[3..10]);
        Assert.Equal(4, tokens.Count(token => token == "<image>"));
        Assert.Equal(new Place(0.5f, 0, 1, 0.5f), rows.Places[6]);
    }

    [Theory]
    [InlineData("preprocessor_config.json", "\"longest_edge\": 64", "\"longest_edge\": 48")]
    [InlineData("preprocessor_config.json", "\"resample\": 1", "\"resample\": 3")]
    [InlineData("preprocessor_config.json", "\"do_image_splitting\": true", "\"do_image_splitting\": false")]
    [InlineData("tokenizer_config.json", "left", "right")]
    public void Inspect_OtherPreparation_IsAnotherSpace(string file, string from, string to)
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        using PlantedPictures same = PlantedPictures.CreateTiles();
        SpaceId original = EncoderModel.Inspect(planted.Folder).SpaceId;
        Assert.Equal(original, EncoderModel.Inspect(same.Folder).SpaceId);

        string content = File.ReadAllText(planted.PathOf(file));
        Assert.Contains(from, content, StringComparison.Ordinal);
        planted.Write(file, content.Replace(from, to, StringComparison.Ordinal));

        Assert.NotEqual(original, EncoderModel.Inspect(planted.Folder).SpaceId);
    }

    [Theory] // encoder.json, what the error names
    [InlineData("""{ "vision": { "prompt": "no picture here" } }""", "vision.prompt")]
    [InlineData("""{ "vision": { "prompt": "<image> and <image>" } }""", "vision.prompt")]
    [InlineData("""{ "vision": { "inputIds": [[1, 4]] } }""", "vision.inputIds")]
    [InlineData("""{ "vision": { "maxImageTokens": 0 } }""", "vision.maxImageTokens is 0")]
    [InlineData("""{ "vision": { "minImageTokens": 70000 } }""", "vision.minImageTokens is 70000")]
    [InlineData("""{ "task": "visdoc" }""", "colidefics3 has no prompts for task visdoc")]
    [InlineData("""{ "matryoshkaDimension": 9 }""", "matryoshkaDimension is 9")]
    [InlineData("""{ "matryoshkaDimension": 0 }""", "matryoshkaDimension is 0")]
    [InlineData("""{ "family": "colqwen3" }""", "add vision.prompt")]
    public void Inspect_DescriptionThatCannotBe_NamesTheMember(string description, string named)
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        planted.Write("encoder.json", description);

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_GraphOfOtherTiles_NamesBoth()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        string content = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json", content.Replace("\"longest_edge\": 16", "\"longest_edge\": 32", StringComparison.Ordinal));

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains("[?,?,3,16,16]", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("[?, 3, 32, 32]", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_TokenizerWithoutTheImageToken_NamesIt()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        string content = File.ReadAllText(planted.PathOf("tokenizer.json"));
        planted.Write("tokenizer.json", content.Replace("\\u003Cimage\\u003E", "<picture>", StringComparison.Ordinal));

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains("no added token <image>", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_AnyCompanyAndThreadCount_GivesTheSameBits()
    {
        using PlantedPictures planted = PlantedPictures.CreateTiles();
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        using EncoderModel threads = EncoderModel.Load(planted.Folder, new EncoderOptions { IntraOpThreads = 3 });
        RgbImage[] images = [PlantedEncoder.Plain(48, 64, (1, 2, 3)), PlantedEncoder.Plain(100, 20, (9, 200, 3))];

        IReadOnlyList<MultiVector> together =
            model.Encode([.. images.Select(image => model.Prepare(image))], TestContext.Current.CancellationToken);

        for (int i = 0; i < images.Length; i++)
        {
            Assert.True(together[i].Values.SequenceEqual(model.EncodeImage(images[i], TestContext.Current.CancellationToken).Values));
            Assert.True(together[i].Values.SequenceEqual(threads.EncodeImage(images[i], TestContext.Current.CancellationToken).Values));
        }
    }

    private static void Paint(RgbImage image, int left, int top, int side)
    {
        for (int y = top; y < top + side; y++)
        {
            for (int x = left; x < left + side; x++)
            {
                image.Pixels[((y * image.Width) + x) * 3] = 255;
            }
        }
    }
}
