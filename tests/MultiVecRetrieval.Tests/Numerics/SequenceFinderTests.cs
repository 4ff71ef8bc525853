using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

public class SequenceFinderTests
{
    [Fact]
    public void Find_EventsInOrder_FindsEachAndKeepsEverything()
    {
        double[] first = Steps(30, (4, 9));
        double[] second = Steps(30, (15, 22));

        EventSequence found = SequenceFinder.Find(Ones(30), [first, second])!;

        Assert.Equal([(4, 9), (15, 22)], found.Events.Select(own => (own.First, own.End)));
        Assert.Equal(1, found.Share, 1e-9);
        Assert.All(found.Events, own => Assert.Equal(0.9, own.Score, 1e-9));
    }

    [Fact]
    public void Find_EventsInTheOtherOrder_KeepsHalfAtMost()
    {
        EventSequence found = SequenceFinder.Find(Ones(30), [Steps(30, (15, 22)), Steps(30, (4, 9))])!;

        Assert.InRange(found.Share, 0, 0.55);
        Assert.True(found.Events[0].End <= found.Events[1].First);
    }

    // Seen twice, the event takes the time at which the order holds.
    [Fact]
    public void Find_EventThatComesTwice_TakesTheOneInOrder()
    {
        EventSequence found = SequenceFinder.Find(Ones(40), [Steps(40, (10, 14)), Steps(40, (2, 6), (30, 34))])!;

        Assert.Equal([(10, 14), (30, 34)], found.Events.Select(own => (own.First, own.End)));
    }

    [Fact]
    public void Find_RandomScores_ExplainsAsMuchAsTheBestOfAllPlacements()
    {
        Random random = new(7);
        for (int round = 0; round < 40; round++)
        {
            int frames = random.Next(6, 12);
            double[] lengths = [.. Enumerable.Range(0, frames).Select(_ => 0.5 + random.NextDouble())];
            double[][] scores =
            [
                .. Enumerable.Range(0, 2).Select(k => Enumerable.Range(0, frames)
                    .Select(t => (0.3 * random.NextDouble()) + (t / 3 == (2 * k) + (round % 2) ? 1 : 0)).ToArray()),
            ];

            EventSequence found = SequenceFinder.Find(lengths, scores)!;

            double best = double.NegativeInfinity;
            foreach ((int a, int b, int c, int d) in Placements(frames))
            {
                best = Math.Max(best, Explained(lengths, scores[0], a, b) + Explained(lengths, scores[1], c, d));
            }

            double reached = found.Events.Select((own, k) => Explained(lengths, scores[k], own.First, own.End)).Sum();
            Assert.Equal(best, reached, 1e-9);
        }
    }

    [Fact]
    public void Find_ScoresThatDoNotVary_LeaveRoomToTheOthers()
    {
        EventSequence found = SequenceFinder.Find(Ones(12), [Ones(12), Steps(12, (3, 6)), Ones(12)])!;

        Assert.Equal((3, 6), (found.Events[1].First, found.Events[1].End));
        Assert.Equal(1, found.Share, 1e-9);
    }

    [Fact]
    public void Find_FewerFramesThanEvents_FindsNothing() =>
        Assert.Null(SequenceFinder.Find([1], [[1.0], [1.0]]));

    [Fact]
    public void Find_WrongInput_SaysWhat()
    {
        Assert.Contains("no events", Assert.Throws<ArgumentException>(() => SequenceFinder.Find([1], [])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Event 0 has 1 scores for 2", Assert.Throws<ArgumentException>(() => SequenceFinder.Find([1, 1], [[1.0]])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no length", Assert.Throws<ArgumentException>(() => SequenceFinder.Find([0], [[1.0]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SequenceFinder.Find([1], [[double.NaN]]));
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static double[] Steps(int count, params (int First, int End)[] high) =>
        [.. Enumerable.Range(0, count).Select(t => high.Any(own => t >= own.First && t < own.End) ? 0.9 : 0.1)];

    private static IEnumerable<(int, int, int, int)> Placements(int frames) =>
        from a in Enumerable.Range(0, frames)
        from b in Enumerable.Range(a + 1, frames - a)
        from c in Enumerable.Range(b, Math.Max(0, frames - b))
        from d in Enumerable.Range(c + 1, frames - c)
        select (a, b, c, d);

    // The definition: squared distances from the mean less those from the two levels, as a share.
    private static double Explained(double[] lengths, double[] scores, int first, int end)
    {
        int[] all = [.. Enumerable.Range(0, scores.Length)];
        int[] inside = [.. all.Where(t => t >= first && t < end)];
        int[] outside = [.. all.Except(inside)];
        double Mean(int[] frames) => frames.Sum(t => lengths[t] * scores[t]) / frames.Sum(t => lengths[t]);
        double Squares(int[] frames, double level) => frames.Sum(t => lengths[t] * Math.Pow(scores[t] - level, 2));
        if (outside.Length == 0 || Mean(inside) <= Mean(outside))
        {
            return 0;
        }

        double variation = Squares(all, Mean(all));
        return (variation - Squares(inside, Mean(inside)) - Squares(outside, Mean(outside))) / variation;
    }
}
