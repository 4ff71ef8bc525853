using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

/// <summary>Planted segments in matrices of similarities, and the best path against all paths.</summary>
public sealed class SegmentAlignerTests
{
    private static readonly SegmentAlignment Options = new() { Threshold = 0.8 };

    private readonly Random _random = new(17);

    [Fact]
    public void Align_OneSegment_IsFoundWhereItWasPlanted()
    {
        float[] similarities = Noise(60, 40);
        Plant(similarities, 40, firstStart: 10, secondStart: 25, length: 12);

        AlignedSpans found = Assert.Single(SegmentAligner.Align(Frames(60), Frames(40), similarities, Options));

        Assert.Equal((10, 22, 25, 37),
            (found.First.StartSeconds, found.First.EndSeconds, found.Second.StartSeconds, found.Second.EndSeconds));
        Assert.Equal(0.95, found.Similarity, 2);
        Assert.Equal(1, found.Speed, 6);
    }

    [Fact]
    public void Align_OneSegmentTwiceAndAnother_FindsThree()
    {
        float[] similarities = Noise(80, 90);
        Plant(similarities, 90, 5, 2, 14);
        Plant(similarities, 90, 5, 40, 14);
        Plant(similarities, 90, 50, 70, 10);

        IReadOnlyList<AlignedSpans> found = SegmentAligner.Align(Frames(80), Frames(90), similarities, Options);

        Assert.Equal([(5, 2), (5, 40), (50, 70)],
            found.Select(spans => (spans.First.StartSeconds, spans.Second.StartSeconds)).Order());
        Assert.Equal(10, found[2].First.Length);
    }

    [Theory]
    [InlineData(1.25)]
    [InlineData(0.8)]
    [InlineData(1.5)]
    public void Align_FasterOrSlower_IsFollowed(double speed)
    {
        const int Width = 60;
        float[] similarities = Noise(60, Width);
        for (int i = 0; i < 20; i++)
        {
            // Frame i of the first stands at i / speed in the second; each second of those shows what is on there.
            for (int j = 0; j < Width; j++)
            {
                if (j - 20 >= 0 && (int)((j - 20 + 0.5) * speed) == i)
                {
                    similarities[((10 + i) * Width) + j] = 0.95f;
                }
            }
        }

        AlignedSpans found = Assert.Single(SegmentAligner.Align(Frames(60), Frames(Width), similarities, Options));

        // Frames that a faster copy skips are like none of its; the ends are right to two of them.
        Assert.InRange(found.First.StartSeconds, 9, 12.5);
        Assert.InRange(found.First.EndSeconds, 28, 31);
        Assert.InRange(found.Speed, 0.92 * speed, 1.08 * speed);
    }

    [Fact]
    public void Align_ShortGap_IsBridgedAndALongOneIsNot()
    {
        float[] similarities = Noise(80, 80);
        Plant(similarities, 80, 10, 10, 10);
        Plant(similarities, 80, 22, 22, 10);
        Plant(similarities, 80, 50, 50, 10);

        IReadOnlyList<AlignedSpans> found = SegmentAligner.Align(Frames(80), Frames(80), similarities, Options);

        Assert.Equal([(10, 32), (50, 60)], found.Select(spans => (spans.First.StartSeconds, spans.First.EndSeconds)));
    }

    [Fact]
    public void Align_StillFrame_IsNoSegment()
    {
        // One frame of ten seconds in both: a title.
        Moment[] frames = [new(0, 10, 1), .. Enumerable.Range(10, 20).Select(i => new Moment(i, i + 1, 1))];
        float[] similarities = Noise(21, 21);
        similarities[0] = 1;

        Assert.Empty(SegmentAligner.Align(frames, frames, similarities, Options));
        Assert.Single(SegmentAligner.Align(frames, frames, similarities, Options with { MinFrames = 1 }));
    }

    [Fact]
    public void Align_TooShortOrUnlike_IsNoSegment()
    {
        float[] shortOne = Noise(30, 30);
        Plant(shortOne, 30, 5, 5, 2);
        float[] unlike = Noise(30, 30);
        Plant(unlike, 30, 5, 5, 20, 0.79f);

        Assert.Empty(SegmentAligner.Align(Frames(30), Frames(30), shortOne, Options with { MinFrames = 1 }));
        Assert.Empty(SegmentAligner.Align(Frames(30), Frames(30), unlike, Options));
        Assert.Empty(SegmentAligner.Align([], Frames(30), [], Options));
    }

