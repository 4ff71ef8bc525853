using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

/// <summary>The fast segmenters against slow ones that follow the definitions word by word.</summary>
public class SegmenterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bpe_RandomMerges_EqualsMergingTheBestPairAgainAndAgain(int seed)
    {
        Random random = new(seed);
        Vocabulary vocabulary = new();
        MergeTable merges = new(vocabulary);
        List<string> tokens = [];
        void Add(string token)
        {
            if (!vocabulary.TryGetId(token, out _))
            {
                vocabulary.Add(token, tokens.Count);
                tokens.Add(token);
            }
        }

        foreach (string letter in new[] { "a", "b", "c", "😀" })
        {
            Add(letter);
        }

        HashSet<(string, string)> seen = [];
        for (int i = 0; i < 60; i++)
        {
            string left = tokens[random.Next(tokens.Count)], right = tokens[random.Next(tokens.Count)];
            if (left.Length + right.Length <= 8 && seen.Add((left, right)))
            {
                Add(left + right);
                merges.Add(left, right);
            }
        }

        BpeSegmenter segmenter = new(vocabulary, merges.Pairs, new BpeOptions());
        for (int round = 0; round < 300; round++)
        {
            string word = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => tokens[random.Next(4)]));
            List<int> actual = [];
            segmenter.Segment(word, actual);

            List<int> expected = [.. word.EnumerateRunes().Select(rune => tokens.IndexOf(rune.ToString()))];
            while (true)
            {
                var best = Enumerable.Range(0, expected.Count - 1)
                    .Where(i => merges.Pairs.ContainsKey(MergeTable.Key(expected[i], expected[i + 1])))
                    .Select(i => (merges.Pairs[MergeTable.Key(expected[i], expected[i + 1])].Rank, i))
                    .DefaultIfEmpty((int.MaxValue, -1)).Min();
                if (best.Item2 < 0)
                {
                    break;
                }

                expected[best.Item2] = merges.Pairs[MergeTable.Key(expected[best.Item2], expected[best.Item2 + 1])].Merged;
                expected.RemoveAt(best.Item2 + 1);
            }

            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Unigram_RandomScores_FindsTheBestOfAllSegmentations()
    {
        Random random = new(Seed: 5);
        Vocabulary vocabulary = new();
        List<double> scores = [];
        foreach (string token in new[] { "<unk>", "a", "b", "ab", "ba", "aab", "bb", "abab", "😀a" })
        {
            vocabulary.Add(token, scores.Count);
            scores.Add(-random.NextDouble() * 10);
        }

        UnigramSegmenter segmenter = new(vocabulary, [.. scores], unknownId: 0, byteFallback: false);
        for (int round = 0; round < 200; round++)
        {
            string word = string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(2) == 0 ? "a" : "b"));
            List<int> ids = [];
            segmenter.Segment(word, ids);

            Assert.Equal(word, string.Concat(ids.Select(vocabulary.Token)));
            Assert.Equal(Best(word), ids.Sum(id => scores[id]), 1e-9);
        }

        double Best(string rest) => rest.Length == 0 ? 0 : Enumerable.Range(1, rest.Length)
            .Where(length => vocabulary.TryGetId(rest.AsSpan(0, length), out _))
            .Select(length => (vocabulary.TryGetId(rest.AsSpan(0, length), out int id) ? scores[id] : 0) + Best(rest[length..]))
            .DefaultIfEmpty(double.NegativeInfinity).Max();
    }

    [Fact]
    public void Unigram_UnknownNeighbours_AreOneUnknownTokenOrTheirBytes()
    {
        Vocabulary vocabulary = new();
        string[] tokens = ["<unk>", "a", .. Enumerable.Range(0, 256).Select(i => $"<0x{i:X2}>")];
        for (int i = 0; i < tokens.Length; i++)
        {
            vocabulary.Add(tokens[i], i);
        }

        double[] scores = [.. tokens.Select(_ => -1.0)];
        List<int> unknown = [], bytes = [];

        new UnigramSegmenter(vocabulary, scores, unknownId: 0, byteFallback: false).Segment("aéza", unknown);
        new UnigramSegmenter(vocabulary, scores, unknownId: 0, byteFallback: true).Segment("aéza", bytes);

        Assert.Equal([1, 0, 1], unknown);
        Assert.Equal([1, .. System.Text.Encoding.UTF8.GetBytes("éz").Select(b => b + 2), 1], bytes);
    }

    [Fact]
    public void WordPiece_GreedyFromTheLeft_OrOneUnknownToken()
    {
        Vocabulary vocabulary = new();
        string[] tokens = ["[UNK]", "un", "##aff", "##able", "##a", "unaf"];
        for (int i = 0; i < tokens.Length; i++)
        {
            vocabulary.Add(tokens[i], i);
        }

        WordPieceSegmenter segmenter = new(vocabulary, "##", unknownId: 0, longestWord: 9);
        List<int> greedy = [], failed = [], tooLong = [];
        segmenter.Segment("unaffable", greedy);
        segmenter.Segment("unaable", failed);
        segmenter.Segment("unaaaaaaaa", tooLong);

        // "unaf" is the longest first match and leaves "fable", which no token begins.
        Assert.Equal([0], greedy);
        Assert.Equal([1, 4, 3], failed);
        Assert.Equal([0], tooLong);
    }
}
