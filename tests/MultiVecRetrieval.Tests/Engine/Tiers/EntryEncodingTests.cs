using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tests.Numerics.Quantization;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class EntryEncodingTests
{
    private const int Dimension = 48;

    [Fact]
    public void Encode_EntryAndQuery_HaveTheScoreOfTheCodec()
    {
        const string spec = "lemur:64";
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, Dimension, CodecSamples.MixedRowCounts);
        MultiVector query = CodecSamples.Query(seed: 2, entries, rowCount: 5);
        EntryCodec codec = CodecSamples.Train(spec, Dimension);
        float[] scores = CodecSamples.Score(codec, codec.Encode(entries.Rows), entries.Count, query);
        EntryEncoding encoding = EntryEncoding.Read(spec, Dimension, codec.WriteParameters());

        MultiVector encoded = encoding.EncodeQuery(query);

        Assert.Equal((1, encoding.Length), (encoded.RowCount, encoded.Dimension));
        Assert.Same(encoded, encoding.EncodeQuery(query));
        float largest = scores.Max(Math.Abs);
        for (int i = 0; i < entries.Count; i++)
        {
            float[] row = encoding.EncodeEntry(entries.Rows[i]);

            // The codec rounds both vectors to bytes: a step is 1/127 of the largest value, half of it is lost, and signs of the loss are
            // random.
            Assert.Equal(scores[i], TensorPrimitives.Dot<float>(row, encoded.Row(0)), 0.03f * largest);
        }
    }

    [Theory]
    [InlineData("ward:8", false)]
    [InlineData("int8", false)]
    [InlineData("", false)]
    [InlineData("lemur:8", true)]
    public void Accepts_WhatComesBeforeAnIndex_TellsEncodingsFromReductions(string text, bool isEncoding) =>
        Assert.Equal(isEncoding, EntryEncoding.Accepts(text));

    [Fact]
    public void Read_OtherParameters_ThrowsInvalidDataException() =>
        Assert.Throws<InvalidDataException>(() => EntryEncoding.Read("lemur:64", Dimension, new byte[100]));
}
