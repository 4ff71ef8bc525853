using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Spaces that take the place of others, and go.</summary>
public sealed class SpaceChangesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Collection _collection;

    public SpaceChangesTests()
    {
        _collection = Collection.Create(_folder, new CollectionOptions
        {
            Spaces =
            [
                Samples.Space("old", dimension: 4),
                Samples.Space("new", dimension: 4, id: "b2") with { State = SpaceState.Filling, Counterpart = "old" },
            ],
        });
        Random random = new(2);
        for (int i = 0; i < 12; i++)
        {
            Samples.AddDocument(_collection, $"e{i}", Samples.Content($"e{i}", text: $"word{i}") with
            {
                Vectors = new Dictionary<string, MultiVector>
                {
                    ["old"] = Samples.Rows(random, 3, 4),
                    ["new"] = Samples.Rows(random, 2, 4),
                },
            });
        }
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void SwitchSpace_OpenSnapshot_HasTheStatesOfItsGeneration()
    {
        using Snapshot before = _collection.OpenSnapshot();

        _collection.SwitchSpace("old", "new");

        Assert.Equal([(SpaceState.Filling, "old"), (SpaceState.Live, null)], States(before.Spaces));
        Reopen();
        Assert.Equal([(SpaceState.Live, null), (SpaceState.Kept, "new")], States(_collection.Spaces));
        _collection.SwitchSpace("new", "old");
        Assert.Equal([(SpaceState.Kept, "old"), (SpaceState.Live, null)], States(_collection.Spaces));
    }

    [Fact]
    public void RemoveSpace_OpenSnapshot_StillReadsItsRows()
    {
        MultiVector query = Samples.Rows(new Random(9), 2, 4);
        using Snapshot before = _collection.OpenSnapshot();
        SearchRequest request = new() { Vectors = [Samples.Query(query, "old")] };
        string[] hits = before.Search(request, TestContext.Current.CancellationToken).Keys();

        _collection.RemoveSpace("old");

        Assert.Equal(hits, before.Search(request, TestContext.Current.CancellationToken).Keys());
        Assert.Throws<UnknownSpaceException>(() => _collection.Search(request, TestContext.Current.CancellationToken));
        Space left = Assert.Single(_collection.Spaces);
        Assert.Equal(("new", SpaceState.Live, null), (left.Name, left.State, left.Counterpart));
    }

    [Fact]
    public void RemoveSpace_WithTiers_LeavesNoFileAndNoProblem()
    {
        _collection.Tiers.Set("old", ["bits:1"]);
        _collection.Upkeep.Run();
        Assert.NotEmpty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));

        _collection.RemoveSpace("old");
        Reopen();

        SpaceStatistics space = Assert.Single(_collection.GetStatistics().Spaces);
        int files = Directory.GetFiles(Path.Combine(_folder, "segments")).Length;
        Assert.Equal(space.SegmentCount, files);
        Assert.Empty(_collection.Upkeep.Verify().Problems);
        Assert.Equal(["e3"], _collection.Search(new SearchRequest { Text = "word3" }, TestContext.Current.CancellationToken).Keys());

        // The name is free again.
        _collection.AddSpace(Samples.Space("old", dimension: 8, id: "c3"));
        Assert.Equal(2, _collection.Spaces.Count);
    }

    [Fact]
    public void CountEntriesWithout_EntryOfOneSpaceOnly_IsCounted()
    {
        Samples.AddDocument(_collection, "one", Samples.Content("one") with
        {
            Vectors = new Dictionary<string, MultiVector> { ["old"] = Samples.Rows(new Random(1), 1, 4) },
        });

        Assert.Equal((1, 0), (_collection.CountEntriesWithout("old", "new"), _collection.CountEntriesWithout("new", "old")));
    }

    [Fact]
    public void Changes_OfOtherStates_AreRefused()
    {
        Assert.Throws<SpaceStateException>(() => _collection.SwitchSpace("new", "old"));
        Assert.Throws<SpaceStateException>(() => _collection.SwitchSpace("old", "old"));
        Assert.Throws<UnknownSpaceException>(() => _collection.SwitchSpace("old", "none"));
        Assert.Throws<UnknownSpaceException>(() => _collection.RemoveSpace("none"));
    }

    private void Reopen()
    {
        _collection.Dispose();
        _collection = Collection.Open(_folder, writable: true);
    }

    private static IEnumerable<(SpaceState, string?)> States(IReadOnlyList<Space> spaces) =>
        spaces.Select(space => (space.State, space.Counterpart));
}
