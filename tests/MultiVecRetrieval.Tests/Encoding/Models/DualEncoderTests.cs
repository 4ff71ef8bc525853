using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public class DualEncoderTests
{
    public enum Variant
    {
        Split,
        Int32Ids,
        Float16,
        FixedBatch,
        Combined,
    }

    [Theory]
    [InlineData(Variant.Split)]
    [InlineData(Variant.Int32Ids)]
    [InlineData(Variant.Float16)]
    [InlineData(Variant.FixedBatch)]
    [InlineData(Variant.Combined)]
    public void EncodeText_ColorWord_IsClosestToTheImageOfThatColor(Variant variant)
    {
        using PlantedEncoder planted = Create(variant);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        IReadOnlyList<MultiVector> images =
            model.Encode([.. PlantedEncoder.Colors.Select(color => model.Prepare(Plain(color)))], TestContext.Current.CancellationToken);

        foreach ((int index, (string word, byte _, byte _, byte _)) in PlantedEncoder.Colors.Index())
        {
            EncodedText text = model.EncodeText($"A photo of {word}", TestContext.Current.CancellationToken);

            Assert.Equal(1, text.Rows.RowCount);
            Assert.Equal(1, TensorPrimitives.Norm(text.Rows.Values), 1e-5);
            Assert.Equal(index, Nearest(text.Rows, images));
        }
    }

    [Theory]
    [InlineData(Variant.Split)]
    [InlineData(Variant.Combined)]
    public void EncodeImage_NoisyCopy_IsClosestToItsColor(Variant variant)
    {
        using PlantedEncoder planted = Create(variant);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        MultiVector[] images =
            [.. PlantedEncoder.Colors.Select(color => model.EncodeImage(Plain(color), TestContext.Current.CancellationToken))];
        Random random = new(Seed: 5);

        foreach ((int index, (string Word, byte Red, byte Green, byte Blue) color) in PlantedEncoder.Colors.Index())
        {
            RgbImage noisy = Plain(color);
            for (int i = 0; i < noisy.Pixels.Length; i++)
            {
                noisy.Pixels[i] = (byte)Math.Clamp(noisy.Pixels[i] + random.Next(-80, 81), 0, 255);
            }

            MultiVector vector = model.EncodeImage(noisy, TestContext.Current.CancellationToken);

            Assert.Equal(index, Nearest(vector, images));
        }
    }

    [Fact]
    public void EncodeImage_KnownColor_IsTheVectorThatTheGeometrySays()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector vector = model.EncodeImage(PlantedEncoder.Plain(100, 60, (255, 0, 128)), TestContext.Current.CancellationToken);

        // Channel means (byte/255 - 0.5)/0.5, times 3, and 0.3; then unit length.
        float[] expected = [3, -3, 3 * ((128 / 127.5f) - 1), 0.3f];
        float length = TensorPrimitives.Norm<float>(expected);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i] / length, vector.Values[i], 1e-6f);
        }

        // The centre crop of a 100 × 60 picture sees its middle 60 × 60.
        Assert.Equal(0.2f, vector.Places[0].Left, 0.02f);
        Assert.Equal(0.8f, vector.Places[0].Right, 0.02f);
        Assert.Equal((0f, 1f), (vector.Places[0].Top, vector.Places[0].Bottom));
    }

    [Fact]
    public void Encode_Variants_AgreeWithTheSplitTowers()
    {
        RgbImage image = PlantedEncoder.Plain(40, 50, (200, 30, 90));
        float[] Vectors(Variant variant)
        {
            using PlantedEncoder planted = Create(variant);
            using EncoderModel model = EncoderModel.Load(planted.Folder);
            return [.. model.EncodeImage(image).Values, .. model.EncodeText("red and blue").Rows.Values];
        }

        float[] split = Vectors(Variant.Split);

        Assert.Equal(split, Vectors(Variant.Combined));
        Assert.Equal(split, Vectors(Variant.Int32Ids));
        Assert.Equal(split, Vectors(Variant.FixedBatch));
        // Float16 has 11 significant bits.
        Assert.All(split.Zip(Vectors(Variant.Float16)), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
    }

    [Theory]
    [InlineData(Variant.Split)]
    [InlineData(Variant.FixedBatch)]
    public void Encode_AnyCompanyAndThreadCount_GivesTheSameBits(Variant variant)
    {
        using PlantedEncoder planted = Create(variant);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        using EncoderModel threads = EncoderModel.Load(planted.Folder, new EncoderOptions { IntraOpThreads = 3 });
        RgbImage[] images = [.. PlantedEncoder.Colors.Select(Plain), PlantedEncoder.Plain(77, 33, (12, 200, 99))];

        IReadOnlyList<MultiVector> together =
            model.Encode([.. images.Select(image => model.Prepare(image))], TestContext.Current.CancellationToken);

        for (int i = 0; i < images.Length; i++)
        {
            Assert.True(together[i].Values.SequenceEqual(model.EncodeImage(images[i], TestContext.Current.CancellationToken).Values));
            Assert.True(together[i].Values.SequenceEqual(threads.EncodeImage(images[i], TestContext.Current.CancellationToken).Values));
        }
    }

    [Fact]
    public void Encode_RowPerPatch_FindsTheColorAtItsPlace()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateRows();
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        RgbImage image = PlantedEncoder.Plain(64, 64, (0, 0, 255));
        for (int y = 32; y < 48; y++)
        {
            for (int x = 48; x < 64; x++)
            {
                (image.Pixels[((y * 64) + x) * 3], image.Pixels[(((y * 64) + x) * 3) + 2]) = (255, 0);
            }
        }

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);
        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);

        Assert.True(model.Contract.IsMultiVector);
        Assert.Equal((16, 4), (rows.RowCount, rows.Dimension));
        Assert.Equal(3, text.Rows.RowCount); // [CLS] red [SEP]
        Assert.Equal(text.Rows.RowCount, text.Labels.Count);
        int best = Enumerable.Range(0, 16).MaxBy(row => TensorPrimitives.Dot(rows.Row(row), text.Rows.Row(1)));
        Assert.Equal(new Place(0.75f, 0.5f, 1, 0.75f), rows.Places[best]);
    }

    [Fact]
    public void Encode_GraphWithASaliencyOutput_GivesOnePerRowAndTheSameVectors()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateRows(withSaliency: true);
        using PlantedEncoder plain = PlantedEncoder.CreateRows();
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        using EncoderModel without = EncoderModel.Load(plain.Folder);
        RgbImage image = PlantedEncoder.Plain(64, 64, (0, 0, 0));
        for (int y = 32; y < 48; y++)
        {
            image.Pixels.AsSpan(((y * 64) + 48) * 3, 16 * 3).Fill(255);
        }

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);

        Assert.True(model.Contract.GivesSaliency);
        Assert.False(without.Contract.GivesSaliency);
        Assert.True(without.EncodeImage(image, TestContext.Current.CancellationToken).Saliency.IsEmpty);
        float[] saliency = rows.Saliency.ToArray();
        Assert.Equal(16, saliency.Length);
        int brightest = Array.IndexOf(saliency, saliency.Max());
        Assert.Equal(new Place(0.75f, 0.5f, 1, 0.75f), rows.Places[brightest]);
        Assert.Equal(without.EncodeImage(image, TestContext.Current.CancellationToken).Values, rows.Values);
    }

    [Fact]
    public void EncodeText_LongerThanTheContext_IsCutAndSaysSo()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        EncodedText text = model.EncodeText("red red red red red red green green green green green", TestContext.Current.CancellationToken);
        EncodedText cut = model.EncodeText("red red red red red red", TestContext.Current.CancellationToken);

        Assert.Equal(["The text has 13 tokens; the model reads the first 8."], text.Notices);
        Assert.Empty(cut.Notices);
        Assert.Equal(cut.Rows.Values.ToArray(), text.Rows.Values.ToArray());
    }

    [Fact]
    public void Tokenize_Text_GivesUntruncatedIdsWithSpecialTokens()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        Assert.Equal([2, 4, 13, 6, 4, 4, 4, 4, 4, 4, 3], model.Tokenize("Red and blue red red red red red red"));
    }

    [Fact]
    public void Inspect_OtherPromptOrPreprocessing_IsAnotherSpace()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        using PlantedEncoder same = PlantedEncoder.CreateSplit();
        SpaceId original = EncoderModel.Inspect(planted.Folder).SpaceId;

        Assert.Equal(original, EncoderModel.Inspect(same.Folder).SpaceId);

        planted.Write("encoder.json", """{ "text": { "prompt": "a photo of {}" } }""");
        Assert.NotEqual(original, EncoderModel.Inspect(planted.Folder).SpaceId);

        string preprocessing = File.ReadAllText(same.PathOf("preprocessor_config.json"));
        same.Write("preprocessor_config.json", preprocessing.Replace("\"resample\": 3", "\"resample\": 2", StringComparison.Ordinal));
        Assert.NotEqual(original, EncoderModel.Inspect(same.Folder).SpaceId);
    }

    private static PlantedEncoder Create(Variant variant) => variant switch
    {
        Variant.Int32Ids => PlantedEncoder.CreateSplit(ids: OnnxWriter.Int32),
        Variant.Float16 => PlantedEncoder.CreateSplit(type: OnnxWriter.Float16),
        Variant.FixedBatch => PlantedEncoder.CreateSplit(batch: 3),
        Variant.Combined => PlantedEncoder.CreateCombined(),
        _ => PlantedEncoder.CreateSplit(),
    };

    private static RgbImage Plain((string Word, byte Red, byte Green, byte Blue) color) =>
        PlantedEncoder.Plain(48, 40, (color.Red, color.Green, color.Blue));

    private static int Nearest(MultiVector query, IReadOnlyList<MultiVector> images) =>
        Enumerable.Range(0, images.Count).MaxBy(image => TensorPrimitives.Dot(query.Row(0), images[image].Row(0)));
}
