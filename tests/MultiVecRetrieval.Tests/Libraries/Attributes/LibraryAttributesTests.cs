using MultiVecRetrieval.Numerics.LinearAlgebra;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Attributes;

/// <summary>Values of attributes in a space of colours whose geometry is known.</summary>
public sealed class LibraryAttributesTests : IAsyncLifetime
{
    private static readonly AttributeDefinition Colour =
        new() { Name = "colour", Values = ["red", "green", "blue"], Template = "a photo of {}" };

    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _sources = new();
    private readonly Library _library;

    public LibraryAttributesTests()
    {
        _library = new Library(
            new LibraryOptions { DataFolder = _data.FullName, QuietPeriod = TimeSpan.Zero, ModelFolders = [_model.Folder] });
        Write("red.png", (255, 0, 0));
        Write("rose.png", (255, 120, 110));
        Write("leaf.png", (40, 200, 20));
        Write("sea.png", (10, 60, 220));
    }

    public async ValueTask InitializeAsync() =>
        await _library.IndexAsync(new IndexRequest { Collection = "c", Paths = [_sources.FullName], Models = [_model.Folder] });

    public ValueTask DisposeAsync()
    {
        _library.Dispose();
        _model.Dispose();
        _data.Dispose();
        _sources.Dispose();
        return default;
    }

    [Fact]
    public async Task Set_Attribute_GivesEveryEntryItsMostSimilarValue_AndIndexingThoseThatCome()
    {
        Assert.Empty(await _library.Attributes.SetAsync("c", Colour));

        Assert.Equal(["red.png", "rose.png"], Find("attribute.colour = red"));
        Assert.Equal(["leaf.png"], Find("attribute.colour = green"));
        Assert.Equal(["sea.png"], Find("attribute.colour = blue"));

        Write("grass.png", (0, 160, 0));
        File.Delete(_sources.PathOf("leaf.png"));
        await _library.IndexAsync(new IndexRequest { Collection = "c", Paths = [_sources.FullName], RemoveMissing = true });

        Assert.Equal(["grass.png"], Find("attribute.colour = green"));
        Assert.Equal(0, Assert.Single(_library.Attributes.List("c")).WaitingEntryCount);
    }

    [Fact]
    public async Task Set_SeveralValuesFromAThreshold_GivesThoseThatReachIt()
    {
        AttributeDefinition attribute = Colour with { IsMultiple = true, Threshold = 0.6, Template = "{}" };
        await _library.Attributes.SetAsync("c", attribute);

        Collection collection = _library.GetCollection("c");
        string space = collection.Spaces[0].Name;
        Dictionary<string, float[]> values = [];
        foreach (string value in attribute.Values)
        {
            values[value] = await EncodeAsync(value);
        }

        foreach (Entry entry in collection.Entries.List())
        {
            ReadOnlySpan<float> row = collection.Entries.GetVectors(entry.Key, space)!.Row(0);
            List<string> expected = [];
            foreach (string value in attribute.Values)
            {
                if (System.Numerics.Tensors.TensorPrimitives.Dot(row, values[value]) >= 0.6f)
                {
                    expected.Add(value);
                }
            }

            Assert.Equal(expected.Order(), collection.Entries.GetAttributes(entry.Key).Select(found => found.Value.Value).Order());
        }

        // Otherwise the comparison would hold of nothing.
        Assert.NotEmpty(collection.Entries.GetAttributes("red.png"));
    }

    [Fact]
    public async Task Search_LikeAnEntryInOneAttribute_RanksByTheProjectionOntoItsValues()
    {
        AttributeDefinition warmth = Colour with { Name = "warmth", Values = ["red", "blue"], Template = "{}" };
        await _library.Attributes.SetAsync("c", warmth);

        SearchResult found = await _library.SearchAsync(new LibraryQuery
        {
            Collection = "c",
            Parts = [new QueryPart { Entry = "rose.png", Attribute = "warmth" }],
        });

        Collection collection = _library.GetCollection("c");
        string space = collection.Spaces[0].Name;
        float[] query = VectorComposition.ProjectOnto(
            collection.Entries.GetVectors("rose.png", space)!.Row(0).ToArray(), [await EncodeAsync("red"), await EncodeAsync("blue")])!;
        string[] expected =
        [
            .. collection.Entries.List().Select(entry => entry.Key).Where(key => key != "rose.png")
                .OrderByDescending(key => System.Numerics.Tensors.TensorPrimitives.Dot(
                    collection.Entries.GetVectors(key, space)!.Row(0), query)),
        ];

        // By warmth, red against blue, it is like red and unlike the sea; green is neither.
        Assert.Equal(["red.png", "leaf.png", "sea.png"], expected);
        Assert.Equal(expected, found.Hits.Select(hit => hit.Entry.Key));
    }

