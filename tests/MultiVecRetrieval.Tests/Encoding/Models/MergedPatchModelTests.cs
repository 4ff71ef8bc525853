using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Qwen-VL and what is built on it, end to end: patches of 2 × 2 pixels, 2 × 2 patches a token.</summary>
public class MergedPatchModelTests
{
    private const string ColQwen2 = """{ "model_type": "qwen2_vl", "architectures": ["ColQwen2"] }""";
    private const string Vlm2Vec = """{ "model_type": "qwen2_vl", "architectures": ["Qwen2VLForConditionalGeneration"] }""";

    [Fact]
    public void EncodeImage_Page_HasOneImageTokenPerBlockAmongItsPrompt()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        // 20 × 12 pixels are 5 × 3 tokens of 4 × 4.
        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(20, 12, (10, 20, 30)), TestContext.Current.CancellationToken);

        string[] expected =
        [
            "<|im_start|>", "user", "\n", "<|vision_start|>", .. Enumerable.Repeat("<|image_pad|>", 15), "<|vision_end|>", "describe",
            "the", "image", ".", "<|im_end|>", "<|endoftext|>",
        ];
        Assert.Equal(expected, PlantedPictures.TokensOf(rows));

        // One frame, 6 × 10 patches.
        float[] grid = PlantedPictures.Undo(rows.Row(0))[PlantedPictures.Side..(PlantedPictures.Side + 3)];
        Assert.Equal([1, 6, 10], grid.Select(value => MathF.Round(value)));
    }

    [Fact]
    public void EncodeImage_EveryCellItsOwnColor_IsInTheRowOfItsBox()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        RgbImage image = PlantedEncoder.Plain(20, 12, (0, 0, 0));
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                // Red says the column of the cell, green its row.
                image.Pixels[((y * 20) + x) * 3] = (byte)(x / 4 * 50);
                image.Pixels[(((y * 20) + x) * 3) + 1] = (byte)(y / 4 * 100);
            }
        }

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);

        for (int cell = 0; cell < 15; cell++)
        {
            int row = 4 + cell;
            float[] fed = PlantedPictures.Undo(rows.Row(row));
            (int column, int line) = (cell % 5, cell / 5);
            Assert.Equal(((column * 50) / 127.5f) - 1, fed[PlantedPictures.Color], 1e-5f);
            Assert.Equal(((line * 100) / 127.5f) - 1, fed[PlantedPictures.Color + 1], 1e-5f);
            Place expected = new(column / 5f, line / 3f, (column + 1) / 5f, (line + 1) / 3f);
            Assert.Equal(expected, rows.Places[row], PlaceComparer.Within(1e-6f));
        }
    }

    [Theory]
    [InlineData(OnnxWriter.Float, true)]
    [InlineData(OnnxWriter.Float16, false)]
    public void Encode_OtherPixelInput_GivesTheSameRows(int pixelType, bool hasBatch)
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        using PlantedPictures other = PlantedPictures.CreateMergedPatches(ColQwen2, pixelType: pixelType, hasBatch: hasBatch);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        using EncoderModel variant = EncoderModel.Load(other.Folder);
        RgbImage image = PlantedEncoder.Plain(20, 12, (10, 120, 230));

        float[] expected = model.EncodeImage(image, TestContext.Current.CancellationToken).Values.ToArray();
        float[] actual = variant.EncodeImage(image, TestContext.Current.CancellationToken).Values.ToArray();

        // Float16 has 11 significant bits.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, pixelType == OnnxWriter.Float ? 0 : 1e-3f));
        Assert.Equal(
            model.EncodeText("red", TestContext.Current.CancellationToken).Rows.Values.ToArray(),
            variant.EncodeText("red", TestContext.Current.CancellationToken).Rows.Values.ToArray());
    }

    [Fact]
    public void EncodeImage_GraphThatWantsPositions_CountsRowsAndColumnsOfThePicture()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2, hasPositions: true);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(12, 8, (10, 20, 30)), TestContext.Current.CancellationToken);
        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);

        int[][] positions = [.. Enumerable.Range(0, rows.RowCount).Select(row => PositionsOf(rows, row))];

        // Four tokens, then 2 × 3 of the picture from 4 on, then text from 4 + max(2, 3).
        int[][] expected =
        [
            [0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3],
            [4, 4, 4], [4, 4, 5], [4, 4, 6], [4, 5, 4], [4, 5, 5], [4, 5, 6],
            [7, 7, 7], [8, 8, 8], [9, 9, 9], [10, 10, 10], [11, 11, 11], [12, 12, 12], [13, 13, 13],
        ];
        Assert.Equal(expected, positions);
        Assert.All(Enumerable.Range(0, text.Rows.RowCount), row => Assert.Equal([row, row, row], PositionsOf(text.Rows, row)));
    }

    [Theory] // config.json, how many of the last tokens are augmentations
    [InlineData(ColQwen2)]
    [InlineData("""{ "model_type": "colqwen2" }""")]
    [InlineData("""{ "model_type": "qwen2_5_vl", "architectures": ["ColQwen2_5"] }""")]
    public void EncodeText_LateInteraction_HasPrefixAndAugmentation(string configuration)
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(configuration);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);

        Assert.True(model.Contract.IsMultiVector);
        Assert.Equal(["query", ":", "red", .. Enumerable.Repeat("<|endoftext|>", 10)], PlantedPictures.TokensOf(text.Rows));
    }

    [Theory] // config.json, encoder.json, the last token of a question and of a picture
    [InlineData(Vlm2Vec, "{}", "red", ".")]
    [InlineData(Vlm2Vec, """{ "task": "visdoc" }""", "red", ".")]
    [InlineData(Vlm2Vec, """{ "task": "MSCOCO_t2i" }""", "\n", "\n")]
    [InlineData(Vlm2Vec, """{ "task": "msr-vtt" }""", "red", "\n")]
    [InlineData(Vlm2Vec, """{ "family": "gme" }""", "<|endoftext|>", "<|endoftext|>")]
    [InlineData("""{ "model_type": "qwen3_vl" }""", "{}", "\n", "\n")]
    [InlineData(Vlm2Vec, """{ "text": { "prompt": "{} blue" }, "vision": { "prompt": "<|image_pad|> find" } }""", "blue", "find")]
    public void Encode_OneVector_IsThatOfTheLastToken(string configuration, string description, string lastOfText, string lastOfImage)
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(configuration);
        planted.Write("encoder.json", description);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);
        MultiVector image = model.EncodeImage(PlantedEncoder.Plain(20, 12, (10, 20, 30)), TestContext.Current.CancellationToken);

        Assert.False(model.Contract.IsMultiVector);
        Assert.Equal([lastOfText], PlantedPictures.TokensOf(text.Rows));
        Assert.Equal([lastOfImage], PlantedPictures.TokensOf(image));
        Assert.Equal([Place.Whole], image.Places.ToArray());
    }

    [Fact]
    public void EncodeText_Task_ChangesTheWordsOfTheQuestionAndNotTheSpace()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(Vlm2Vec);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        CancellationToken token = TestContext.Current.CancellationToken;

        // The last token of a caption of a photograph is the end of its line, of every other question its last word.
        Assert.Equal(["\n"], PlantedPictures.TokensOf(model.EncodeTextForTask("red", "mscoco_T2I", token).Rows));
        Assert.Equal(["red"], PlantedPictures.TokensOf(model.EncodeTextForTask("red", "MSVD", token).Rows));
        Assert.Equal(model.EncodeText("red", token).TokenCount, model.EncodeTextForTask("red", "visdoc", token).TokenCount);
        Assert.NotEqual(model.EncodeText("red", token).TokenCount, model.EncodeTextForTask("red", "YouCook2", token).TokenCount);
        ArgumentException unknown = Assert.Throws<ArgumentException>(() => model.EncodeTextForTask("red", "songs", token));
        Assert.Contains("it has visdoc, MSCOCO_t2i, MSR-VTT", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left")]
    [InlineData("right")]
    public void Encode_GraphOfFixedLength_IsPaddedAndPooledAtTheLastRealToken(string paddingSide)
    {
        using PlantedPictures fixedLength = PlantedPictures.CreateMergedPatches(Vlm2Vec, length: 60, paddingSide: paddingSide);
        using EncoderModel model = EncoderModel.Load(fixedLength.Folder);

        EncodedText text = model.EncodeText("blue", TestContext.Current.CancellationToken);
        MultiVector image = model.EncodeImage(PlantedEncoder.Plain(20, 12, (10, 20, 30)), TestContext.Current.CancellationToken);

        Assert.Equal(["blue"], PlantedPictures.TokensOf(text.Rows));
        Assert.Equal(["."], PlantedPictures.TokensOf(image));
        Assert.Equal(1, PlantedPictures.Undo(image.Row(0))[PlantedPictures.Mask], 1e-6f);
    }

    [Fact]
    public void EncodeImage_PaddingOfAMultiVector_IsNoRow()
    {
        using PlantedPictures fixedLength = PlantedPictures.CreateMergedPatches(ColQwen2, length: 60);
        using PlantedPictures open = PlantedPictures.CreateMergedPatches(ColQwen2);
        using EncoderModel padded = EncoderModel.Load(fixedLength.Folder);
        using EncoderModel plain = EncoderModel.Load(open.Folder);
        RgbImage image = PlantedEncoder.Plain(20, 12, (10, 20, 30));

        MultiVector rows = padded.EncodeImage(image, TestContext.Current.CancellationToken);

        Assert.Equal(plain.EncodeImage(image, TestContext.Current.CancellationToken).Values.ToArray(), rows.Values.ToArray());
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => padded.EncodeImage(PlantedEncoder.Plain(32, 32, (1, 2, 3)), TestContext.Current.CancellationToken));
        Assert.Contains("the graph takes 60", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Matryoshka_KeepsTheFirstValuesAtUnitLength()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        using EncoderModel whole = EncoderModel.Load(planted.Folder);
        RgbImage image = PlantedEncoder.Plain(20, 12, (10, 20, 30));
        MultiVector full = whole.EncodeImage(image, TestContext.Current.CancellationToken);
        EncodedText fullText = whole.EncodeText("red", TestContext.Current.CancellationToken);
        planted.Write("encoder.json", """{ "matryoshkaDimension": 6 }""");
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);
        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);

        Assert.Equal((10, 6), (whole.Contract.Dimension, model.Contract.Dimension));
        Assert.NotEqual(whole.Contract.SpaceId, model.Contract.SpaceId);
        AssertShortened(full, rows);
        AssertShortened(fullText.Rows, text.Rows);
    }

    [Fact]
    public void EncodeImage_TooLong_NamesTheLimit()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => model.EncodeImage(PlantedEncoder.Plain(402, 2, (1, 2, 3)), TestContext.Current.CancellationToken));

        Assert.Contains("at most 200 times", exception.Message, StringComparison.Ordinal);
    }

    [Theory] // encoder.json, whether the space is another
    [InlineData("""{ "vision": { "prompt": "<|image_pad|> find" } }""", true)]
    [InlineData("""{ "text": { "prompt": "find {}" } }""", true)]
    [InlineData("""{ "vision": { "maxImageTokens": 32 } }""", true)]
    [InlineData("""{ "vision": { "minImageTokens": 8 } }""", true)]
    [InlineData("""{ "vision": { "maxImageTokens": 768 } }""", false)]
    [InlineData("""{ "presenceSimilarity": 0.5 }""", false)]
    public void Inspect_Profile_IsPartOfTheSpace(string description, bool isOther)
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        SpaceId original = EncoderModel.Inspect(planted.Folder).SpaceId;
        planted.Write("encoder.json", description);

        Assert.Equal(isOther, original != EncoderModel.Inspect(planted.Folder).SpaceId);
    }

    [Fact]
    public void Inspect_UnknownTask_NamesThoseOfTheFamily()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(Vlm2Vec);
        planted.Write("encoder.json", """{ "task": "songs" }""");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains("visdoc", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_GraphOfOtherPatches_NamesBoth()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        string content = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json",
            content.Replace("\"temporal_patch_size\": 2", "\"temporal_patch_size\": 1", StringComparison.Ordinal));

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains("pixel_values Float[?,24]", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("[?, 12]", exception.Reason, StringComparison.Ordinal);
    }

    [Theory] // shape of the pixels, whether the graph takes ids, an input besides, what the error names
    [InlineData(64, true, null, "pixel_values Float[64,24]")]
    [InlineData(-1, false, null, "token input")]
    [InlineData(-1, true, "inputs_embeds", "inputs_embeds")]
    public void Inspect_GraphThatIsNoWholeModel_NamesWhatItWants(int patches, bool takesIds, string? other, string named)
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(ColQwen2);
        OnnxWriter graph = new OnnxWriter()
            .Input("pixel_values", OnnxWriter.Float, patches > 0 ? patches : "patches", 24)
            .Input("image_grid_thw", OnnxWriter.Int64, "images", 3)
            .Output("embeddings", OnnxWriter.Float, "batch", "tokens", 10);
        if (takesIds)
        {
            graph.Input("input_ids", OnnxWriter.Int64, "batch", "tokens");
        }

        if (other is not null)
        {
            graph.Input(other, OnnxWriter.Float, "batch", "tokens", 8);
        }

        graph.Save(planted.PathOf("onnx/model.onnx"));

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
    }

    private static int[] PositionsOf(MultiVector rows, int row) =>
        [.. PlantedPictures.Undo(rows.Row(row))[PlantedPictures.Positions..].Select(value => (int)MathF.Round(value))];

    private static void AssertShortened(MultiVector full, MultiVector shortened)
    {
        Assert.Equal((full.RowCount, 6), (shortened.RowCount, shortened.Dimension));
        for (int row = 0; row < full.RowCount; row++)
        {
            float[] first = full.Row(row)[..6].ToArray();
            float length = MathF.Sqrt(first.Sum(value => value * value));
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(first[i] / length, shortened.Row(row)[i], 1e-6f);
            }
        }
    }
}