    [Fact]
    public void Align_RandomMatrices_BestPathIsTheBestOfAllPaths()
    {
        SegmentAlignment free = new() { Threshold = 0.5, StepSeconds = 1, MinSeconds = 0.5, MaxGapSeconds = 1e6, MinFrames = 1 };
        int compared = 0;
        for (int round = 0; round < 100; round++)
        {
            (int rows, int columns) = (_random.Next(2, 7), _random.Next(2, 7));
            float[] similarities = [.. Enumerable.Range(0, rows * columns).Select(_ => 0.3f + (0.6f * _random.NextSingle()))];

            IReadOnlyList<AlignedSpans> found = SegmentAligner.Align(Frames(rows), Frames(columns), similarities, free);

            double best = Enumerable.Range(0, rows * columns).Max(start =>
                Weight(similarities[start]) <= 0 ? 0 : BestFrom(start / columns, start % columns, Weight(similarities[start])));
            // Below that the best path may be too weak on the mean to be told of.
            if (best >= 1.5)
            {
                compared++;
                Assert.Equal(best, found[0].Score, 4);
            }

            double Weight(float similarity) => Math.Clamp((similarity - 0.5) / 0.5, -1, 1);

            // Every way on from a cell, by definition: both, the first alone, the second alone. A path that has fallen to 0 is over.
            double BestFrom(int i, int j, double score)
            {
                if (score <= 0)
                {
                    return 0;
                }

                double most = score;
                if (i + 1 < rows && j + 1 < columns)
                {
                    most = Math.Max(most, BestFrom(i + 1, j + 1, score + Weight(similarities[((i + 1) * columns) + j + 1])));
                }

                if (i + 1 < rows)
                {
                    most = Math.Max(most, BestFrom(i + 1, j, score - (Weight(similarities[((i + 1) * columns) + j]) > 0 ? 0.25 : 1)));
                }

                return j + 1 < columns
                    ? Math.Max(most, BestFrom(i, j + 1, score - (Weight(similarities[(i * columns) + j + 1]) > 0 ? 0.25 : 1)))
                    : most;
            }
        }

        Assert.True(compared > 30, $"{compared}");
    }

    [Fact]
    public void Align_LongVideos_TakesLongerStepsAndFindsTheSegment()
    {
        Moment[] first = [.. Enumerable.Range(0, 400).Select(i => new Moment(30 * i, 30 * (i + 1), 1))];
        float[] similarities = Noise(400, 400);
        Plant(similarities, 400, 100, 300, 40);

        AlignedSpans found = Assert.Single(SegmentAligner.Align(first, first, similarities, Options));

        Assert.Equal(3000, found.First.StartSeconds, 3.0);
        Assert.Equal(4200, found.First.EndSeconds, 3.0);
        Assert.Equal(9000, found.Second.StartSeconds, 3.0);
    }

    [Fact]
    public void Align_WrongInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SegmentAligner.Align(Frames(2), Frames(2), new float[3], Options));
        Assert.Throws<ArgumentException>(() => SegmentAligner.Align([new(0, 2, 1), new(1, 3, 1)], Frames(1), new float[2], Options));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => SegmentAligner.Align(Frames(1), Frames(1), new float[1], Options with { Threshold = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => SegmentAligner.Align(Frames(1), Frames(1), new float[1], Options with { MinSeconds = 0 }));
    }

    private static Moment[] Frames(int count) => [.. Enumerable.Range(0, count).Select(i => new Moment(i, i + 1, 1))];

    private float[] Noise(int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(_ => 0.3f + (0.3f * _random.NextSingle()))];

    private static void Plant(float[] similarities, int width, int firstStart, int secondStart, int length, float similarity = 0.95f)
    {
        for (int i = 0; i < length; i++)
        {
            similarities[((firstStart + i) * width) + secondStart + i] = similarity;
        }
    }
}