    [Fact]
    public async Task Search_ByAnAttributeThatIsNotThere_SaysWhichThereAre()
    {
        await _library.Attributes.SetAsync("c", Colour);

        InvalidQueryException refused = await Assert.ThrowsAsync<InvalidQueryException>(() => _library.SearchAsync(
            new LibraryQuery { Collection = "c", Parts = [new QueryPart { Entry = "red.png", Attribute = "shape" }] }));

        Assert.Contains("there are colour", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_SeveralValuesWithoutAThreshold_IsRefusedAndChangesNothing()
    {
        InvalidQueryException refused = await Assert.ThrowsAsync<InvalidQueryException>(
            () => _library.Attributes.SetAsync("c", Colour with { IsMultiple = true }));

        Assert.Equal("threshold", refused.Parameter);
        Assert.Empty(_library.Attributes.List("c"));
    }

    [Fact]
    public async Task Replace_Model_LooksForTheValuesInTheNewSpace()
    {
        await _library.Attributes.SetAsync("c", Colour);
        using PlantedEncoder other = PlantedEncoder.CreateCombined();

        ModelReplacement done = await _library.ReplaceModelAsync(
            new ReplaceModelRequest { Collection = "c", Space = _library.GetCollection("c").Spaces[0].Name, Model = other.Folder });

        Assert.True(done.IsSwitched);
        Collection collection = _library.GetCollection("c");
        Assert.Equal(collection.Spaces.Single(space => space.State == SpaceState.Live).Id, _library.Attributes.List("c")[0].SpaceId);
        Assert.Equal(["red.png", "rose.png"], Find("attribute.colour = red"));
    }

    [Fact]
    public void ProjectOnto_Values_KeepsTheirDifferencesAlone()
    {
        Random random = new(3);
        for (int round = 0; round < 50; round++)
        {
            int dimension = random.Next(6, 20), count = random.Next(2, 5);
            float[][] values = [.. Enumerable.Range(0, count).Select(_ => Unit(random, dimension))];
            float[] query = Unit(random, dimension);

            float[]? projected = VectorComposition.ProjectOnto(query, values);

            // What is the same of all values, their mean, has no part in any difference; projecting again changes nothing.
            Assert.NotNull(projected);
            Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Norm<float>(projected), tolerance: 1e-5);
            float[] again = VectorComposition.ProjectOnto(projected, values)!;
            Assert.All(Enumerable.Range(0, dimension), i => Assert.Equal(projected[i], again[i], tolerance: 1e-5));
            float[] rest = VectorComposition.ProjectOut(query, [projected]);
            for (int i = 1; i < count; i++)
            {
                float[] difference = [.. values[i].Zip(values[0], (a, b) => a - b)];
                Assert.Equal(0, System.Numerics.Tensors.TensorPrimitives.Dot<float>(rest, difference), tolerance: 1e-4);
            }
        }

        Assert.Null(VectorComposition.ProjectOnto([0, 0, 1], [[1, 0, 0], [0, 1, 0]]));
    }

    private static float[] Unit(Random random, int dimension)
    {
        float[] values = [.. Enumerable.Range(0, dimension).Select(_ => (float)random.NextDouble() - 0.5f)];
        return VectorComposition.Sum([values], [1]);
    }

    private async Task<float[]> EncodeAsync(string text)
    {
        IReadOnlyList<EncodedInput> encoded = await _library.EncodeAsync(
            new EncodeRequest { Model = _model.Folder, Inputs = [new EncodeInput { Text = text }] });
        return encoded[0].Rows.Row(0).ToArray();
    }

    private IEnumerable<string> Find(string filter) =>
        _library.GetCollection("c").Entries.List(filter: Filter.Parse(filter)).Select(entry => entry.Key);

    private void Write(string name, (byte, byte, byte) colour) =>
        _sources.Write(name, SampleLibrary.Png(PlantedEncoder.Plain(40, 40, colour)));
}
