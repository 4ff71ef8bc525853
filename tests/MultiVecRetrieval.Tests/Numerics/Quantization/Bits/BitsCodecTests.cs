using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Bits;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Bits;

public class BitsCodecTests
{
    // Dimensions around the bytes (8), steps (24) and blocks (64) of the kernels.
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 3, 2 }, { 7, 3 }, { 8, 1 }, { 9, 4 }, { 16, 2 }, { 23, 1 }, { 24, 2 }, { 25, 3 }, { 48, 1 }, { 63, 4 },
        { 64, 1 }, { 65, 2 }, { 100, 3 }, { 128, 1 }, { 128, 2 }, { 128, 4 }, { 200, 8 }, { 384, 4 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Score_AnyShape_IsTheInnerProductOfItsCodesUpToTheRoundingOfTheQuery(int dimension, int bits)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: dimension, 150, 9, dimension);
        BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, queries);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(150)));
        codec.Check(chunk, 150);
        BitsDefinition definition = new(codec, chunk, 150);

        for (int planes = 1; planes <= codec.PlaneCount; planes++)
        {
            float[] query = queries[..dimension];
            QueryWeights weights = new(codec.Model, new MultiVectorView(dimension, query), BitScoring.Asymmetric, planes);
            double[] rotated = definition.Rotate(query);
            float[] scores = new float[150];
            codec.CreateScorer(new MultiVectorView(dimension, query), BitScoring.Asymmetric, planes).Score(chunk, scores);

            for (int row = 0; row < 150; row++)
            {
                double expected = definition.Estimate(rotated, query, row, planes);
                double rounding = weights.RoundingErrors[0] * definition.Factor(row) * codec.Model.PlaneFactors[planes - 1];
                Assert.InRange(scores[row], expected - rounding - 1e-5, expected + rounding + 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Score_EveryInstructionSet_GivesTheSameBits(int dimension, int bits)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: dimension + 1, 700, 11, dimension);
        BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, queries);
        int[] offsets = BitsSamples.RandomOffsets(seed: 5, entryCount: 9, maxRowCount: 150);
        float[] values = rows[..(Math.Min(offsets[^1], 700) * dimension)];
        offsets = [.. offsets.Where(offset => offset < 700), .. offsets[^1] < 700 ? Array.Empty<int>() : [700]];
        byte[] chunk = codec.Encode(new EntryRows(dimension, values, offsets));
        byte[] singles = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(700)));

        foreach (BitScoring scoring in Enum.GetValues<BitScoring>())
        {
            foreach (int queryRows in (int[])[1, 4, 11])
            {
                MultiVectorView query = new(dimension, queries.AsSpan(0, queryRows * dimension));
                float[]? expected = null;
                float[]? expectedSingles = null;
                foreach (InstructionSet level in KernelSamples.SupportedInstructionSets())
                {
                    BitsScorer scorer = codec.CreateScorer(query, scoring, codec.PlaneCount, level);
                    float[] scores = new float[offsets.Length - 1];
                    float[] singleScores = new float[700];
                    scorer.Score(chunk, scores);
                    scorer.Score(singles, singleScores);

                    Assert.Equal(expected ??= scores, scores);
                    Assert.Equal(expectedSingles ??= singleScores, singleScores);
                }
            }
        }
    }

    [Fact]
    public void Score_SomeEntries_EqualsScoringAll()
    {
        const int dimension = 40;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 2, 3_000, 7, dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, queries);
        MultiVectorView query = new(dimension, queries);
        int[] many = BitsSamples.RandomOffsets(seed: 3, entryCount: 400, maxRowCount: 9);
        int[] large = BitsSamples.RandomOffsets(seed: 4, entryCount: 8, maxRowCount: 600);
        foreach (int[] offsets in (int[][])[BitsSamples.SingleRows(1_000), many, large])
        {
            int entryCount = offsets.Length - 1;
            float[] values = new float[offsets[^1] * dimension];
            rows.AsSpan(0, Math.Min(rows.Length, values.Length)).CopyTo(values);
            byte[] chunk = codec.Encode(new EntryRows(dimension, values, offsets));
            CodeScorer scorer = codec.CreateScorer(query);
            float[] all = new float[entryCount];
            scorer.Score(chunk, all);

            foreach (int step in (int[])[1, 2, 7, 100])
            {
                int[] some = [.. Enumerable.Range(0, entryCount).Where(entry => entry % step == 0)];
                float[] scores = new float[some.Length];
                scorer.Score(chunk, entryCount, some, scores);
                Assert.Equal([.. some.Select(entry => all[entry])], scores);
            }
        }
    }

    [Fact]
    public void Score_SeveralRows_IsTheSumOfTheMaximaOfSingleRows()
    {
        const int dimension = 96;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 6, 2_000, 21, dimension);
        BitsCodec codec = BitsSamples.Train("bits:4", dimension, rows, queries);
        int[] offsets = [0, 1, 64, 65, 129, 700, 1_999, 2_000];
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, offsets));
        byte[] singles = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(2_000)));
        float[] scores = new float[offsets.Length - 1];
        codec.CreateScorer(new MultiVectorView(dimension, queries)).Score(chunk, scores);

        double[] expected = new double[scores.Length];
        float[] products = new float[2_000];
        for (int row = 0; row < 21; row++)
        {
            codec.CreateScorer(new MultiVectorView(dimension, queries.AsSpan(row * dimension, dimension))).Score(singles, products);
            for (int entry = 0; entry < expected.Length; entry++)
            {
                expected[entry] += products[offsets[entry]..offsets[entry + 1]].Max();
            }
        }

        for (int entry = 0; entry < expected.Length; entry++)
        {
            // A single row's score is rounded to float32 once more.
            Assert.Equal(expected[entry], scores[entry], 21 * 2e-7);
        }
    }

    [Theory]
    [InlineData(24, 1)]
    [InlineData(64, 2)]
    [InlineData(130, 4)]
    public void Symmetric_UniformBits_IsTheExactSumOfProductsOfLevels(int dimension, int bits)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 7, 100, 3, dimension, decay: 0);
        BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, []);
        Assert.False(codec.HasSegments);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(100)));
        float[] query = queries[..dimension];
        BitsDefinition definition = new(codec, chunk, 100);

        // The query as a row: without known queries both are centered alike, by nothing in the query's case.
        QueryWeights weights = new(codec.Model, new MultiVectorView(dimension, query), BitScoring.Symmetric, bits);
        float[] scores = new float[100];
        codec.CreateScorer(new MultiVectorView(dimension, query), BitScoring.Symmetric, bits).Score(chunk, scores);

        double constant = BitsSamples.Dot(query, codec.Model.Mean);
        for (int row = 0; row < 100; row++)
        {
            int[] levels = definition.Levels(row, bits);
            int sum = Enumerable.Range(0, dimension).Sum(k => weights.Weights[k] * levels[k]);
            Assert.All(weights.Weights, weight => Assert.True(int.IsOddInteger(weight) && Math.Abs(weight) < 1 << bits));
            float scale = (float)(weights.Steps[0] / (1 << (bits - 1)));
            float expected = MathF.FusedMultiplyAdd(sum * definition.Factor(row), scale, 0);
            Assert.Equal((float)(expected + constant), scores[row]);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(200)]
    public void Hamming_AnyDimension_IsTheShareOfEqualSigns(int dimension)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 8, 130, 4, dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, queries);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(130)));
        byte[] queryChunk = codec.Encode(new EntryRows(dimension, Shift(queries, codec), BitsSamples.SingleRows(4)));
        BitsDefinition definition = new(codec, chunk, 130);
        int[] querySigns = new BitsDefinition(codec, queryChunk, 4).Levels(2, planeCount: 1);
        float[] scores = new float[130];
        codec.CreateScorer(new MultiVectorView(dimension, queries.AsSpan(2 * dimension, dimension)), BitScoring.Hamming, 1)
            .Score(chunk, scores);

        for (int row = 0; row < 130; row++)
        {
            int[] signs = definition.Levels(row, planeCount: 1);
            int n = signs.Count(sign => sign != 0);
            int distance = Enumerable.Range(0, dimension).Count(k => signs[k] != querySigns[k]);
            Assert.Equal((float)((n - (2.0 * distance)) * (float)(1.0 / n)), scores[row], 1e-7f);
        }

        // As a row, a query is centered by the mean of the rows: moved there it has the query's signs.
        static float[] Shift(float[] queries, BitsCodec codec) =>
            [.. queries.Select(
                (value, i) => (float)((double)value - codec.Model.QueryMean[i % codec.Dimension] + codec.Model.Mean[i % codec.Dimension]))];
    }

    [Theory]
    [InlineData("bits:2-symmetric", BitScoring.Symmetric)]
    [InlineData("bits:2-hamming", BitScoring.Hamming)]
    public void CreateScorer_SpecSaysHow_ScoresThatWayTheBitsOfThePlainSpec(string spec, BitScoring scoring)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 8, 200, 4, dimension: 12);
        BitsCodec plain = BitsSamples.Train("bits:2", 12, rows, queries);
        BitsCodec codec = BitsSamples.Train(spec, 12, rows, queries);
        MultiVectorView query = new(12, queries);
        byte[] chunk = plain.Encode(new EntryRows(12, rows, BitsSamples.SingleRows(200)));
        float[] expected = new float[200], scores = new float[200];

        plain.CreateScorer(query, scoring, plain.PlaneCount).Score(chunk, expected);
        codec.CreateScorer(query).Score(chunk, scores);

        // Rows as short as these have no segments, which the way of scoring might choose otherwise.
        Assert.Equal(plain.WriteParameters(), codec.WriteParameters());
        Assert.Equal(expected, scores);
        Assert.Equal((true, false), (plain.HasUpperBounds, codec.HasUpperBounds));
    }

    [Theory]
    [InlineData(16, 1, 0.0)]
    [InlineData(64, 2, 0.5)]
    [InlineData(100, 4, 1.0)]
    [InlineData(128, 8, 0.5)]
    public void ScoreUpperBounds_AnyEntry_IsNeverBelowTheFloat32MaxSim(int dimension, int bits, double decay)
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 9, 800, 40, dimension, decay);
        BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, queries);
        foreach (int[] offsets in (int[][])[BitsSamples.SingleRows(800), [0, 1, 3, 200, 264, 300, 799, 800]])
        {
            byte[] chunk = codec.Encode(new EntryRows(dimension, rows, offsets));
            float[] bounds = new float[offsets.Length - 1];
            for (int first = 0; first + 5 <= 40; first += 5)
            {
                MultiVector query = new(dimension, queries[(first * dimension)..((first + 5) * dimension)]);
                codec.CreateScorer(query.View).ScoreUpperBounds(chunk, bounds);
                MaxSimScorer exact = new(query.View, RowFormat.Float32);
                for (int entry = 0; entry < bounds.Length; entry++)
                {
                    MultiVector entryRows = new(dimension, rows[(offsets[entry] * dimension)..(offsets[entry + 1] * dimension)]);
                    float score = exact.Score(KernelSamples.Pack(RowFormat.Float32, entryRows), entryRows.RowCount);
                    Assert.True(bounds[entry] >= score, $"entry {entry}: bound {bounds[entry]:r}, MaxSim {score:r}");
                }
            }
        }
    }

    [Fact]
    public void ScoreUpperBounds_MoreBits_AreTighter()
    {
        const int dimension = 64;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 10, 400, 4, dimension);
        double[] widths = [.. ((int[])[1, 2, 4]).Select(bits =>
        {
            BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, queries);
            byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(400)));
            float[] bounds = new float[400];
            float[] scores = new float[400];
            CodeScorer scorer = codec.CreateScorer(new MultiVectorView(dimension, queries.AsSpan(0, dimension)));
            scorer.Score(chunk, scores);
            scorer.ScoreUpperBounds(chunk, bounds);
            return bounds.Zip(scores, (bound, score) => (double)bound - score).Average();
        })];

        Assert.True(widths[0] > 1.5 * widths[1] && widths[1] > 1.5 * widths[2], string.Join(", ", widths));
    }

    [Fact]
    public void ScoreUpperBounds_FewerPlanes_ThrowsNotSupported()
    {
        float[] rows = BitsSamples.RandomValues(seed: 11, 100 * 8);
        BitsCodec codec = BitsSamples.Train("bits:2", 8, rows, []);
        byte[] chunk = codec.Encode(new EntryRows(8, rows, BitsSamples.SingleRows(100)));
        CodeScorer scorer = codec.CreateScorer(new MultiVectorView(8, rows.AsSpan(0, 8)), BitScoring.Asymmetric, planeCount: 1);

        Assert.Throws<NotSupportedException>(() => scorer.ScoreUpperBounds(chunk, new float[100]));
    }
}
