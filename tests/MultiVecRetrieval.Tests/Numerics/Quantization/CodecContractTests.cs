using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>What every codec promises, whatever it stores.</summary>
public class CodecContractTests
{
    private const int Dimension = 48;
    private static readonly Dictionary<string, EntryCodec> Trained = [];

    public static TheoryData<string> Specs =>
    [
        "float32",
        "float16",
        "int8",
        "pq:12x4",
        "pq:7x8",
        "bits:1",
        "bits:2",
        "bits:4",
        "bits:2-symmetric",
        "bits:1-hamming",
        "lemur:40",
        "ward:2/int8",
        "codes:16",
        "codes:256",
        "codes:300",
        "codes:16x32",
        "codes:300x16",
        "codeset:16",
        "codeset:256",
        "codeset:300",
        "codes:16-hamming",
        "codeset:200-hamming",
        "codeset:300-hamming",
    ];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Train_Twice_GivesTheSameCodesAndScores(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, Dimension, CodecSamples.MixedRowCounts);
        MultiVector query = CodecSamples.Query(seed: 2, entries, rowCount: 5);
        EntryCodec first = GetCodec(spec);
        EntryCodec second = CodecSamples.Train(spec, Dimension);

        byte[] chunk = first.Encode(entries.Rows);

        Assert.Equal(first.WriteParameters(), second.WriteParameters());
        Assert.Equal(chunk, first.Encode(entries.Rows));
        Assert.Equal(chunk, second.Encode(entries.Rows));
        AssertSameBits(CodecSamples.Score(first, chunk, entries.Count, query), CodecSamples.Score(second, chunk, entries.Count, query));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Read_WhatWriteParametersWrote_GivesTheSameCodec(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 3, Dimension, CodecSamples.MixedRowCounts);
        MultiVector query = CodecSamples.Query(seed: 4, entries, rowCount: 21);
        EntryCodec codec = GetCodec(spec);
        byte[] chunk = codec.Encode(entries.Rows);

        EntryCodec read = Codecs.FindFamily(codec.Spec).Read(codec.Spec, Dimension, codec.WriteParameters());

