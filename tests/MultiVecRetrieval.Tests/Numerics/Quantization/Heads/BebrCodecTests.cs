using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Tests.Training;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Heads;

public class BebrCodecTests
{
    [Fact]
    public void Read_OfWhatWasWritten_ScoresTheSame()
    {
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
        {
            BebrCodec codec = Create(seed);
            BebrCodec read = BebrCodec.Read(codec.Spec, codec.Dimension, codec.WriteParameters());
            Random random = new(seed);
            float[] rows = Gradients.RandomMatrix(random, 7, codec.Dimension).Values;
            EntryRows entries = new(codec.Dimension, rows, [0, 3, 4, 7]);
            byte[] chunk = codec.Encode(entries);
            float[] expected = new float[3], actual = new float[3], some = new float[2];
            MultiVectorView query = new(codec.Dimension, rows.AsSpan(0, 2 * codec.Dimension));

            codec.CreateScorer(query).Score(chunk, expected);
            read.CreateScorer(query).Score(chunk, actual);
            read.CreateScorer(query).Score(chunk, 3, [0, 2], some);

            return read.Encode(entries).AsSpan().SequenceEqual(chunk) && actual.AsSpan().SequenceEqual(expected)
                && some[0] == expected[0] && some[1] == expected[2] && read.IsLearned == codec.IsLearned
                    && read.IsCompatible == codec.IsCompatible;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Encode_OfRows_IsTheInnerCodecOfTransformedRows()
    {
        BebrCodec codec = Create(2);
        float[] rows = Gradients.RandomMatrix(new Random(1), 5, codec.Dimension).Values;

        byte[] chunk = codec.Encode(new EntryRows(codec.Dimension, rows, [0, 5]));

        Assert.Equal(codec.Inner.Encode(new EntryRows(codec.Inner.Dimension, codec.Transform(rows), [0, 5])), chunk);
        Assert.False(codec.HasUpperBounds);
    }

    [Fact]
    public void Read_CutOrLengthened_ThrowsInvalidDataException()
    {
        BebrCodec codec = Create(3);
        byte[] bytes = codec.WriteParameters();

        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => BebrCodec.Read(codec.Spec, codec.Dimension, bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => BebrCodec.Read(codec.Spec, codec.Dimension, [.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => BebrCodec.Read(codec.Spec, codec.Dimension + 1, bytes));
    }

    [Fact]
    public void Read_AnyByteOfTheHeadersChanged_ThrowsInvalidDataExceptionOrReads()
    {
        BebrCodec codec = Create(1);
        byte[] bytes = codec.WriteParameters();

        // 16 bytes of the codec, 16 of the transform; then numbers, which may be any finite ones.
        for (int i = 0; i < 32; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x81;

            Assert.Throws<InvalidDataException>(() => BebrCodec.Read(codec.Spec, codec.Dimension, damaged));
        }
    }

    [Theory]
    [InlineData("bebr")]
    [InlineData("bebr:0")]
    [InlineData("bebr:5")]
    [InlineData("bebr:two")]
    public void Train_WrongArgument_SaysWhichAreRight(string spec)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        TrainingSample sample = new() { Dimension = 16, Rows = BinarizerSamples.UnitRows(new Random(1), 300) };

        SpecException exception = Assert.Throws<SpecException>(() => Codecs.FindFamily(parsed).Train(parsed, sample, default));

        Assert.Contains("bebr:BITS", exception.Message, StringComparison.Ordinal);
    }

    // By seed: with or without a map, with 0 to 2 blocks.
    private static BebrCodec Create(int seed)
    {
        Random random = new(seed);
        const int Output = 5;
        bool isMapped = seed % 2 == 0;
        int input = isMapped ? 7 : Output;
        FrozenBlock[] blocks = [.. Enumerable.Range(0, seed % 3).Select(_ => new FrozenBlock(
            Gradients.RandomMatrix(random, Output, 6), Gradients.RandomMatrix(random, 1, 6).Values,
            Gradients.RandomMatrix(random, 6, Output), Gradients.RandomMatrix(random, 1, Output).Values))];
        RowTransform transform = new(
            Output, isMapped ? Gradients.RandomMatrix(random, input, Output) : null,
            isMapped ? Gradients.RandomMatrix(random, 1, Output).Values : [], blocks);
        CodecSpec inner = new("int8", "");
        EntryCodec codec = Codecs.FindFamily(inner).Train(inner, new TrainingSample { Dimension = Output, Rows = [] }, default);
        return new BebrCodec(CodecSpec.Parse("bebr:2"), transform, codec);
    }
}
