using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>Scores of codes and of code sets against the loop over a table that defines them.</summary>
public class CodeScorerTests
{
    private const int Dimension = 12;

    // Around a word of 64, a block of 512 and its parts, and where probing one by one ends.
    public static TheoryData<int, int> Shapes => new()
    {
        { 2, 1 }, { 7, 23 }, { 8, 24 }, { 9, 63 }, { 64, 65 }, { 100, 511 }, { 255, 512 }, { 256, 513 }, { 256, 1_030 }, { 257, 40 },
            { 600, 30 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Score_CodesAndSets_AreTheTableLoopBitForBit(int centroidCount, int entryCount)
    {
        CodecSamples.Entries entries = CreateEntries(seed: entryCount, entryCount);
        EntryCodec codes = Train($"codes:{centroidCount}");
        EntryCodec sets = Train($"codeset:{centroidCount}");
        byte[] chunk = codes.Encode(entries.Rows);
        byte[] setChunk = sets.Encode(entries.Rows);
        sets.Check(setChunk, entryCount);
        codes.Check(chunk, entryCount);
        foreach (int queryRowCount in new[] { 1, 8, 9, 15, 16, 17, 20, 33, 70 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            float[] expected = ScorePlainly(codes, entries, query);

            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                AssertScores(expected, CreateScorer(codes, query, instructionSet), chunk);
                AssertScores(expected, CreateScorer(sets, query, instructionSet), setChunk);
            }
        }
    }

    [Theory]
    [InlineData("codes:600")]
    [InlineData("codeset:600")]
    [InlineData("codes:600x9")]
    public void CreateScorer_SeveralThreads_GivesTheSameScores(string spec)
    {
        CodecSamples.Entries entries = CreateEntries(seed: 5, entryCount: 30);
        EntryCodec codec = Train(spec);
        byte[] chunk = codec.Encode(entries.Rows);
        foreach (int queryRowCount in new[] { 1, 20, 200 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            float[] scores = new float[entries.Count];

            codec.CreateScorer(query.View, threads: 3).Score(chunk, scores);

            Assert.Equal(CodecSamples.Score(codec, chunk, entries.Count, query), scores);
        }
    }

    [Theory]
    [InlineData("16x9")]
    [InlineData("16x300")]
    [InlineData("300x16")]
    [InlineData("300x270")]
    public void Score_TwoCodes_IsTheLoopOverTwoTables(string argument)
    {
        CodecSamples.Entries entries = CreateEntries(seed: 3, entryCount: 30);
        EntryCodec codec = Train($"codes:{argument}");
        byte[] chunk = codec.Encode(entries.Rows);
        foreach (int queryRowCount in new[] { 1, 20, 70 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            float[] expected = ScorePlainly(codec, entries, query);

            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                AssertScores(expected, CreateScorer(codec, query, instructionSet), chunk);
            }
        }
    }

    [Fact]
    public void Score_AnyRowsAndAnySubset_CodesEqualSets()
    {
        EntryCodec codes = Train("codes:256");
        EntryCodec sets = Train("codeset:256");
        Property property = Prop.ForAll(
            ArbMap.Default.ArbFor<(byte[] RowCounts, int Seed, uint Wanted)>(),
            sample =>
            {
                int[] rowCounts = [.. sample.RowCounts.Select(count => (count % 90) + 1), 1];
                CodecSamples.Entries entries = CodecSamples.Create(sample.Seed, Dimension, rowCounts);
                MultiVector query = CodecSamples.Query(sample.Seed, entries, (int)(sample.Wanted % 40) + 1);
                byte[] chunk = codes.Encode(entries.Rows);
                byte[] setChunk = sets.Encode(entries.Rows);
                int[] wanted = [.. Enumerable.Range(0, entries.Count).Where(i => ((sample.Wanted >> (i % 32)) & 1) != 0)];
                float[] scores = new float[wanted.Length];
                float[] setScores = new float[wanted.Length];

                codes.CreateScorer(query.View).Score(chunk, entries.Count, wanted, scores);
                sets.CreateScorer(query.View).Score(setChunk, entries.Count, wanted, setScores);

                float[] expected = ScorePlainly(codes, entries, query);
                return wanted.Select(i => expected[i]).SequenceEqual(scores) && scores.SequenceEqual(setScores);
            });

        property.Check(Config.QuickThrowOnFailure.WithReplay(77, 79).WithMaxTest(60));
    }

    [Fact]
    public void ScoreUpperBounds_UnitRows_AreBelowTheSumOfQueryLengths()
    {
        // The trivial bound of unit rows is the number of query rows; rows that are centroids leave no doubt at all.
        EntryCodec codec = Train("codes:32");
        CodeParameters parameters = CodeParameters.Read(new CodeArgument(32, 0), Dimension, codec.WriteParameters());
        float[] rows = parameters.First.Values.ToArray();
        byte[] chunk = codec.Encode(new EntryRows(Dimension, rows, [0, 8, 32]));
        MultiVector query = KernelSamples.RandomRows(seed: 2, rowCount: 6, Dimension);
        float[] bounds = new float[2];
        float[] scores = new float[2];
        CodeScorer scorer = codec.CreateScorer(query.View);

        scorer.ScoreUpperBounds(chunk, bounds);

        scorer.Score(chunk, scores);
        for (int entry = 0; entry < 2; entry++)
        {
            // Cosine and length are kept in 11 bits: an angle of up to √(2 · 2⁻¹¹), about 0.03, and a length 0.1 % too great.
            Assert.InRange(bounds[entry], scores[entry], scores[entry] + (0.04 * query.Values.Length));
            Assert.InRange(bounds[entry], scores[entry], scores[entry] * 1.5);
        }
    }

    [Theory]
    [InlineData("codes:1")]
    [InlineData("codes:0256")]
    [InlineData("codes:65537")]
    [InlineData("codes:16x")]
    [InlineData("codes:16x2x2")]
    [InlineData("codes:-4")]
    [InlineData("codeset:16x16")]
    [InlineData("codeset:many")]
    public void Train_BadArgument_NamesWhatIsExpected(string spec)
    {
        SpecException exception = Assert.Throws<SpecException>(() => Train(spec));

        Assert.Contains(" takes K", exception.Message, StringComparison.Ordinal);
        Assert.Contains("2 to 65536", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TooFewRows_NamesHowManyAreNeeded()
    {
        TrainingSample sample = new() { Dimension = 2, Rows = new float[200] };

        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => Codecs.FindFamily(CodecSpec.Parse("codes:256")).Train(CodecSpec.Parse("codes:256"), sample, CancellationToken.None));

        Assert.Contains("at least 256 rows, 100 were given", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_SetOf256_TakesThirtySixBytesAnEntryHoweverManyRows()
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, Dimension, [.. Enumerable.Repeat(30, 512)]);

        Assert.Equal(512 * (32 + 4), Train("codeset:256").Encode(entries.Rows).Length);
        Assert.Equal((512 * (30 + 8)) + 4, Train("codes:256").Encode(entries.Rows).Length);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void Check_SetWithoutACodeOrBeyondTheEntries_Throws(int flipped)
    {
        EntryCodec codec = Train("codeset:8");
        byte[] chunk = codec.Encode(CreateEntries(seed: 1, entryCount: 5).Rows);
        for (int plane = 0; plane < 8; plane++)
        {
            chunk[plane * 8] = (byte)(flipped == 5 ? chunk[plane * 8] | (1 << flipped) : chunk[plane * 8] & ~(1 << flipped));
        }

        Assert.Throws<InvalidDataException>(() => codec.Check(chunk, 5));
    }

    private static CodecSamples.Entries CreateEntries(int seed, int entryCount)
    {
        Random random = new(seed);
        return CodecSamples.Create(seed, Dimension, [.. Enumerable.Range(0, entryCount).Select(_ => random.Next(1, random.Next(2, 20)))]);
    }

    private static EntryCodec Train(string spec) => CodecSamples.Train(spec, Dimension);

    private static CodeScorer CreateScorer(EntryCodec codec, MultiVector query, InstructionSet instructionSet) => codec switch
    {
        CodesCodec codes => codes.CreateScorer(query.View, instructionSet),
        CodeListCodec lists => lists.CreateScorer(query.View, instructionSet),
        SlicedSetCodec sets => sets.CreateScorer(query.View, instructionSet),
        _ => throw new ArgumentException("No codec of codes.", nameof(codec)),
    };

    private static void AssertScores(float[] expected, CodeScorer scorer, byte[] chunk)
    {
        float[] scores = new float[expected.Length];
        scorer.Score(chunk, scores);
        Assert.Equal(expected, scores);
        foreach (int step in new[] { 1, 3, 40 })
        {
            int[] some = [.. Enumerable.Range(0, expected.Length).Where(i => i % step == 0)];
            float[] someScores = new float[some.Length];
            scorer.Score(chunk, expected.Length, some, someScores);
            Assert.Equal(some.Select(i => expected[i]), someScores);
        }
    }

    // Σ_i max_j T[i, c_j], products in the order of the dimensions, the sum in float64 in the order of the query rows.
    private static float[] ScorePlainly(EntryCodec codec, CodecSamples.Entries entries, MultiVector query)
    {
        CodeParameters parameters = CodeParameters.Read(
            CodeArgument.Parse(codec.Spec, allowsResidual: true), Dimension, codec.WriteParameters());
        int[] codes = parameters.First.Encode(entries.Values);
        int[]? residualCodes = parameters.Residual?.Encode(parameters.First.GetResiduals(entries.Values, codes));
        float[][] table =
            [.. Enumerable.Range(0, query.RowCount)
            .Select(i => Enumerable.Range(0, parameters.First.Count).Select(code => Dot(query.Row(i), parameters.First[code])).ToArray())];
        double step = 1;
        double floor = 0;
        if (residualCodes is null && parameters.First.Count > 256 && query.RowCount > 8)
        {
            // Lists of two-byte codes: similarities in 256 levels from the least of a row on, a step being a 255th of the widest range of a
            // row.
            float[] floors = [.. table.Select(row => row.Min())];
            float range = table.Zip(floors, (row, least) => row.Max() - least).Max();
            step = range / 255.0;
            floor = floors.Sum(least => (double)least);
            table = [.. table.Zip(floors, (row, least) => row.Select(value => MathF.Round((value - least) * (255 / range))).ToArray())];
        }

        float[] scores = new float[entries.Count];
        for (int entry = 0; entry < entries.Count; entry++)
        {
            double score = 0;
            for (int i = 0; i < query.RowCount; i++)
            {
                float best = float.NegativeInfinity;
                for (int row = entries.RowOffsets[entry]; row < entries.RowOffsets[entry + 1]; row++)
                {
                    float similarity = table[i][codes[row]];
                    similarity += residualCodes is null ? 0 : Dot(query.Row(i), parameters.Residual![residualCodes[row]]);
                    best = Math.Max(best, similarity);
                }

                score += best;
            }

            scores[entry] = (float)(floor + (step * score));
        }

        return scores;
    }

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum = MathF.FusedMultiplyAdd(x[k], y[k], sum);
        }

        return sum;
    }
}
