using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>A reduction before a codec is that reduction, then that codec.</summary>
public class ReducedCodecTests
{
    private const int Dimension = 48;

    [Theory]
    [InlineData("grid:3/float32")]
    [InlineData("ward:4/int8")]
    [InlineData("random:50%+average:2/float16")]
    public void Encode_GivesTheCodesOfTheReducedRows(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, Dimension, CodecSamples.MixedRowCounts);
        string[] parts = spec.Split('/');
        RowReducer reducer = Reductions.Parse(parts[0]);
        List<float> values = [];
        List<int> offsets = [0];
        for (int i = 0; i < entries.Count; i++)
        {
            ReducedRows reduced = reducer.Reduce(new ReductionSource { Rows = entries.Rows[i] });
            values.AddRange(reduced.Values);
            offsets.Add(offsets[^1] + reduced.RowCount);
        }

        byte[] expected = CodecSamples.Train(parts[1], Dimension).Encode(new EntryRows(Dimension, values.ToArray(), offsets.ToArray()));
        byte[] actual = CodecSamples.Train(spec, Dimension).Encode(entries.Rows);

        Assert.Equal(expected, actual);
        Assert.True(offsets[^1] < entries.Rows.RowCount, "the reduction took rows away");
    }

    [Theory]
    [InlineData("/int8")]
    [InlineData("ward:4/")]
    [InlineData("ward:4/ward:2/int8")]
    [InlineData("ward:4/nonsense")]
    public void Train_SpecThatIsNoPair_IsRefused(string spec)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);

        Assert.ThrowsAny<ArgumentException>(() => CodecSamples.Train(spec, Dimension));
        Assert.Equal(spec, parsed.ToString());
    }
}
