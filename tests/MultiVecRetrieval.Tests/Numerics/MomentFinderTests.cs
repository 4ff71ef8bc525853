using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

/// <summary>Moments against the definition by brute force, and planted ones.</summary>
public sealed class MomentFinderTests
{
    private readonly Random _random = new(11);

    [Fact]
    public void Find_RandomScores_BestBoxIsThatOfLeastSquares()
    {
        for (int round = 0; round < 60; round++)
        {
            int count = _random.Next(2, 25);
            (double[] starts, double[] ends) = Spans(count);
            double[] scores = [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble())];

            Moment found = Assert.Single(MomentFinder.Find(starts, ends, scores, 1));

            (double Error, int First, int Last) best = Enumerable.Range(0, count)
                .SelectMany(first => Enumerable.Range(first + 1, count - first).Select(last => (first, last)))
                .Where(box => box.last - box.first < count)
                .Where(box => Mean(box.first, box.last, inside: true) > Mean(box.first, box.last, inside: false))
                .Select(box => (Error(box.first, box.last), box.first, box.last))
                .Min();
            Assert.Equal(starts[best.First], found.StartSeconds);
            Assert.Equal(ends[best.Last - 1], found.EndSeconds);
            Assert.Equal(Mean(best.First, best.Last, inside: true), found.Score, 9);

            double Mean(int first, int last, bool inside)
            {
                int[] frames = [.. Enumerable.Range(0, count).Where(i => (i >= first && i < last) == inside)];
                return frames.Sum(i => (ends[i] - starts[i]) * scores[i]) / frames.Sum(i => ends[i] - starts[i]);
            }

            double Error(int first, int last) => Enumerable.Range(0, count).Sum(i =>
                (ends[i] - starts[i]) * Math.Pow(scores[i] - Mean(first, last, inside: i >= first && i < last), 2));
        }
    }

    [Fact]
    public void Find_TwoPlantedMoments_FindsBothAndNothingWithinThem()
    {
        double[] scores = [.. Enumerable.Range(0, 200).Select(i =>
            (i is >= 20 and < 50 ? 0.8 : i is >= 120 and < 135 ? 0.7 : 0.1) + (0.05 * _random.NextDouble()))];
        double[] starts = [.. Enumerable.Range(0, 200).Select(i => i / 2.0)];

        IReadOnlyList<Moment> found = MomentFinder.Find(starts, [.. starts.Select(start => start + 0.5)], scores, 2);

        Assert.Equal([(10, 25), (60, 67.5)], found.Select(moment => (moment.StartSeconds, moment.EndSeconds)));
    }

    [Fact]
    public void Find_LongVideo_FindsTheMomentWithinAStep()
    {
        double[] starts = [.. Enumerable.Range(0, 5_000).Select(i => (double)i)];
        double[] scores = [.. starts.Select(start => start is >= 1_203 and < 1_411 ? 0.9 : 0.2)];

        Moment found = Assert.Single(MomentFinder.Find(starts, [.. starts.Select(start => start + 1)], scores, 1));

        Assert.True(MomentFinder.Overlap(found, new Moment(1_203, 1_411, 0)) > 0.95);
    }

    [Fact]
    public void Find_NothingStandsOut_FindsNothing()
    {
        Assert.Empty(MomentFinder.Find([], [], [], 3));
        Assert.Empty(MomentFinder.Find([0, 1, 2], [1, 2, 3], [0.5, 0.5, 0.5], 3));
        Assert.Empty(MomentFinder.Find([0], [1], [0.5], 3));
        Assert.Equal(2, Assert.Single(MomentFinder.Find([0, 1, 2], [1, 2, 3], [double.NegativeInfinity, 0.1, 0.5], 1)).StartSeconds);
    }

    [Fact]
    public void Find_WrongSpans_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => MomentFinder.Find([0, 1], [1], [0.5], 3));
        Assert.Throws<ArgumentException>(() => MomentFinder.Find([0, 0.5], [1, 2], [0.5, 0.5], 3));
        Assert.Throws<ArgumentException>(() => MomentFinder.Find([1], [1], [0.5], 3));
    }

    [Fact]
    public void Overlap_IsSharedOverCovered()
    {
        Assert.Equal(5 / 15.0, MomentFinder.Overlap(new Moment(0, 10, 0), new Moment(5, 15, 0)), 9);
        Assert.Equal(0, MomentFinder.Overlap(new Moment(0, 10, 0), new Moment(11, 15, 0)));
    }

    private (double[] Starts, double[] Ends) Spans(int count)
    {
        (double[] starts, double[] ends) = (new double[count], new double[count]);
        double time = 0;
        for (int i = 0; i < count; i++)
        {
            time += _random.NextDouble() < 0.3 ? 0.5 : 0;
            (starts[i], ends[i]) = (time, time + 0.2 + _random.NextDouble());
            time = ends[i];
        }

        return (starts, ends);
    }
}
