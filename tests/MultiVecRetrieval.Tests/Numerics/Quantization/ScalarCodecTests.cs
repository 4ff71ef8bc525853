using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.LinearAlgebra;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class ScalarCodecTests
{
    [Theory]
    [InlineData("float32", RowFormat.Float32)]
    [InlineData("float16", RowFormat.Float16)]
    [InlineData("int8", RowFormat.Int8)]
    public void Score_AnyEntry_IsThatOfTheMaxSimScorer(string spec, RowFormat format)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, dimension: 33, CodecSamples.MixedRowCounts);
        MultiVector query = CodecSamples.Query(seed: 2, entries, rowCount: 20);
        EntryCodec codec = CodecSamples.Train(spec, 33);

        float[] scores = CodecSamples.Score(codec, codec.Encode(entries.Rows), entries.Count, query);

        MaxSimScorer scorer = new(query.View, format);
        Assert.Equal(
            [.. Enumerable.Range(0, entries.Count).Select(i => scorer.Score(KernelSamples.Pack(format, entries[i]), entries[i].RowCount))],
            scores);
    }

    // Unit rows of d = 128: a code is off by up to half a step of the largest value, about 1/127 · 0.3 / 2 in every value.
    [Fact]
    public void ScoreUpperBounds_Int8_IsCloseToTheScore()
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 3, dimension: 128, 500, 500);
        MultiVector query = CodecSamples.Query(seed: 4, entries, rowCount: 20);
        EntryCodec codec = CodecSamples.Train("int8", 128);
        byte[] chunk = codec.Encode(entries.Rows);
        float[] bounds = new float[2];

        codec.CreateScorer(query.View).ScoreUpperBounds(chunk, bounds);

        float[] scores = CodecSamples.Score(codec, chunk, 2, query);
        Assert.InRange(bounds[0] - scores[0], 0, 20 * 0.04f);
        Assert.InRange(bounds[1] - scores[1], 0, 20 * 0.04f);
    }

    [Fact]
    public void GetScreen_Int8_IsThatOfTheRows()
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 5, dimension: 33, CodecSamples.MixedRowCounts);
        EntryCodec codec = CodecSamples.Train("int8", 33);
        byte[] chunk = codec.Encode(entries.Rows);

        for (int i = 0; i < entries.Count; i++)
        {
            MultiVector rows = entries[i];
            byte[] packed = KernelSamples.Pack(RowFormat.Int8, rows);
            float[] stored = new float[rows.Values.Length];
            PackedRows.Unpack(RowFormat.Int8, packed, rows.RowCount, rows.Dimension, stored);
            MultiVectorView rounded = new(rows.Dimension, stored);
            double norm = 0;
            double error = 0;
            for (int row = 0; row < rows.RowCount; row++)
            {
                norm = Math.Max(norm, Rounding.Norm(rounded.Row(row)));
                error = Math.Max(error, Rounding.Distance(rows.Row(row), rounded.Row(row)));
            }

            RowScreenView actual = codec.GetScreen(chunk, i);

            Assert.Equal(packed, actual.Packed);
            Assert.Equal((Rounding.Up(norm), Rounding.Up(error)), (actual.Norm, actual.Error));
        }
    }

    [Theory]
    [InlineData("float16")]
    [InlineData("bits:2")]
    public void GetScreen_RowsThatAreNoInt8Rows_Throws(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 5, dimension: 16, 40, 40);
        EntryCodec codec = CodecSamples.Train(spec, 16);
        byte[] chunk = codec.Encode(entries.Rows);

        Assert.False(codec.HasScreens);
        Assert.Throws<NotSupportedException>(() => _ = codec.GetScreen(chunk, 0).Norm);
    }

    [Theory]
    [InlineData("float32:1")]
    [InlineData("int8:x")]
    public void Train_WithAnArgument_ThrowsWithTheArgument(string spec)
    {
        SpecException exception = Assert.Throws<SpecException>(() => CodecSamples.Train(spec, 4));

        Assert.Contains("takes no argument", exception.Message, StringComparison.Ordinal);
    }
}
