using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Attributes as the catalog keeps them: what waits, what is found by, and what goes with what.</summary>
public sealed class AttributeTests : IDisposable
{
    private static readonly AttributeDefinition Colour = new() { Name = "colour", Values = ["red", "blue"] };

    private readonly TemporaryFolder _folder = new();
    private Collection _collection;

    public AttributeTests()
    {
        _collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions());
        Add("a.png", "b.png", "c.png");
        _collection.Attributes.Set(Colour);
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("attribute.colour = red", "a.png", "b.png")]
    [InlineData("attribute.colour != red", "c.png")]
    [InlineData("attribute.colour in (blue, green)", "b.png")]
    [InlineData("attribute.colour contains LU", "b.png")]
    [InlineData("attribute.colour exists", "a.png", "b.png")]
    [InlineData("not attribute.colour exists", "c.png")]
    [InlineData("attribute.other = red")]
    public void ListEntries_ByAttribute_FindsWhatHasTheValue(string filter, params string[] expected)
    {
        SaveAll();

        Assert.Equal(expected, _collection.Entries.List(filter: Filter.Parse(filter)).Select(entry => entry.Key));
        Assert.Equal(Filter.Parse(filter).ToString(), Filter.Parse(Filter.Parse(filter).ToString()).ToString());
    }

    [Fact]
    public void CountValues_OfAttribute_CountsEntriesAndGivesTheirFilter()
    {
        SaveAll();

        Facet facet = _collection.Entries.CountValues("attribute.colour");

        Assert.Equal([("red", 2L), ("blue", 1L)], facet.Values.Select(value => ((string)value.Value.Value, value.Count)));
        Assert.Equal(2, _collection.Entries.Count(facet.Values[0].Filter));
        Assert.Equal(["a.png", "b.png", "c.png"],
            _collection.Entries.ListInOrder(new EntryOrder("attribute.colour", isDescending: true)).Select(entry => entry.Key));
    }

    [Fact]
    public void Save_SomeEntries_LeavesTheOthersWaiting()
    {
        Assert.Equal(["a.png", "b.png"], _collection.Attributes.ListWaiting("colour", 2));
        _collection.Attributes.UseSpace("colour", new SpaceId("a1"));
        Save(("a.png", ["red"]), ("b.png", []));
        Add("d.png");

        Assert.Equal(["c.png", "d.png"], _collection.Attributes.ListWaiting("colour", 10));
        Reopen();
        AttributeState state = Assert.Single(_collection.Attributes.List());
        Assert.Equal((2L, new SpaceId("a1")), (state.WaitingEntryCount, state.SpaceId));
        Assert.Equal((Colour.Name, 0.5), (state.Attribute.Name, _collection.Entries.GetAttributes("a.png")[0].Value.Similarity));
    }

    [Fact]
    public void Set_AnotherDefinitionOrSpace_TakesTheValuesAway()
    {
        _collection.Attributes.UseSpace("colour", new SpaceId("a1"));
        SaveAll();
        _collection.Attributes.Set(Colour with { Values = ["red", "blue"] });
        _collection.Attributes.UseSpace("colour", new SpaceId("a1"));
        Assert.Equal(2, _collection.Entries.Count(Filter.Exists("attribute.colour")));

        _collection.Attributes.UseSpace("colour", new SpaceId("b2"));
        Assert.Equal(0, _collection.Entries.Count(Filter.Exists("attribute.colour")));
        SaveAll();
        _collection.Attributes.Set(Colour with { IsMultiple = true });

        Assert.Equal(0, _collection.Entries.Count(Filter.Exists("attribute.colour")));
        Assert.Equal(3, _collection.Attributes.Find("colour")!.WaitingEntryCount);
    }

    [Fact]
    public void Delete_Document_TakesItsValuesAlong_AndRemoveThoseOfAll()
    {
        SaveAll();
        using (CollectionWriter writer = _collection.BeginWrite())
        {
            writer.Delete("a.png");
            writer.Commit();
        }

        Assert.Equal([("blue", 1L), ("red", 1L)],
            _collection.Entries.CountValues("attribute.colour").Values.Select(value => ((string)value.Value.Value, value.Count)));
        Assert.True(_collection.Attributes.Remove("colour"));
        Assert.False(_collection.Attributes.Remove("colour"));
        Assert.Empty(_collection.Entries.CountValues("attribute.colour").Values);

        // Whoever compares still when it goes leaves nothing behind.
        Save(("b.png", ["red"]));
        Assert.Empty(_collection.Entries.GetAttributes("b.png"));
    }

    [Fact]
    public void Snapshot_OpenBefore_KeepsTheValuesOfItsGeneration()
    {
        SaveAll();
        using Snapshot snapshot = _collection.OpenSnapshot();
        _collection.Attributes.Remove("colour");

        Assert.Equal(2, snapshot.Entries.Count(Filter.Exists("attribute.colour")));
        Assert.Single(snapshot.Attributes);
        Assert.Empty(_collection.Attributes.List());
    }

    [Theory]
    [InlineData("", "{}", null, "red")]
    [InlineData("a.b", "{}", null, "red")]
    [InlineData("colour", "a photo", null, "red")]
    [InlineData("colour", "{}", 1.5, "red")]
    [InlineData("colour", "{}", double.NaN, "red")]
    [InlineData("colour", "{}", null, "red", "red")]
    [InlineData("colour", "{}", null, " ")]
    [InlineData("colour", "{}", null)]
    public void Set_NoAttribute_IsRefused(string name, string template, double? threshold, params string[] values) =>
        Assert.Throws<ArgumentException>(() => _collection.Attributes.Set(
            new AttributeDefinition { Name = name, Values = values, Template = template, Threshold = threshold }));

    [Fact]
    public void Set_UnknownSpace_IsRefused() =>
        Assert.Throws<UnknownSpaceException>(() => _collection.Attributes.Set(Colour with { Space = "none" }));

    private void SaveAll() => Save(("a.png", ["red"]), ("b.png", ["red", "blue"]), ("c.png", []));

    private void Save(params (string Key, string[] Values)[] found) => _collection.Attributes.Save("colour", found.ToDictionary(
        entry => entry.Key,
        entry => (IReadOnlyList<AttributeValue>)[.. entry.Values.Select(value => new AttributeValue(value, 0.5))]));

    private void Add(params string[] keys)
    {
        using CollectionWriter writer = _collection.BeginWrite();
        foreach (string key in keys)
        {
            writer.BeginDocument(Samples.Document(key, MediaType.Image));
            writer.Add(Samples.Content(key));
        }

        writer.Commit();
    }

    private void Reopen()
    {
        _collection.Dispose();
        _collection = Collection.Open(_folder.PathOf("c"), writable: true);
    }
}
