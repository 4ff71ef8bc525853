using MultiVecRetrieval.Eval.Presence;

namespace MultiVecRetrieval.Tests.Eval;

public class PresenceTests
{
    [Theory]
    [InlineData("pressure", PresenceKind.Present)]
    [InlineData("pressures", PresenceKind.Near)]
    [InlineData("pressing", PresenceKind.Near)]
    [InlineData("treasure", PresenceKind.Near)]
    [InlineData("press", PresenceKind.Near)]
    [InlineData("pump", PresenceKind.Absent)]
    [InlineData("hydraulic", PresenceKind.Absent)]
    public void Classify_WordAgainstAPage_SetsNearSpellingsApart(string word, PresenceKind kind) =>
        // "the" is too short to be near to anything.
        Assert.Equal(kind, PresenceWords.Classify(word, new HashSet<string> { "pressure", "the" }));

    [Fact]
    public void Choose_ManyWords_GivesTheCountOfEachKindAndTellsTheTruth()
    {
        HashSet<string> printed = ["pressure", "valve", "at", "b52"];

        (string Word, PresenceKind Kind)[] chosen =
            [.. new PresenceWords(["pressures", "valves", "garden", "window", "valve"], new Random(1)).Choose(printed, 2)];

        Assert.Equal(["pressure", "valve"], chosen.Where(item => item.Kind == PresenceKind.Present).Select(item => item.Word).Order());
        Assert.Equal(["pressures", "valves"], chosen.Where(item => item.Kind == PresenceKind.Near).Select(item => item.Word).Order());
        Assert.Equal(["garden", "window"], chosen.Where(item => item.Kind == PresenceKind.Absent).Select(item => item.Word).Order());
    }

    [Fact]
    public void Choose_Threshold_IsTheLowestThatKeepsAbsentWordsOutOfEveryGroup()
    {
        // Of 100 absent words one may be shown: the second highest decides, 0.655 on pages and 0.605 in pictures.
        List<PresenceSample> samples = [];
        foreach ((string group, double second) in new[] { ("pages", 0.655), ("pictures", 0.605) })
        {
            samples.AddRange(Enumerable.Range(0, 98).Select(_ => new PresenceSample(group, PresenceKind.Absent, 0.5)));
            samples.Add(new PresenceSample(group, PresenceKind.Absent, 0.85));
            samples.Add(new PresenceSample(group, PresenceKind.Absent, second));
            samples.Add(new PresenceSample(group, PresenceKind.Near, 0.85));
            samples.Add(new PresenceSample(group, PresenceKind.Present, 0.8));
        }

        PresenceReport report = new(samples, new Dictionary<string, int> { ["pages"] = 1, ["pictures"] = 1 });

        Assert.Equal(0.66, report.Choose());
        Assert.Contains("| **0.66** | 1.000 | 0.010 | 1.000 | 1.000 | 0.010 | 1.000 |", report.ToMarkdown(), StringComparison.Ordinal);
    }
}
