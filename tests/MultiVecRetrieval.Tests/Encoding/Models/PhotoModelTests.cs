using System.Numerics.Tensors;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Tools;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>
/// The bundled models of photographs against a reference that another program computed (ResNet-18 and the heads by onnxruntime-node, texts
/// by its own tokenizer), rounded to 6 digits. Pictures: public-domain clip art and two drawn ones, 224 px a side.
/// </summary>
public sealed class PhotoModelTests(MadeModels made) : IClassFixture<MadeModels>
{
    private static readonly Lazy<ReferenceValues> Reference = new(() => JsonSerializer.Deserialize<ReferenceValues>(
        File.ReadAllBytes(Path.Combine(ReferenceFolder, "reference.json")), JsonSerializerOptions.Web)!);

    public sealed record Picture(string File, float[] Features, float[] Embedding);

    public sealed record ReferenceValues(Picture[] Pictures, ReferenceText[] Texts);

    public sealed record ReferenceText(string Text, float[] Embedding);

    private static string ReferenceFolder =>
        Path.Combine(RepositoryRoot.Folder, "tests", "MultiVecRetrieval.Tests", "Encoding", "Models", "photos");

    private static string Bundled(string name) => Path.Combine(BundledModels.Folder, name);

    [Fact]
    public void Inspect_BundledFolders_AreTwoSpacesOfPicturesAlone()
    {
        ModelContract words = EncoderModel.Inspect(Bundled("photos"));
        ModelContract alike = EncoderModel.Inspect(Bundled("photos-alike"));

        Assert.Equal((256, true, true, true, false, true, false),
            (words.Dimension, words.IsMultiVector, words.EncodesImages, words.EncodesText, words.ComparesPictures, words.GivesTags,
                words.ReadsPages));
        Assert.Equal((512, true, true, false, true, false, false),
            (alike.Dimension, alike.IsMultiVector, alike.EncodesImages, alike.EncodesText, alike.ComparesPictures, alike.GivesTags,
                alike.ReadsPages));
        Assert.Empty(words.Warnings.Concat(alike.Warnings));
    }

    [Fact]
    public void Run_ReferencePictures_GivesTheReferenceFeaturesAndVectors() => Assert.All(Reference.Value.Pictures, picture =>
    {
        (float[] features, float[] embedding) = RunGraph(picture.File);

        // Features are sums of 512 to 4,608 products of numbers up to some tens, in another order.
        Assert.InRange(LargestDifference(picture.Features, features), 0, 1e-4f);
        Assert.InRange(LargestDifference(picture.Embedding, embedding), 0, 1e-5f);
    });

    // Rows are (g + p / 2) / 1.5 with g of the whole picture and p of a patch, both of unit length: that they are shows in p.
    [Fact]
    public void Encode_ReferencePictures_RowsWeighTheWholeTwiceAsMuchAsAPatch()
    {
        using EncoderModel model = EncoderModel.Load(Bundled("photos"));

        Assert.All(Reference.Value.Pictures, picture =>
        {
            MultiVector rows = model.EncodeImage(Decode(picture.File));

            Assert.Equal((49, 49), (rows.RowCount, rows.Places.Length));
            for (int row = 0; row < rows.RowCount; row++)
            {
                float[] patch = new float[256];
                TensorPrimitives.Multiply(rows.Values.Slice(row * 256, 256), 3, patch);
                TensorPrimitives.MultiplyAdd(picture.Embedding, -2, patch, patch);
                Assert.InRange(TensorPrimitives.Norm<float>(patch), 1 - 2e-5f, 1 + 2e-5f);
            }

            Assert.Equal(new Place(2f / 7, 1f / 7, 3f / 7, 2f / 7), rows.Places[9]);
        });
    }

