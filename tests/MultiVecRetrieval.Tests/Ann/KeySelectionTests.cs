using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Tests.Ann;

public sealed class KeySelectionTests
{
    [Fact]
    public void Select_AnyKeysAndCount_MovesTheSmallestToTheFront()
    {
        Random random = new(Seed: 1);
        for (int round = 0; round < 3000; round++)
        {
            int length = random.Next(1, 60);
            ulong[] keys = [.. Enumerable.Range(0, length).Select(_ => (ulong)random.Next(round % 3 == 0 ? 5 : 1000))];
            int count = random.Next(length + 1);
            ulong[] selected = [.. keys];

            KeySelection.Select(selected, count);

            Assert.Equal(keys.Order().Take(count), selected.Take(count).Order());
            Assert.Equal(keys.Order(), selected.Order());
        }
    }

    [Fact]
    public void Keys_AnyScores_SortByScoreAndThenById()
    {
        float[] scores = [float.NegativeInfinity, -2.5f, -1e-40f, -0f, 0, 1e-40f, 1, 3e38f, float.PositiveInfinity];
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.Equal(scores[i], ScoreKey.GetScore(ScoreKey.Create(scores[i], 5)));
            Assert.Equal(int.MaxValue, ScoreKey.GetNode(ScoreKey.Create(scores[i], int.MaxValue)));
            Assert.True(ScoreKey.Create(scores[i], 5) < ScoreKey.Create(scores[i], 6));
            Assert.True(i == 0 || ScoreKey.Create(scores[i], 9) < ScoreKey.Create(scores[i - 1], 1));
        }
    }
}
