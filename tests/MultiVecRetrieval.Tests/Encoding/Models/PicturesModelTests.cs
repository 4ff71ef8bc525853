using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>The demonstration pair as a model folder; runs where its graphs are at hand.</summary>
public sealed class PicturesModelTests : IDisposable
{
    private static readonly string Graphs = Path.Combine(RepositoryRoot.Folder, "..", "shared", "models", "pictures");
    private static readonly string Golden = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "pictures");

    private readonly string _folder = Directory.CreateTempSubdirectory("mvr-pictures-").FullName;
    private readonly EncoderModel _model;

    public PicturesModelTests()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Graphs, "vision.onnx")), "../shared/models/pictures is not there.");
        foreach (string file in Directory.GetFiles(Path.Combine(RepositoryRoot.Folder, "tools", "models", "pictures"), "*.json"))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        File.Copy(Path.Combine(Graphs, "vision.onnx"), Path.Combine(_folder, "vision.onnx"));
        File.Copy(Path.Combine(Graphs, "text.onnx"), Path.Combine(_folder, "text.onnx"));
        _model = EncoderModel.Load(_folder);
    }

    public void Dispose()
    {
        _model?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void EncodeText_GoldenTexts_EqualTheReference()
    {
        string[] texts = File.ReadAllLines(Path.Combine(Golden, "texts.txt"));
        float[] expected = ReadFloats("texts.f32");

        for (int i = 0; i < texts.Length; i++)
        {
            EncodedText text = _model.EncodeText(texts[i], TestContext.Current.CancellationToken);

            AssertClose(expected.AsSpan(i * 256, 256), text.Rows.Values);
        }
    }

    [Fact]
    public void EncodeImage_ARowPerPatch_ComesWithAttentionThatSumsToOne()
    {
        string description = File.ReadAllText(Path.Combine(_folder, "encoder.json"));
        File.WriteAllText(
            Path.Combine(_folder, "encoder.json"),
            description.Replace("\"output\": \"image_embeds\"", "\"output\": \"last_hidden_state\", \"pooling\": \"rows\"",
                StringComparison.Ordinal));
        using EncoderModel model = EncoderModel.Load(_folder);

        MultiVector rows = model.EncodeImage(Draw((7, 13)), TestContext.Current.CancellationToken);

        Assert.True(model.Contract.GivesSaliency);
        Assert.Equal((36, 36), (rows.RowCount, rows.Saliency.Length));
        Assert.Equal(1, rows.Saliency.ToArray().Sum(), 1e-5f);
    }

    [Fact]
    public void EncodeImage_GoldenPictures_EqualTheReference()
    {
        float[] expected = ReadFloats("pictures.f32");
        (int X, int Y)[] slopes = [(7, 13), (1, 0), (0, 3)];

        for (int i = 0; i < slopes.Length; i++)
        {
            MultiVector vector = _model.EncodeImage(Draw(slopes[i]), TestContext.Current.CancellationToken);

            AssertClose(expected.AsSpan(i * 256, 256), vector.Values);
        }
    }

    [Fact]
    public void EncodeText_ColoredDiscs_FindsTheRightColorFirst()
    {
        (string Word, byte Red, byte Green, byte Blue)[] colors =
            [("red", 220, 30, 30), ("green", 30, 160, 60), ("blue", 40, 80, 220), ("yellow", 250, 210, 40)];
        MultiVector[] images =
            [.. colors.Select(
            color => _model.EncodeImage(Disc(color.Red, color.Green, color.Blue), TestContext.Current.CancellationToken))];

        foreach ((int index, (string word, byte _, byte _, byte _)) in colors.Index())
        {
            float[] query = _model.EncodeText($"{word} circle", TestContext.Current.CancellationToken).Rows.Values.ToArray();

            Assert.Equal(index,
                Enumerable.Range(0, images.Length).MaxBy(image => TensorPrimitives.Dot<float>(images[image].Row(0), query)));
        }
    }

    private static RgbImage Draw((int X, int Y) slope)
    {
        byte[] pixels = new byte[144 * 144 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x, int c) = (i / 3 / 144, i / 3 % 144, i % 3);
            pixels[i] = (byte)((slope.X * x) + (slope.Y * y) + (29 * c) + (x * y % 31));
        }

        return new RgbImage(144, 144, pixels);
    }

    private static RgbImage Disc(byte red, byte green, byte blue)
    {
        RgbImage image = PlantedEncoder.Plain(96, 96, (255, 255, 255));
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            (int y, int x) = ((i / 3 / 96) - 48, (i / 3 % 96) - 48);
            if ((x * x) + (y * y) < 40 * 40)
            {
                (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = (red, green, blue);
            }
        }

        return image;
    }

    private static float[] ReadFloats(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Golden, name))).ToArray();

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }
}
