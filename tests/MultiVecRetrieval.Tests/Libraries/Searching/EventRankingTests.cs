using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Tests.Engine;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Questions whose parts follow each other, on videos that show the same things in other orders.</summary>
public sealed class EventRankingTests : IDisposable
{
    private readonly SampleLibrary _sample = new();
    private readonly Collection _collection;
    private readonly Space _space;

    public EventRankingTests()
    {
        _collection = _sample.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        _space = Assert.Single(_collection.Spaces);
        Plant("forth.mp4", "", (4, "harbour"), (20, "granite"));
        Plant("back.mp4", "", (4, "granite"), (20, "harbour"));
        Plant("one.mp4", "", (4, "harbour"));
    }

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("harbour", "granite", "forth.mp4")]
    [InlineData("granite", "harbour", "back.mp4")]
    public void Search_OneAfterTheOther_FindsTheVideoInThatOrder(string first, string second, string expected)
    {
        SearchResult result = Ask(first, second);

        SearchHit hit = result.Hits[0];
        Assert.Equal(expected, hit.Entry.Key);
        Assert.Equal([(4.0, 6.0), (20.0, 22.0)], hit.Events.Select(own => (own.StartSeconds, own.EndSeconds)));
        Assert.True(hit.IsLikely);
        Assert.True(hit.Score > 1.5 * result.Hits[1].Score);
        Assert.Equal("part 1, then part 2", result.Formula);
        Assert.Equal([1, 2, 3], result.Hits.Select(other => other.Rank));
    }

    [Fact]
    public void Search_Sequence_IsOfVideosAndKeepsTheFilter()
    {
        Samples.AddDocument(_collection, "page.pdf", Samples.Content("page.pdf", text: "harbour granite"));

        Assert.All(Ask("harbour", "granite").Hits, hit => Assert.Equal(MediaType.Video, hit.Entry.MediaType));
        Assert.Equal("back.mp4", Assert.Single(Ask("harbour", "granite", Filter.Parse("path like 'back*'")).Hits).Entry.Key);
    }

    // What is said first and shown then: each part is found by the side that is surest of it.
    [Fact]
    public void Search_SaidThenShown_JoinsBothTimes()
    {
        Plant("talk.mp4", "welcome everybody", (12, "lantern"));
        Plant("after.mp4", "", (12, "lantern"));

        SearchHit hit = Ask("welcome everybody", "lantern").Hits[0];

        Assert.Equal("talk.mp4", hit.Entry.Key);
        Assert.Equal([1.0, 12.0], hit.Events.Select(own => own.StartSeconds));
    }

    // What shows both without any times cannot show them in order.
    [Fact]
    public void Search_VideoWithoutTimes_ComesLastAndIsNoAnswer()
    {
        Samples.AddDocument(_collection, "still.mp4", Samples.Content("still.mp4", text: "harbour granite") with
        {
            Entry = Samples.Entry("still.mp4", type: MediaType.Video),
        });

        SearchHit last = Ask("harbour", "granite").Hits[^1];

        Assert.Equal(("still.mp4", 0.0, false), (last.Entry.Key, last.Score, last.IsLikely));
        Assert.Empty(last.Events);
    }

    [Fact]
    public void Search_ModifierBesideASequence_IsNoEvent()
    {
        SearchResult result = _sample.Search(_ => Query("harbour", "granite") with
        {
            Parts = [new QueryPart { Text = "granite" }, new QueryPart { Text = "harbour", Role = QueryRole.Modifier }],
        });

        Assert.Equal(2, result.Hits[0].Events.Count);
    }

    [Fact]
    public void Search_SequenceOfPages_SkipsAndEndsAsAList()
    {
        LibraryQuery query = Query("harbour", "granite") with { Top = 1 };

        SearchResult second = _sample.Search(_ => query with { Offset = 1 });

        Assert.Equal(2, Assert.Single(second.Hits).Rank);
        Assert.True(second.HasMore);
        Assert.False(_sample.Search(_ => query with { Offset = 2 }).HasMore);
    }

    [Fact]
    public void Search_SequenceOfOnePart_IsRefused() => Assert.Contains(
        "at least two parts",
        Assert.Throws<InvalidQueryException>(() => _sample.Search(query => query with
        {
            Text = "harbour",
            Combine = QueryCombination.Sequence,
        })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void HitBody_Sequence_HasTheEvents() =>
        Assert.Equal([[4, 6], [20, 22]], HitBody.From(Ask("harbour", "granite").Hits[0]).Events.Select(own => own.Span.ToArray()));

    private SearchResult Ask(string first, string second, Filter? filter = null) =>
        _sample.Search(_ => Query(first, second) with { Filter = filter });

    private static LibraryQuery Query(string first, string second) => new()
    {
        Collection = SampleLibrary.Collection,
        Text = first,
        Parts = [new QueryPart { Text = second }],
        Combine = QueryCombination.Sequence,
    };

    // Two-second moments, each of a word; the text is said in the first seconds.
    private void Plant(string key, string said, params (float Start, string Word)[] rows)
    {
        EncoderModel model = _sample.Library.GetEncoder(_space);
        TextLayer? text = said.Length == 0 ? null : Samples.Text(said);
        text = text is null
            ? null
            : new TextLayer(text.Text, [.. text.Words.Select(word => word with { Place = new Place(0, 0, 1, 1, 1, 3) })]);
        float[] other = model.EncodeText("zebra").Rows.Row(0).ToArray();
        (float Start, float[] Row)[] all =
        [
            .. rows.Select(row => (row.Start, model.EncodeText(row.Word).Rows.Row(0).ToArray())),
            .. Enumerable.Range(0, 15).Select(i => 2f * i).Where(start => rows.All(row => row.Start != start))
                .Select(start => (start, other)),
        ];
        using CollectionWriter writer = _collection.BeginWrite();
        writer.BeginDocument(
            new Document { Key = key, MediaType = MediaType.Video, ContentType = "video/mp4", ContentHash = new string('a', 64) });
        writer.Add(new EntryContent
        {
            Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Video, Width = 64, Height = 48, DurationSeconds = 30 },
            Text = text,
            Vectors = new Dictionary<string, MultiVector>
            {
                [_space.Name] = new(_space.Dimension, [.. all.SelectMany(row => row.Row)],
                    [.. all.Select(row => new Place(0.1f, 0.1f, 0.4f, 0.2f, row.Start, row.Start + 2))]),
            },
        });
        writer.Commit();
    }
}