        Assert.Equal(codec.Spec, read.Spec);
        Assert.Equal(chunk, read.Encode(entries.Rows));
        Assert.Equal(codec.WriteParameters(), read.WriteParameters());
        AssertSameBits(CodecSamples.Score(codec, chunk, entries.Count, query), CodecSamples.Score(read, chunk, entries.Count, query));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Read_ParametersCutOrLonger_ThrowsInvalidDataException(string spec)
    {
        EntryCodec codec = GetCodec(spec);
        byte[] parameters = codec.WriteParameters();
        CodecFamily family = Codecs.FindFamily(codec.Spec);

        Assert.Throws<InvalidDataException>(() => family.Read(codec.Spec, Dimension, [.. parameters, 0]));
        for (int length = 0; length < parameters.Length; length += Math.Max(1, parameters.Length / 50))
        {
            Assert.Throws<InvalidDataException>(() => family.Read(codec.Spec, Dimension, parameters.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Score_SomeEntries_GivesTheBitsOfAllEntries(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 5, Dimension, CodecSamples.MixedRowCounts);
        EntryCodec codec = GetCodec(spec);
        byte[] chunk = codec.Encode(entries.Rows);
        foreach (int queryRowCount in new[] { 1, 4, 20, 33, 70 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            CodeScorer scorer = codec.CreateScorer(query.View);
            float[] all = CodecSamples.Score(codec, chunk, entries.Count, query);
            foreach (int[] some in new int[][] { [0], [1, 2, 3], [5, 18], [.. Enumerable.Range(0, entries.Count)], [] })
            {
                float[] scores = new float[some.Length];

                scorer.Score(chunk, entries.Count, some, scores);

                AssertSameBits([.. some.Select(index => all[index])], scores);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Score_EntryInAnotherChunk_GivesTheSameBits(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 6, Dimension, CodecSamples.MixedRowCounts);
        MultiVector query = CodecSamples.Query(seed: 7, entries, rowCount: 20);
        EntryCodec codec = GetCodec(spec);
        float[] together = CodecSamples.Score(codec, codec.Encode(entries.Rows), entries.Count, query);

        for (int index = 0; index < entries.Count; index++)
        {
            MultiVector entry = entries[index];
            byte[] alone = codec.Encode(new EntryRows(Dimension, entry.View.Values, [0, entry.RowCount]));
            codec.Check(alone, 1);

            AssertSameBits([together[index]], CodecSamples.Score(codec, alone, 1, query));
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Check_ChunkCutAnywhereOrMiscounted_ThrowsInvalidDataException(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 8, Dimension, 1, 70, 5);
        EntryCodec codec = GetCodec(spec);
        byte[] chunk = codec.Encode(entries.Rows);

        codec.Check(chunk, 3);

        for (int length = 0; length < chunk.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => codec.Check(chunk.AsSpan(0, length), 3));
        }

        foreach (int count in new[] { -1, 0, 1, 2, 4, 1000, int.MaxValue })
        {
            Assert.Throws<InvalidDataException>(() => codec.Check(chunk, count));
        }

        Assert.Throws<InvalidDataException>(() => codec.Check([.. chunk, 0], 3));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Check_AnyBytesChanged_RefusesOrScoringStaysWithin(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 9, Dimension, 1, 70, 5);
        MultiVector query = CodecSamples.Query(seed: 10, entries, rowCount: 3);
        EntryCodec codec = GetCodec(spec);
        CodeScorer scorer = codec.CreateScorer(query.View);
        byte[] chunk = codec.Encode(entries.Rows);
        Property property = Prop.ForAll(
            ArbMap.Default.ArbFor<(ushort Place, byte[] Bytes)>(),
            change =>
            {
                // The table at the beginning is where offsets are: half of the changes hit it.
                byte[] changed = [.. chunk];
                int place = change.Place % 2 == 0 ? change.Place / 2 % 64 : change.Place % chunk.Length;
                change.Bytes.AsSpan(0, Math.Min(change.Bytes.Length, chunk.Length - place)).CopyTo(changed.AsSpan(place));
                try
                {
                    codec.Check(changed, 3);
                }
                catch (InvalidDataException)
                {
                    return true;
                }

                float[] scores = new float[3];
                scorer.Score(changed, scores);
                if (codec.HasUpperBounds)
                {
                    scorer.ScoreUpperBounds(changed, scores);
                }

                return true;
            });

        property.Check(Config.QuickThrowOnFailure.WithReplay(1234, 5677).WithMaxTest(300));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void ScoreUpperBounds_AnyEntry_IsNotBelowTheFloat32MaxSim(string spec)
    {
        EntryCodec codec = GetCodec(spec);
        if (!codec.HasUpperBounds)
        {
            Assert.Throws<NotSupportedException>(
                () => codec.CreateScorer(new MultiVectorView(Dimension, new float[Dimension])).ScoreUpperBounds([], []));
            return;
        }

        foreach (float length in new[] { 1f, 1e-3f, 300f })
        {
            CodecSamples.Entries entries = Scale(CodecSamples.Create(seed: 11, Dimension, CodecSamples.MixedRowCounts), length);
            byte[] chunk = codec.Encode(entries.Rows);
            foreach (int queryRowCount in new[] { 1, 20, 40 })
            {
                MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
                float[] bounds = new float[entries.Count];

                codec.CreateScorer(query.View).ScoreUpperBounds(chunk, bounds);

                MaxSimScorer exact = new(query.View, RowFormat.Float32);
                for (int index = 0; index < entries.Count; index++)
                {
                    byte[] packed = Kernels.KernelSamples.Pack(RowFormat.Float32, entries[index]);
                    Assert.InRange(MaxSim.Score(query.View, entries[index].View), float.NegativeInfinity, bounds[index]);
                    Assert.InRange(exact.Score(packed, entries[index].RowCount), float.NegativeInfinity, bounds[index]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Encode_RowsThatAreNone_ThrowsArgumentException(string spec)
    {
        EntryCodec codec = GetCodec(spec);
        float[] row = new float[Dimension];
        float[] notFinite = [.. row];
        notFinite[7] = float.NaN;

        Assert.Throws<ArgumentException>(() => codec.Encode(new EntryRows(Dimension, [], [0])));
        Assert.Throws<ArgumentException>(() => codec.Encode(new EntryRows(Dimension, row, [0, 1, 1])));
        Assert.Throws<ArgumentException>(() => codec.Encode(new EntryRows(Dimension / 2, row, [0, 2])));
        ArgumentException exception = Assert.Throws<ArgumentException>(() => codec.Encode(new EntryRows(Dimension, notFinite, [0, 1])));
        Assert.Contains("Value 7 of row 0 is NaN", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => codec.CreateScorer(new MultiVectorView(Dimension, notFinite)));
        Assert.Throws<ArgumentException>(() => codec.CreateScorer(new MultiVectorView(Dimension, [])));
        Assert.Throws<ArgumentException>(() => codec.CreateScorer(new MultiVectorView(Dimension * 2, new float[Dimension * 2])));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Score_ZerosOnEitherSide_IsFinite(string spec)
    {
        EntryCodec codec = GetCodec(spec);
        byte[] zeros = codec.Encode(new EntryRows(Dimension, new float[3 * Dimension], [0, 1, 3]));
        CodecSamples.Entries entries = CodecSamples.Create(seed: 12, Dimension, 1, 5);

        Assert.All(CodecSamples.Score(codec, zeros, 2, CodecSamples.Query(seed: 1, entries, 3)),
            score => Assert.True(float.IsFinite(score)));
        Assert.All(
            CodecSamples.Score(codec, codec.Encode(entries.Rows), 2, new MultiVector(Dimension, new float[2 * Dimension])),
            score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Score_Repeated_AllocatesNothing(string spec)
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 13, Dimension, CodecSamples.MixedRowCounts);
        EntryCodec codec = GetCodec(spec);
        byte[] chunk = codec.Encode(entries.Rows);
        CodeScorer scorer = codec.CreateScorer(CodecSamples.Query(seed: 14, entries, rowCount: 40).View);
        float[] scores = new float[entries.Count];
        int[] some = [0, 3, 11];

        Assert.Equal(0, Allocations.CountFewest(Run));

        void Run()
        {
            scorer.Score(chunk, scores);
            scorer.Score(chunk, scores.Length, some, scores.AsSpan(0, 3));
            if (codec.HasUpperBounds)
            {
                scorer.ScoreUpperBounds(chunk, scores);
            }
        }
    }

    private static EntryCodec GetCodec(string spec)
    {
        lock (Trained)
        {
            ref EntryCodec? codec = ref CollectionsMarshal.GetValueRefOrAddDefault(Trained, spec, out _);
            return codec ??= CodecSamples.Train(spec, Dimension);
        }
    }

    private static CodecSamples.Entries Scale(CodecSamples.Entries entries, float length) =>
        entries with { Values = [.. entries.Values.Select(value => value * length)] };

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
}
