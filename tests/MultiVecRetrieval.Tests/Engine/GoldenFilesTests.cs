using System.Text.Json;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>A collection that a former format wrote must stay readable. MVR_WRITE_GOLDEN=1 writes the newest anew, for a new format in a
/// new folder.</summary>
public class GoldenFilesTests
{
    private static readonly (string Name, RowFormat Format)[] SpaceFormats =
        [("full", RowFormat.Float32), ("half", RowFormat.Float16), ("byte", RowFormat.Int8)];

    private sealed record Answer(string Space, string Key, double Score);

    private const int NewestVersion = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Open_CollectionOfAnyFormat_GivesTheRecordedAnswers(int version)
    {
        string golden = Path.Combine(RepositoryRoot.Folder, "tests", "golden", $"v{version}");
        if (version == NewestVersion && Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            Write(golden);
        }

        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder, "segments"));
        File.Copy(Path.Combine(golden, "catalog.db"), Path.Combine(folder, "catalog.db"));
        foreach (string file in Directory.GetFiles(Path.Combine(golden, "segments")))
        {
            File.Copy(file, Path.Combine(folder, "segments", Path.GetFileName(file)));
        }

        if (version < NewestVersion)
        {
            // A reader cannot bring a catalog to the newest version; it says who can.
            CatalogException refused = Assert.Throws<CatalogException>(() => Collection.Open(folder, writable: false));
            Assert.Contains("open it for writing once", refused.Message, StringComparison.Ordinal);
            Collection.Open(folder, writable: true).Dispose();
        }

        Answer[] expected =
            JsonSerializer.Deserialize<Answer[]>(File.ReadAllText(Path.Combine(golden, "expected.json")), JsonSerializerOptions.Web)!;
        foreach (bool writable in new[] { false, true })
        {
            using Collection collection = Collection.Open(folder, writable);
            Assert.Empty(collection.Upkeep.Verify().Problems);

            // The stored rows give the recorded scores to the last bit; the engine's own scores may round differently from one
            // kernel to the next. An Int8 query has codes of step s <= 2 max|q| / 128, so a row errs by s/2 * |d|_1 <= sqrt(8)/128.
            Assert.Equal(expected, Ask(collection));
            foreach ((string name, RowFormat format) in SpaceFormats)
            {
                Answer[] recorded = [.. expected.Where(answer => answer.Space == name)];
                IReadOnlyList<SearchHit> hits = collection.Search(new SearchRequest { Vectors = [Samples.Query(Query, name, name)] }).Hits;
                double tolerance = format == RowFormat.Int8 ? Query.RowCount * Math.Sqrt(8) / 128 : 1e-5;
                Assert.Equal(recorded.Select(answer => answer.Key), hits.Select(hit => hit.Entry.Key));
                Assert.All(recorded.Zip(hits), pair => Assert.Equal(pair.First.Score, pair.Second.Score, tolerance));
            }

            if (version >= 2)
            {
                AssertTiersAndReduction(collection, expected);
            }

            Assert.Equal(4, collection.GetStatistics().EntryCount);
            Assert.Equal(version >= 5 ? 3 : null, collection.Documents.Get("clip.mp4")!.ExpectedEntryCount);
            Document document = collection.Documents.Get("golden.pdf")!;
            Assert.Equal(("de", 2024.0, false), (document.Metadata["lang"].Value, document.Metadata["year"].Value,
                document.Metadata["draft"].Value));
            Assert.Equal(
                version >= 7 ? [MetadataValue.List(["salt", 7, true])] : [],
                document.Metadata.Where(field => field.Key == "topics").Select(field => field.Value));
            Assert.Equal(version >= 7 ? """{"a":[1,{"b":null}]}""" : null, document.Payload);
            Assert.Equal(0.25f, collection.Entries.GetVectors("golden.pdf#page=1", "full")!.Places[0].Top, 1 / 65535f);
            Assert.Equal(["golden.pdf#page=2"], collection.Search(new SearchRequest { Text = "Grüße" }).Keys());
            Assert.Equal(
                version >= 8 ? ["photo.png"] : Array.Empty<string>(),
                collection.Entries.List(filter: Filter.Equal("attribute.colour", "red")).Select(entry => entry.Key));
            Assert.Equal(SourceState.Failed, collection.Sources.Get("/root", "bad.pdf")!.State);
            Assert.Equal(new Fingerprint(0x0123456789ABCDEF, Place.Whole), Assert.Single(collection.Entries.GetFingerprints("clip.mp4")));
            Assert.Equal(2.5f, collection.Entries.GetVectors("clip.mp4", "full")!.Places[0].EndSeconds);
        }
    }

    private static void AssertTiersAndReduction(Collection collection, Answer[] expected)
    {
        SearchResult coded =
            collection.Search(new SearchRequest
            {
                Vectors = [Samples.Query(Query, "full", "full")],
                Effort = SearchEffort.Through(new SearchStage("int8")),
            });
        Assert.Equal(expected.Where(answer => answer.Space == "full").Select(answer => answer.Key),
            coded.Hits.Select(hit => hit.Entry.Key));
        Assert.Equal(4, coded.Plans[0].CodedCount);
        Assert.Equal(1, collection.Tiers.Get("full")[0].Calibration!.Budgets[0].Recall);
        AssertReduced(collection);
    }

    // Twelve rows in groups of three; which rows belong together is the reduction's own test.
    private static void AssertReduced(Collection collection)
    {
        Assert.Equal("average:3", collection.Spaces.First(space => space.Name == "fewer").Reduction);
        MultiVector fewer = collection.Entries.GetVectors("golden.pdf#page=1", "fewer")!;
        Assert.Equal(4, fewer.RowCount);
        for (int row = 0; row < fewer.RowCount; row++)
        {
            Place[] places = [.. fewer.PlacesOf(row).ToArray().OrderBy(place => place.StartSeconds)];
            Assert.Equal([(row * 3) + 1, (row * 3) + 2, (row * 3) + 3], places.Select(place => place.EndSeconds));
            Assert.Equal((row * 3, (row * 3) + 3), (fewer.Places[row].StartSeconds, fewer.Places[row].EndSeconds));
        }
    }

    private static MultiVector Query => Samples.Rows(new Random(99), 3, 8);

    private static Answer[] Ask(Collection collection) => [.. SpaceFormats.SelectMany(space => collection.Entries.List()
        .Select(entry => (entry.Key, Rows: collection.Entries.GetVectors(entry.Key, space.Name)))
        .Where(entry => entry.Rows is not null)
        .Select(entry => new Answer(space.Name, entry.Key, Oracle.MaxSim(Query, entry.Rows!)))
        .OrderByDescending(answer => answer.Score))];

    private static void Write(string golden)
    {
        if (Directory.Exists(golden))
        {
            Directory.Delete(golden, recursive: true);
        }

        Random random = new(Seed: 42);
        CollectionOptions options = new()
        {
            Spaces =
            [
                .. SpaceFormats.Select(space => Samples.Space(space.Name, 8, space.Format, space.Name)),
                Samples.Space("fewer", 4, RowFormat.Float32, "fewer") with { Reduction = "average:3" },
            ],
            MergeSegmentCount = 0,
            BuildTiersInBackground = false,
        };
        Answer[] answers;
        using (Collection collection = Collection.Create(golden, options))
        {
            EntryContent Page(string key, int page, string text)
                => Samples.Content(key, page: page, text: text) with { Vectors = Rows(random, withPlaces: true) };
            Samples.AddDocument(collection, "gone.pdf", Page("gone.pdf#page=1", 1, "gone"));
            using (CollectionWriter writer = collection.BeginWrite())
            {
                writer.Delete("gone.pdf");
                writer.BeginDocument(Samples.Document("golden.pdf", MediaType.Page, ("lang", "de"), ("year", 2024), ("draft", false),
                    ("topics", MetadataValue.List(["salt", 7, true]))) with
                {
                    Payload = """{"a":[1,{"b":null}]}""",
                });
                EntryContent first = Page("golden.pdf#page=1", 1, "one two");
                writer.Add(first with { Vectors = new Dictionary<string, MultiVector>(first.Vectors) { ["fewer"] = Frames() } });
                writer.Add(Page("golden.pdf#page=2", 2, "viele Grüße"));
                writer.BeginDocument(Samples.Document("photo.png", MediaType.Image));
                writer.Add(new EntryContent
                {
                    Entry = Samples.Entry("photo.png", null, MediaType.Image),
                    Vectors = Rows(random, withPlaces: false)
                });
                writer.BeginDocument(Samples.Document("clip.mp4", MediaType.Video) with { ExpectedEntryCount = 3 });
                MultiVector frames = new(8, Samples.Rows(random, 1, 8).Values.ToArray(), [new Place(0, 0, 1, 1, 0.5f, 2.5f)]);
                writer.Add(Samples.Content("clip.mp4", hashes: 0x0123456789ABCDEF) with
                {
                    Vectors = new Dictionary<string,
                    MultiVector>
                    { ["full"] = frames }
                });
                writer.SetSource(new SourceFile { Root = "/root", Path = "bad.pdf", State = SourceState.Failed, Reason = "cut short" });
                writer.Commit();
            }

            collection.Tiers.Set("full", ["int8"]);
            collection.Upkeep.Run();
            collection.Attributes.Set(new AttributeDefinition { Name = "colour", Values = ["red", "blue"], Space = "full" });
            collection.Attributes.UseSpace("colour", new SpaceId("full"));
            collection.Attributes.Save(
                "colour", new Dictionary<string, IReadOnlyList<AttributeValue>> { ["photo.png"] = [new AttributeValue("red", 0.25)] });
            answers = Ask(collection);
        }

        File.Delete(Path.Combine(golden, "LOCK"));
        File.WriteAllText(Path.Combine(golden, "expected.json"), JsonSerializer.Serialize(answers, JsonSerializerOptions.Web) + "\n");
    }

    private static MultiVector Frames()
    {
        Place[] places = [.. Enumerable.Range(0, 12).Select(i => new Place(0, 0.25f, 0.5f, 1, i, i + 1))];
        return new MultiVector(4, Samples.Rows(new Random(5), places.Length, 4).Values.ToArray(), places);
    }

    private static Dictionary<string, MultiVector> Rows(Random random, bool withPlaces) =>
        SpaceFormats.ToDictionary(space => space.Name, _ => Samples.Rows(random, random.Next(1, 20), 8, withPlaces));
}
