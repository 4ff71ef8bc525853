using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Tests.Engine;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Videos whose rows are planted through the engine: what a search shows of them.</summary>
public sealed class VideoMatchTests : IDisposable
{
    private const string Key = "film.mp4";

    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Search_BothWordsAtOneMoment_WinsOverEachAlone()
    {
        Plant((0, "harbour", 1.0f), (10, "harbour", 0.8f), (10, "granite", 0.8f), (20, "granite", 1.0f));

        HitBody hit = HitBody.From(Search("harbour granite"));

        Assert.Equal([10.0, 12.0], hit.Span!);
        Assert.Equal(["granite", "harbour"], hit.Matches.Select(match => match.Label).Order());
        Assert.All(hit.Matches, match => Assert.Equal((10.0, true), (match.Span![0], match.IsLikely)));
    }

    [Fact]
    public void Search_WordsAtDifferentMoments_EachKeepsItsOwn()
    {
        Plant((4, "harbour", 1.0f), (20, "granite", 0.9f));

        HitBody hit = HitBody.From(Search("harbour granite"));

        Assert.Equal([4.0, 6.0], hit.Span!);
        Assert.Equal([("harbour", 4.0), ("granite", 20.0)], hit.Matches.Select(match => (match.Label, match.Span![0])));
    }

    [Fact]
    public void Search_OnlyDoubtful_OpensAtTheBestMoment()
    {
        Plant((4, "harbour", 0.3f), (20, "harbour", 0.6f));

        HitBody hit = HitBody.From(Search("harbour"));

        Assert.Equal([20.0, 22.0], hit.Span!);
        Assert.False(Assert.Single(hit.Matches).IsLikely);
    }

    // What is said is surer than what is seen: "rock" is said alone first, both words later.
    [Fact]
    public void Search_WordsThatAreSaid_OpensWhereMostOfThemAre()
    {
        Plant("rock sand granite rock", [1, 5, 14, 14], (4, "granite", 1.0f));

        HitBody hit = HitBody.From(_sample.Search(query => query with { Text = "granite rock" }).Hits.Single());

        Assert.Equal([14.0, 16.0], hit.Span!);
    }

    private SearchHit Search(string text) =>
        _sample.Search(query => query with { Text = text, Using = SearchSide.Vectors }).Hits.Single();

    // Two-second moments with one row each word: as similar to its vector as said, the rest along a direction of its own.
    private void Plant(params (float Start, string Word, float Similarity)[] rows) => Plant("", [], rows);

    // The words of the text are said from these seconds on.
    private void Plant(string said, float[] starts, params (float Start, string Word, float Similarity)[] rows)
    {
        TextLayer? text = said.Length == 0 ? null : Samples.Text(said);
        text = text is null
            ? null
            : new TextLayer(text.Text, [.. text.Words.Select((word, i) => word with
            {
                Place = new Place(0, 0, 1, 1, starts[i], starts[i] + 2),
            })]);
        Collection collection = _sample.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        Space space = Assert.Single(collection.Spaces);
        EncoderModel model = _sample.Library.GetEncoder(space);
        Random random = new(Seed: 5);
        float[] values = [.. rows.SelectMany(row => Mix(model.EncodeText(row.Word).Rows.Row(0).ToArray(), row.Similarity, random))];
        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(
            new Document { Key = Key, MediaType = MediaType.Video, ContentType = "video/mp4", ContentHash = new string('a', 64) });
        writer.Add(new EntryContent
        {
            Entry = new Entry { Key = Key, DocumentKey = Key, MediaType = MediaType.Video, Width = 64, Height = 48, DurationSeconds = 30 },
            Text = text,
            Vectors = new Dictionary<string, MultiVector>
            {
                [space.Name] =
                    new(space.Dimension, values, [.. rows.Select(row => new Place(0.1f, 0.1f, 0.4f, 0.2f, row.Start, row.Start + 2))]),
            },
        });
        writer.Commit();
    }

    // similarity·w + sqrt(1 - similarity²)·u, where u has unit length and stands at right angles to the unit vector w.
    private static float[] Mix(float[] word, float similarity, Random random)
    {
        double[] other = [.. word.Select(_ => random.NextDouble() - 0.5)];
        double along = other.Zip(word, (u, w) => u * w).Sum();
        other = [.. other.Zip(word, (u, w) => u - (along * w))];
        double length = Math.Sqrt(other.Sum(u => u * u));
        return [.. word.Select((w, i) => (float)((similarity * w) + (Math.Sqrt(1 - (similarity * similarity)) * other[i] / length)))];
    }
}