    [Fact]
    public void EncodeText_ReferenceTextsInFloat32_GivesTheReferenceVectors()
    {
        using EncoderModel model = EncoderModel.Load(made.Photos);

        // Texts of four words or more are read as they are; shorter ones in two wordings.
        ReferenceText[] sentences = [.. Reference.Value.Texts.Where(text => text.Text.Split(' ').Length > 3)];
        Assert.NotEmpty(sentences);
        Assert.All(sentences, text =>
            Assert.InRange(LargestDifference(text.Embedding, model.EncodeText(text.Text).Rows.Values), 0, 1e-5f));
        float[] expected = new float[256];
        TensorPrimitives.Add(Find("a dog"), Find("a photo of a dog"), expected);
        TensorPrimitives.Divide(expected, TensorPrimitives.Norm<float>(expected), expected);
        Assert.InRange(LargestDifference(expected, model.EncodeText("a dog").Rows.Values), 0, 1e-5f);

        float[] Find(string words) => Reference.Value.Texts.Single(text => text.Text == words).Embedding;
    }

    [Fact]
    public void EncodeText_WithInt8Sentences_PointsWhereFloat32Does()
    {
        using EncoderModel exact = EncoderModel.Load(made.Photos);
        using EncoderModel small = EncoderModel.Load(Bundled("photos"));

        Assert.All(Reference.Value.Texts.Select(text => text.Text).Append("a lighthouse").Append("an old red car in front of a house"),
            text => Assert.InRange(
                TensorPrimitives.Dot(exact.EncodeText(text).Rows.Values, small.EncodeText(text).Rows.Values), 0.97f, 1.0001f));
    }

    [Fact]
    public void Encode_ForAlike_FirstRowIsTheDirectionOfTheSumOfTheOthers()
    {
        using EncoderModel model = EncoderModel.Load(Bundled("photos-alike"));
        MultiVector rows = model.EncodeImage(Decode("4.png"));

        float[] sum = new float[512];
        for (int row = 1; row < 15; row++)
        {
            Assert.InRange(TensorPrimitives.Norm(rows.Values.Slice(row * 512, 512)), 0.9999f, 1.0001f);
            TensorPrimitives.Add(sum, rows.Values.Slice(row * 512, 512), sum);
        }

        TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        Assert.Equal(15, rows.RowCount);
        Assert.InRange(LargestDifference(sum, rows.Values[..512]), 0, 1e-5f);
        Assert.Equal([Place.Whole, Place.Whole], rows.Places[..2]);
        Assert.InRange(rows.Places[2].Right, 0.7142f, 0.7143f);
    }

    [Fact]
    public void EncodeImage_BothModels_GivesWhatEachGivesAlone()
    {
        using EncoderModel words = EncoderModel.Load(Bundled("photos"));
        using EncoderModel alike = EncoderModel.Load(Bundled("photos-alike"));
        using EncoderModel print = EncoderModel.Load(BundledModels.DefaultFolder);
        RgbImage image = Decode("4.png");

        IReadOnlyList<EncodedImage> together = EncoderModel.EncodeImage([words, print, alike], image, ImageRole.Picture);

        Assert.Equal(words.EncodeImage(image).Values, together[0].Rows.Values);
        Assert.Equal(print.EncodeImage(image).Values, together[1].Rows.Values);
        Assert.Equal(alike.EncodeImage(image).Values, together[2].Rows.Values);
        Assert.Equal("animal", together[0].Tags[0].Name);
        Assert.Empty(together[1].Tags.Concat(together[2].Tags));
    }

    private static RgbImage Decode(string file) => new ImageDecoder(new MediaLimits()).DecodeFile(Path.Combine(ReferenceFolder, file));

    private static (float[] Features, float[] Embedding) RunGraph(string file)
    {
        RgbImage image = Decode(file);
        float[] pixels = new float[image.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[(i % 3 * 224 * 224) + (i / 3)] = image.Pixels[i];
        }

        OnnxGraphHeader header = OnnxGraphHeader.Read(Path.Combine(Bundled("photos"), "onnx", "vision_model.onnx"));
        using OnnxSessions sessions = new(Bundled("photos"), new EncoderOptions());
        FloatTensor[] outputs =
            sessions.Get(header).Run([new TensorFeed("pixel_values", pixels, 1, 3, 224, 224)], ["features", "image_embeds"]);
        return (outputs[0].Values, outputs[1].Values);
    }

    private static float LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        float[] differences = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual, differences);
        return MathF.Abs(TensorPrimitives.MaxMagnitude(differences));
    }
}
