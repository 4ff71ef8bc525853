using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>A space that reduces its rows: what is stored, found and shown.</summary>
public class ReductionTests
{
    [Fact]
    public void Add_SpaceWithAReduction_StoresFewerRowsThatKnowTheirPlaces()
    {
        using TemporaryFolder folder = new();
        MultiVector rows = Samples.Rows(new Random(1), 40, 8, withPlaces: true);
        MultiVector expected = Reductions.Parse("ward:4").Reduce(rows);
        using (Collection filling = Create(folder, "ward:4"))
        {
            Samples.AddDocument(filling, "d", Samples.Content("e", rows));
        }

        using Collection collection = Collection.Open(folder, writable: false);
        MultiVector stored = collection.Entries.GetVectors("e", "words")!;

        Assert.Equal("ward:4", Assert.Single(collection.Spaces).Reduction);
        Assert.Equal(10, stored.RowCount);
        Assert.Equal(expected.Values, stored.Values);
        List<Place> all = [];
        for (int i = 0; i < stored.RowCount; i++)
        {
            AssertSame(expected.PlacesOf(i), stored.PlacesOf(i));
            all.AddRange(stored.PlacesOf(i));
            Assert.All(stored.PlacesOf(i).ToArray(), place => Assert.InRange(place.Left, stored.Places[i].Left, stored.Places[i].Right));
        }

        Assert.Equal(40, all.Count);
        AssertSame(rows.Places, all.OrderBy(place => place.Left).ToArray());
    }

    [Fact]
    public void Search_Explained_ShowsEveryPlaceOfTheRowThatWon()
    {
        using TemporaryFolder folder = new();
        MultiVector rows = Samples.Rows(new Random(2), 40, 8, withPlaces: true);
        using Collection collection = Create(folder, "ward:4");
        Samples.AddDocument(collection, "d", Samples.Content("e", rows));
        MultiVector query = Samples.Rows(new Random(3), 5, 8);

        SearchHit hit = Assert.Single(collection.Search(new SearchRequest { Vectors = [Samples.Query(query)], Explain = true }).Hits);

        MultiVector stored = collection.Entries.GetVectors("e", "words")!;
        Assert.Equal(Oracle.MaxSim(query, stored), hit.Score, 1e-5); // exact over the rows that are stored
        for (int i = 0; i < query.RowCount; i++)
        {
            int best = Enumerable.Range(0, stored.RowCount).MaxBy(row => Dot(query.Row(i), stored.Row(row)));
            Assert.Equal(stored.Places[best], hit.Matches[i].Place);
            Assert.Equal(stored.PlacesOf(best).ToArray(), hit.Matches[i].Places);
        }

        Assert.Contains(hit.Matches, match => match.Places.Count > 1);
    }

    [Fact]
    public void Add_RowsThatTheSpaceHadReduced_AreStoredAsTheyAre()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, "ward:4");
        Samples.AddDocument(collection, "d", Samples.Content("e", Samples.Rows(new Random(1), 40, 8, withPlaces: true)));
        MultiVector once = collection.Entries.GetVectors("e", "words")!;

        Samples.AddDocument(collection, "d", Samples.Content("e", once));

        MultiVector twice = collection.Entries.GetVectors("e", "words")!;
        Assert.Equal(once.Values, twice.Values);
        Assert.Equal(once.Members!.Select(places => places?.Length), twice.Members!.Select(places => places?.Length));
    }

    [Fact]
    public void MergeSegments_ReducedRows_KeepTheirPlaces()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, "ward:3");
        for (int i = 0; i < 3; i++)
        {
            Samples.AddDocument(collection, $"d{i}", Samples.Content($"e{i}", Samples.Rows(new Random(i), 30, 8, withPlaces: true)));
        }

        MultiVector before = collection.Entries.GetVectors("e1", "words")!;
        collection.Upkeep.MergeSegments();

        MultiVector after = collection.Entries.GetVectors("e1", "words")!;
        Assert.Empty(collection.Upkeep.Verify().Problems);
        for (int i = 0; i < before.RowCount; i++)
        {
            Assert.Equal(before.PlacesOf(i), after.PlacesOf(i));
        }
    }

    [Fact]
    public void Create_UnknownReduction_ThrowsWithWhatIsKnown()
    {
        using TemporaryFolder folder = new();

        SpecException exception = Assert.Throws<SpecException>(() => Create(folder, "word:3"));

        Assert.Contains("ward:BUDGET", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PlaceCodec_RowsOfSeveralPlaces_ComeBack(bool withSpans)
    {
        float end = withSpans ? 2.5f : 0;
        Place[] several = [new(0, 0, 0.25f, 0.5f, 0, end), new(0.5f, 0.5f, 0.75f, 1, 0, end), new(0.125f, 0, 0.25f, 0.5f, 0, end)];
        MultiVector rows = new(1, [1, 1, 1, 1], [several[0], new(0, 0, 0.75f, 1, 0, end), several[2], new(0, 0, 0.75f, 1, 0, end)])
        {
            Members = [null, several, null, [several[1], several[0]]],
        };
        EntryFlags flags = PlaceCodec.GetFlags(rows);

        byte[] bytes = PlaceCodec.Encode(rows, flags);

        Assert.Equal(PlaceCodec.GetLength(flags, 4), bytes.Length);
        Assert.Equal((4 + 5) * (withSpans ? 16 : 8) + (4 * 4), bytes.Length);
        for (int i = 0; i < 4; i++)
        {
            AssertSame([rows.Places[i]], [PlaceCodec.Decode(bytes, i, 4, flags)]);
            AssertSame(rows.PlacesOf(i), PlaceCodec.DecodeMembers(bytes, i, 4, flags) ?? [PlaceCodec.Decode(bytes, i, 4, flags)]);
        }
    }

    [Fact]
    public void GetVectors_DamagedListOfPlaces_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        using (Collection filling = Create(folder, "ward:4"))
        {
            Samples.AddDocument(filling, "d", Samples.Content("e", Samples.Rows(new Random(1), 40, 8, withPlaces: true)));
        }

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments")));
        byte[] bytes = File.ReadAllBytes(path);
        int firstEnd = SegmentLayout.HeaderLength + (int)PackedRows.GetSizeInBytes(RowFormat.Float32, 10, 8) + (10 * PlaceCodec.BoxLength);
        bytes[firstEnd + 3] = 0x7F;
        File.WriteAllBytes(path, bytes);
        using Collection collection = Collection.Open(folder, writable: false);

        Assert.Equal(path, Assert.Throws<CorruptSegmentException>(() => collection.Entries.GetVectors("e", "words")).Path);
        Assert.Single(collection.Upkeep.Verify().Problems);
    }

    private static Collection Create(string folder, string reduction) =>
        Collection.Create(folder,
            new CollectionOptions { Spaces = [Samples.Space() with { Reduction = reduction }], MergeSegmentCount = 0 });

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }

    // Boxes are stored in steps of 1/65535.
    private static void AssertSame(ReadOnlySpan<Place> expected, ReadOnlySpan<Place> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Left, actual[i].Left, 1 / 65535f);
            Assert.Equal(expected[i].Bottom, actual[i].Bottom, 1 / 65535f);
            Assert.Equal(expected[i].EndSeconds, actual[i].EndSeconds);
        }
    }
}
