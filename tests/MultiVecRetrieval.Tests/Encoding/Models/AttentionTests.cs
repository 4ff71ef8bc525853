using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Saliency from attention that a graph does not give out.</summary>
public sealed class AttentionTests : IDisposable
{
    private const int Patches = 16;

    private readonly PlantedEncoder _encoder = PlantedEncoder.CreateAttention();
    private readonly RgbImage _image;

    public AttentionTests()
    {
        Random random = new(6);
        byte[] pixels = new byte[PlantedEncoder.Side * PlantedEncoder.Side * 3];
        random.NextBytes(pixels);
        _image = new RgbImage(PlantedEncoder.Side, PlantedEncoder.Side, pixels);
    }

    public void Dispose() => _encoder.Dispose();

    [Theory]
    [InlineData("""{ "nodes": ["attention_weights"] }""", null)]
    [InlineData("""{ "lastLayers": 1 }""", null)]
    [InlineData("""{ "lastLayers": 1, "from": 3 }""", 3)]
    public void Encode_PromotedSoftmax_GivesTheAttentionThatRowsGet(string attention, int? from)
    {
        using EncoderModel plain = EncoderModel.Load(_encoder.Folder);
        MultiVector expectedRows = plain.EncodeImage(_image, TestContext.Current.CancellationToken);
        _encoder.Write("encoder.json", $$"""{ "vision": { "attention": {{attention}} } }""");
        using EncoderModel model = EncoderModel.Load(_encoder.Folder);

        MultiVector rows = model.EncodeImage(_image, TestContext.Current.CancellationToken);

        Assert.True(model.Contract.GivesSaliency);
        Assert.False(plain.Contract.GivesSaliency);
        Assert.Equal(plain.Contract.SpaceId, model.Contract.SpaceId);
        Assert.Equal(expectedRows.Values.ToArray(), rows.Values.ToArray());
        float[] expected = Attention(from);
        Assert.Equal(Patches, rows.Saliency.Length);
        for (int i = 0; i < Patches; i++)
        {
            Assert.Equal(expected[i], rows.Saliency.Span[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("""{ "nodes": ["attn"] }""", "no Softmax node 'attn'; it has attention_weights")]
    [InlineData("""{ "lastLayers": 2 }""", "lastLayers is 2")]
    [InlineData("""{ "lastLayers": 1, "from": -1 }""", "from is -1")]
    [InlineData("{}", "nodes or lastLayers")]
    public void Load_AttentionThatIsNotThere_IsRefused(string attention, string expected)
    {
        _encoder.Write("encoder.json", $$"""{ "vision": { "attention": {{attention}} } }""");

        Assert.Contains(
            expected, Assert.Throws<ModelFormatException>(() => EncoderModel.Load(_encoder.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_TokenBeyondTheOthers_IsRefusedWithTheShape()
    {
        _encoder.Write("encoder.json", """{ "vision": { "attention": { "lastLayers": 1, "from": 16 } } }""");
        using EncoderModel model = EncoderModel.Load(_encoder.Folder);

        ModelFormatException wrong = Assert.Throws<ModelFormatException>(
            () => model.EncodeImage(_image, TestContext.Current.CancellationToken));
        Assert.Contains("[1, 2, 16, 16] beside 16 rows", wrong.Message, StringComparison.Ordinal);
    }

    // The graph by its definition: mean colours of patches of 8 x 8 in [-1, 1], three times too long, and 0.3; two heads of softmax.
    private float[] Attention(int? from)
    {
        double[][] rows = [.. Enumerable.Range(0, Patches).Select(Patch)];
        double[] sums = new double[Patches];
        foreach (double scale in (double[])[0.5, 2])
        {
            for (int query = 0; query < Patches; query++)
            {
                if (from is { } token && token != query)
                {
                    continue;
                }

                double[] logits = [.. rows.Select(row => scale * row.Zip(rows[query], (a, b) => a * b).Sum())];
                double[] weights = [.. logits.Select(value => Math.Exp(value - logits.Max()))];
                for (int key = 0; key < Patches; key++)
                {
                    sums[key] += weights[key] / weights.Sum() / (2 * (from is null ? Patches : 1));
                }
            }
        }

        return Array.ConvertAll(sums, value => (float)value);
    }

    private double[] Patch(int index)
    {
        (int top, int left) = (index / 4 * 8, index % 4 * 8);
        double[] sum = new double[3];
        for (int y = top; y < top + 8; y++)
        {
            for (int x = left; x < left + 8; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    sum[c] += ((_image.Pixels[(((y * PlantedEncoder.Side) + x) * 3) + c] / 255.0) - 0.5) / 0.5 / 64;
                }
            }
        }

        return [3 * sum[0], 3 * sum[1], 3 * sum[2], 0.3];
    }
}
