using MultiVecRetrieval.Filters;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>The fields that files bring: names, times and places.</summary>
public sealed class FieldTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public FieldTests()
    {
        _collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions());
        using CollectionWriter writer = _collection.BeginWrite();
        Add("trip/Zürich/lake.JPG", ("taken", "2019-07-14T10:05:00"), ("camera", "Nikon D90"), ("latitude", 47.3769),
            ("longitude", 8.5417), ("tags", MetadataValue.List(["lake", "boat"])));
        Add("trip/bern.png", ("taken", "2024-01-02T23:59:59"), ("camera", "Nikon Z6"), ("latitude", 46.9480), ("longitude", 7.4474),
            ("tags", MetadataValue.List(["tower"])));
        Add("fiji.png", ("latitude", -17.7), ("longitude", 178.0), ("tags", MetadataValue.List(["boat", "lake", "boat"])));
        Add("README", ("created", "2020-05-06"));
        writer.Commit();

        void Add(string key, params (string, MetadataValue)[] fields)
        {
            writer.BeginDocument(Samples.Document(key, MediaType.Image, fields));
            writer.Add(Samples.Content(key));
        }
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("folder = 'trip/Zürich'", "trip/Zürich/lake.JPG")]
    [InlineData("folder = ''", "README", "fiji.png")]
    [InlineData("folder exists", "trip/Zürich/lake.JPG", "trip/bern.png")]
    [InlineData("extension = jpg", "trip/Zürich/lake.JPG")]
    [InlineData("not extension exists", "README")]
    [InlineData("path contains ZURICH", "trip/Zürich/lake.JPG")]
    [InlineData("taken = 2019-07", "trip/Zürich/lake.JPG")]
    [InlineData("taken > 2019-07-14T10:05", "trip/bern.png")]
    [InlineData("taken <= 2024-01-02", "trip/Zürich/lake.JPG", "trip/bern.png")]
    [InlineData("not taken exists", "README", "fiji.png")]
    [InlineData("year = 2020", "README")]
    [InlineData("year in (2019, 2024)", "fiji.png", "trip/Zürich/lake.JPG", "trip/bern.png")]
    [InlineData("camera like 'Nikon*' and camera contains 'd9'", "trip/Zürich/lake.JPG")]
    [InlineData("tags = boat", "fiji.png", "trip/Zürich/lake.JPG")]
    [InlineData("tags = boat and tags != lake")]
    [InlineData("tags in (tower, boat)", "fiji.png", "trip/Zürich/lake.JPG", "trip/bern.png")]
    [InlineData("near(47.37, 8.54, 5)", "trip/Zürich/lake.JPG")]
    [InlineData("near(47.37, 8.54, 100)", "trip/Zürich/lake.JPG", "trip/bern.png")]
    [InlineData("within(46, 7, 47, 8)", "trip/bern.png")]
    [InlineData("within(-20, 177, 0, -177)", "fiji.png")]
    [InlineData("key = fiji.png", "fiji.png")]
    public void ListEntries_ByField_FindsWhatHasIt(string filter, params string[] expected) => Assert.Equal(
        expected,
        _collection.Entries.List(filter: Filter.Parse(filter)).Select(entry => entry.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Kilometers_OfTwoCities_AreThoseOfTheGreatCircle()
    {
        // Zürich to Bern: 95.5 km on the ellipsoid (WGS 84); a sphere is within half a percent.
        Assert.Equal(95.5, GreatCircle.GetKilometers(47.3769, 8.5417, 46.9480, 7.4474), tolerance: 0.5);
        Assert.Equal(Math.PI * 6371.0088, GreatCircle.GetKilometers(0, 0, 0, 180), tolerance: 1e-6);
        Assert.Equal(0, GreatCircle.GetKilometers(12, 13, 12, 13));
    }

    [Theory]
    [InlineData("now", "2026-03-31T12:30:15.0000000", "2026-03-31T12:30:15.0000001")]
    [InlineData("now-36h", "2026-03-30T00:30:15.0000000", "2026-03-30T00:30:15.0000001")]
    [InlineData("today", "2026-03-31", "2026-04-01")]
    [InlineData("today-1m", "2026-02-28", "2026-03-01")]
    [InlineData("today+2w", "2026-04-14", "2026-04-15")]
    [InlineData("today-1y", "2025-03-31", "2025-04-01")]
    [InlineData("today-6h", "2026-03-30T18:00:00.0000000", "2026-03-30T18:00:00.0000001")]
    public void TryParse_DateWord_IsTheIntervalFromThen(string word, string start, string end)
    {
        DateTimeOffset now = new(2026, 3, 31, 14, 30, 15, TimeSpan.FromHours(2));

        Assert.True(DateWords.TryParse(word, now, out DateInterval interval));
        Assert.Equal(Ticks(start), interval.Start);
        Assert.Equal(Ticks(end), interval.End);

        static long Ticks(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture).Ticks;
    }

    [Theory]
    [InlineData("today-999999y")]
    [InlineData("now-")]
    [InlineData("now-5")]
    [InlineData("Now")]
    [InlineData("now-3s")]
    public void TryParse_WhatIsNoDateWord_IsRefused(string word) => Assert.False(DateWords.TryParse(word, DateTimeOffset.UnixEpoch, out _));

    [Fact]
    public void ListInOrder_ByField_PutsMissingValuesLast()
    {
        Assert.Equal(
            ["trip/bern.png", "trip/Zürich/lake.JPG", "README", "fiji.png"], Keys("taken desc"));
        Assert.Equal(["trip/Zürich/lake.JPG", "trip/bern.png", "README", "fiji.png"], Keys("taken"));
        Assert.Equal(["fiji.png", "trip/Zürich/lake.JPG", "trip/bern.png", "README"], Keys("tags asc"));
        Assert.Equal(["trip/bern.png", "README"], Keys("taken", skip: 1, limit: 2));
        Assert.Throws<SearchOptionException>(() => EntryOrder.Parse("colour"));
        Assert.Throws<SearchOptionException>(() => EntryOrder.Parse("taken down"));

        IEnumerable<string> Keys(string order, int skip = 0, int limit = 10) =>
            _collection.Entries.ListInOrder(EntryOrder.Parse(order), skip: skip, limit: limit).Select(entry => entry.Key);
    }

    [Fact]
    public void CountValues_OfAField_CountsEachEntryOnceAndGivesItsFilter()
    {
        Facet tags = _collection.Entries.CountValues("tags");
        Facet years = _collection.Entries.CountValues("taken");
        Facet cut = _collection.Entries.CountValues("year", Filter.Parse("extension exists"), limit: 1);

        Assert.Equal([("boat", 2L), ("lake", 2L), ("tower", 1L)], tags.Values.Select(value => ((string)value.Value.Value, value.Count)));
        Assert.Equal([("2019", 1L), ("2024", 1L)], years.Values.Select(value => ((string)value.Value.Value, value.Count)));
        Assert.Equal(2024.0, cut.Values.Single().Value.Value);
        Assert.Equal(1, cut.OtherCount);
        Assert.Equal([("page", 4L)], _collection.Entries.CountValues("type").Values.Select(v => ((string)v.Value.Value, v.Count)));
        foreach (FacetValue value in tags.Values.Concat(years.Values).Concat(cut.Values))
        {
            Filter filter = Filter.Parse(value.Filter.ToString()!);
            Assert.Equal(value.Count, _collection.Entries.Count(Filter.And(filter, Filter.Parse("extension exists"))));
        }

        Assert.Throws<SearchOptionException>(() => _collection.Entries.CountValues("colour"));
    }

    [Fact]
    public void Metadata_ListsAndPayload_ComeBackAsTheyWere()
    {
        MetadataValue mixed = MetadataValue.List(["a", 2.5, true]);
        using (CollectionWriter writer = _collection.BeginWrite())
        {
            writer.BeginDocument(Samples.Document("d", MediaType.Record, ("mixed", mixed), ("one", MetadataValue.List(["x"])),
                ("single", "x"), ("none", MetadataValue.List([]))) with
            {
                Payload = """{"deep":{"x":[1,null]}}""",
            });
            writer.Add(new EntryContent { Entry = Samples.Entry("d", type: MediaType.Record) });
            writer.Commit();
        }

        Document read = _collection.Documents.Get("d")!;

        Assert.Equal(mixed, read.Metadata["mixed"]);
        Assert.True(read.Metadata["one"].IsList);
        Assert.False(read.Metadata["single"].IsList);
        Assert.NotEqual(read.Metadata["one"], read.Metadata["single"]);
        Assert.False(read.Metadata.ContainsKey("none"));
        Assert.Equal("""{"deep":{"x":[1,null]}}""", read.Payload);
        Assert.Single(_collection.Entries.List(filter: Filter.Parse("type = record and meta.mixed = true and meta.mixed > 2")));
        Assert.Throws<ArgumentException>(() => MetadataValue.List([mixed]));
    }
}
