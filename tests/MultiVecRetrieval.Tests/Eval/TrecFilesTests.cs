using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Tests.Eval;

public sealed class TrecFilesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_RunWithBlanksInKeys_TakesTheKeyBetweenTheFields()
    {
        File.WriteAllText(_path, "q1 Q0 my report.pdf#page=3 1 2.5 mvr\n\nq1\tQ0\ta b c.png\t2\t1e-3\tmvr\n");

        RankedRun run = RankedRun.Read(_path);

        Assert.Equal(["my report.pdf#page=3", "a b c.png"], run.Ranking("q1"));
    }

    [Fact]
    public void Ranking_EqualScores_AreOrderedByKeyWhateverTheRanksSay()
    {
        File.WriteAllText(_path, "q Q0 b 1 0.5 t\nq Q0 B 2 0.5 t\nq Q0 a 3 0.5 t\nq Q0 z 4 0.9 t\n");

        Assert.Equal(["z", "B", "a", "b"], RankedRun.Read(_path).Ranking("q"));
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameRunByte()
    {
        RankedRun run = new();
        run.Add("q2", "x y.pdf#page=1", 1.0 / 3);
        run.Add("q2", "z", -4e-17);
        run.Add("q1", "z", double.Epsilon);

        run.Write(_path, "tag");
        string first = File.ReadAllText(_path);
        RankedRun.Read(_path).Write(_path, "tag");

        Assert.Equal(first, File.ReadAllText(_path));
        Assert.Equal(3, first.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("q2 Q0 x y.pdf#page=1 1 0.3333333333333333 tag", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_JudgementsThenRead_KeepsEveryGain()
    {
        Judgements judgements = new();
        judgements.Add("q1", "a b.pdf#page=1", 1);
        judgements.Add("q1", "c", 0);
        judgements.Add("q2", "c", 2.5);

        judgements.Write(_path);
        Judgements read = Judgements.Read(_path);

        Assert.Equal("q1 0 a b.pdf#page=1 1\nq1 0 c 0\nq2 0 c 2.5\n", File.ReadAllText(_path));
        Assert.Equal(["q1", "q2"], read.QueryIds);
        Assert.Equal(2.5, read.Of("q2")["c"]);
        Assert.Empty(read.Of("q3"));
    }

    [Theory]
    [InlineData("q Q0 key 1 0.5")]
    [InlineData("q")]
    [InlineData("q Q0 key 1 high tag")]
    [InlineData("q Q0 key 1 NaN tag")]
    public void Read_BrokenRunLine_ThrowsWithPathAndLine(string line)
    {
        File.WriteAllText(_path, "q Q0 fine 1 1 t\n" + line + "\n");

        TrecFormatException exception = Assert.Throws<TrecFormatException>(() => RankedRun.Read(_path));

        Assert.Equal(_path, exception.Path);
        Assert.Equal(2, exception.Line);
    }

    [Fact]
    public void Read_KeyTwiceForAQuery_Throws()
    {
        File.WriteAllText(_path, "q Q0 a 1 2 t\nq Q0 a 2 1 t\n");

        Assert.Equal(2, Assert.Throws<TrecFormatException>(() => RankedRun.Read(_path)).Line);
    }

    [Fact]
    public void Add_WhatNoFileCouldHold_Throws()
    {
        RankedRun run = new();

        Assert.Throws<ArgumentException>(() => run.Add("two words", "a", 1));
        Assert.Throws<ArgumentException>(() => run.Add("q", "line\nbreak", 1));
        Assert.Throws<ArgumentException>(() => run.Add("q", "a", double.NaN));
        Assert.Throws<ArgumentException>(() => run.Add("q", "", 1));
    }

    [Fact]
    public void Compute_QueryWithoutAnswers_CountsZero()
    {
        Judgements judgements = new();
        judgements.Add("q1", "a", 1);
        judgements.Add("q2", "b", 1);
        RankedRun run = new();
        run.Add("q1", "a", 1);
        run.Add("unjudged", "b", 1);

        RunScores scores = RunScores.Compute(run, judgements);

        Assert.Equal(2, scores.QueryCount);
        Assert.Equal(0.5, scores.RecallAt1.Mean);
        Assert.Equal(0.5, scores.NdcgAt10.Mean);
        Assert.Equal(1.0, RunScores.Compute(run, judgements, id => id == "q1").AveragePrecision.Mean);
    }
}
