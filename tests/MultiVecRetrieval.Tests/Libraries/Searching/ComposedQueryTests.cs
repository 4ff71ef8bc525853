using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Questions of several parts against brute force with the formulas of the operators, in a space of known geometry.</summary>
public sealed class ComposedQueryTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly SampleLibrary _sample = new();
    private readonly byte[] _orange = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (240, 120, 20)));

    public ComposedQueryTests()
    {
        Random random = new(3);
        for (int i = 0; i < 40; i++)
        {
            (byte, byte, byte) color = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            _sample.Write($"p{i:00}.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, color)));
        }

        _sample.Index(request => request with { Models = [_model.Folder] });
    }

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Search_WeightedAndNegativeParts_RanksByTheirSum()
    {
        AssertRanking(
            query => query with
            {
                ImageBytes = _orange,
                Parts = [new QueryPart { Text = "blue", Weight = 0.7 }, new QueryPart { Text = "green", Weight = -0.5 }],
            },
            Norm(Add(Add(Picture(), Text("blue"), 0.7), Text("green"), -0.5)));
    }

    [Fact]
    public void Search_SubjectContextAndModifier_RanksByTheDirection()
    {
        double[] t = Text("red and yellow");
        double[] d = Add(Text("red and yellow, blue"), t, -1);
        double[] image = Norm(Add(Picture(), d, 1.4));
        double[] text = Norm(Add(t, d, 1.4));
        SearchResult result = AssertRanking(
            query => query with
            {
                ImageBytes = _orange,
                Parts =
                [
                    new QueryPart { Text = "red and yellow", Role = QueryRole.Context },
                    new QueryPart { Text = "blue", Role = QueryRole.Modifier },
                ],
                DirectionScale = 1.4,
                TextShare = 0.3,
            },
            Norm(Add(Scale(image, 0.7), text, 0.3)));

        Assert.Contains("norm(v + 1.4 d)", Assert.Single(result.Plans).Formula, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_Slerp_RanksByThePointBetween()
    {
        double[] from = Picture();
        double[] to = Text("blue");
        double angle = Math.Acos(Dot(from, to));
        AssertRanking(
            query => query with
            {
                ImageBytes = _orange,
                Parts = [new QueryPart { Text = "blue", Weight = 3 }],
                Combine = QueryCombination.Slerp,
            },
            Norm(Add(Scale(from, Math.Sin(0.25 * angle)), to, Math.Sin(0.75 * angle))));
    }

    [Fact]
    public void Search_ExcludedPart_IsProjectedOutAndCostsWhatMeetsIt()
    {
        double[] n = Text("green");
        SearchResult plain = Ask(query => query with { Text = "yellow", Top = 40 });
        SearchResult result = Ask(query => query with
        {
            Text = "yellow",
            Top = 40,
            Parts = [new QueryPart { Text = "green", Role = QueryRole.Exclude }],
        });

        double[] left = Norm(Add(Text("yellow"), n, -Dot(Text("yellow"), n)));
        Assert.InRange(Math.Abs(Dot(left, n)), 0, 1e-6);
        Assert.Contains("without the direction of \"green\"", result.Plans[0].Formula, StringComparison.Ordinal);
        Assert.True(MeanSimilarity(result, n) < MeanSimilarity(plain, n) - 0.1);
    }

    [Fact]
    public void Search_TheSameAskedForAndExcluded_FindsNothingLikelyAndSaysWhy()
    {
        SearchResult result = Ask(query => query with
        {
            Text = "yellow",
            Parts = [new QueryPart { Text = "yellow", Role = QueryRole.Exclude }],
        });

        Assert.All(result.Hits, hit => Assert.False(hit.IsLikely));
        Assert.Contains(result.Notices, notice => notice.Contains("is what is excluded", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_AllAndAny_KeepPartsApart()
    {
        LibraryQuery Change(LibraryQuery query) => query with { Text = "red", Parts = [new QueryPart { Text = "blue" }], Top = 40 };
        SearchResult all = Ask(query => Change(query) with { Combine = QueryCombination.All });
        SearchResult any = Ask(query => Change(query) with { Combine = QueryCombination.Any });

        double Least(SearchHit hit) => Math.Min(Dot(Stored(hit.Entry.Key), Text("red")), Dot(Stored(hit.Entry.Key), Text("blue")));
        double Most(SearchHit hit) => Math.Max(Dot(Stored(hit.Entry.Key), Text("red")), Dot(Stored(hit.Entry.Key), Text("blue")));
        Assert.True(all.Hits.Take(5).Average(Least) > any.Hits.Take(5).Average(Least));
        Assert.True(any.Hits.Take(5).Average(Most) > all.Hits.Take(5).Average(Most));
        Assert.Equal("part 1 and part 2", all.Formula);
        Assert.Equal("part 1 or part 2", any.Formula);
        Assert.Contains(all.Hits[0].Matches, match => match.Part == 1);
    }

    // The left half of the picture is red, the right half blue; a region is what is cut out of it.
    [Theory]
    [InlineData(0, 0.5, 255, 0)]
    [InlineData(0.5, 1, 0, 255)]
    public void Search_RegionOfAPictureOrEntry_IsThatPartAlone(float left, float right, byte red, byte blue)
    {
        RgbImage half = PlantedEncoder.Plain(64, 40, (255, 0, 0));
        for (int i = 0; i < half.Pixels.Length; i += 3)
        {
            if (i / 3 % 64 >= 32)
            {
                (half.Pixels[i], half.Pixels[i + 2]) = (0, 255);
            }
        }

        byte[] png = SampleLibrary.Png(half);
        _sample.Write("half.png", png);
        _sample.Index();
        Place region = new(left, 0, right, 1);

        SearchResult picture = Ask(query => query with { Parts = [new QueryPart { ImageBytes = png, Region = region }], Top = 40 });
        SearchResult entry = Ask(query => query with { Parts = [new QueryPart { Entry = "half.png", Region = region }], Top = 40 });

        // What is far from it is told apart no more: its evidence is 0.
        IEnumerable<string> expected = Rank(Picture(red, 0, blue)).Take(20);
        Assert.Equal(expected, picture.Hits.Select(hit => hit.Entry.Key).Where(key => key != "half.png").Take(20));
        Assert.Equal(expected, entry.Hits.Select(hit => hit.Entry.Key).Take(20));
    }

    [Fact]
    public void Search_Rows_AreTakenAsTheyAre()
    {
        float[] row = [.. Text("green").Select(x => (float)x)];
        SearchResult result = Ask(query => query with
        {
            Parts = [new QueryPart { Rows = new MultiVector(row.Length, row), Space = Space.Name }],
            Top = 40,
        });

        Assert.Equal(Rank(Text("green")), result.Hits.Select(hit => hit.Entry.Key));
    }

    [Fact]
    public void Search_SeveralEntries_AreAllLeftOut()
    {
        SearchResult result = Ask(query => query with
        {
            Parts = [new QueryPart { Entry = "p01.png" }, new QueryPart { Entry = "p02.png" }],
            Top = 40,
        });

        Assert.Equal(38, result.Hits.Count);
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.Key is "p01.png" or "p02.png");
    }

    [Fact]
    public void Search_WhatIsNoQuestion_IsRefusedByWhatIsWrong()
    {
        Refuse("taken away", query => query with { Parts = [new QueryPart { Text = "red", Weight = -1 }] });
        Refuse("2 things", query => query with { Parts = [new QueryPart { Text = "red", Entry = "p01.png" }] });
        Refuse("nothing to look for", query => query with { Parts = [new QueryPart()] });
        Place span = Place.Whole with { EndSeconds = 3 };
        Refuse("no video", query => query with { Parts = [new QueryPart { Entry = "p01.png", Region = span }] });
        Refuse("of videos only", query => query with { Parts = [new QueryPart { ImageBytes = _orange, Region = span }] });
        Refuse("without a direction", query => query with
        {
            Parts = [new QueryPart { Rows = new MultiVector(2, [0, 0]), Space = Space.Name }],
        });
        Refuse("weight 0", query => query with { Parts = [new QueryPart { Text = "red", Weight = 0 }] });
        Refuse("region", query => query with { Parts = [new QueryPart { Text = "red", Region = Place.Whole }] });
        Refuse("has the box", query => query with { Parts = [new QueryPart { Entry = "p01.png", Region = new Place(0.5f, 0, 0.2f, 1) }] });
        Refuse("up to 16", query => query with { Parts = [.. Enumerable.Repeat(new QueryPart { Text = "red" }, 17)] });
        Refuse("name of their space", query => query with { Parts = [new QueryPart { Rows = new MultiVector(1, [1]) }] });
        Refuse("direction scale", query => query with { Text = "red", DirectionScale = 9 });
        Refuse("cancel each other", query => query with
        {
            Text = "red",
            Parts = [new QueryPart { Text = "red", Weight = -1 }],
        });
    }

    private void Refuse(string word, Func<LibraryQuery, LibraryQuery> change) =>
        Assert.Contains(word, Assert.Throws<InvalidQueryException>(() => Ask(change)).Message, StringComparison.Ordinal);

    private Space Space => _sample.Opened.Spaces[0];

    private SearchResult AssertRanking(Func<LibraryQuery, LibraryQuery> change, double[] vector)
    {
        SearchResult result = Ask(query => change(query) with { Top = 40 });
        Assert.Equal(Rank(vector).Take(20), result.Hits.Select(hit => hit.Entry.Key).Take(20));
        return result;
    }

    private string[] Rank(double[] vector) => [.. Enumerable.Range(0, 40).Select(i => $"p{i:00}.png")
        .OrderByDescending(key => Dot(Stored(key), vector))];

    private double MeanSimilarity(SearchResult result, double[] vector) =>
        result.Hits.Take(8).Average(hit => Dot(Stored(hit.Entry.Key), vector));

    private double[] Stored(string key) => ToDouble(_sample.Opened.Entries.GetVectors(key, Space.Name)!);

    private double[] Text(string text) => Norm(ToDouble(_sample.Library.GetEncoder(Space).EncodeText(text).Rows));

    private double[] Picture(byte red = 240, byte green = 120, byte blue = 20) =>
        Norm(ToDouble(_sample.Library.GetEncoder(Space).EncodeImage(PlantedEncoder.Plain(30, 30, (red, green, blue)))));

    private static double[] ToDouble(MultiVector rows) => Array.ConvertAll(rows.Row(0).ToArray(), x => (double)x);

    private static double[] Add(double[] a, double[] b, double weight) => [.. a.Zip(b, (x, y) => x + (weight * y))];

    private static double[] Scale(double[] a, double weight) => [.. a.Select(x => x * weight)];

    private static double[] Norm(double[] a) => Scale(a, 1 / Math.Sqrt(Dot(a, a)));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private SearchResult Ask(Func<LibraryQuery, LibraryQuery> change) =>
        _sample.Search(query => change(query with { Using = SearchSide.Vectors }));
}
