using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>A new model's queries in a space that an old model filled.</summary>
public sealed class QueryBridgeTests : IDisposable
{
    private readonly PlantedEncoder _old = PlantedEncoder.CreateSplit();
    private readonly PlantedEncoder _new = PlantedEncoder.CreateCombined();
    private readonly SampleLibrary _sample = new();

    public QueryBridgeTests()
    {
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors.Take(3))
        {
            _sample.Write($"{word}.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, (red, green, blue))));
        }

        Assert.Equal(3, _sample.Index(request => request with { Models = [_old.Folder] }).Indexed);
    }

    public void Dispose()
    {
        _sample.Dispose();
        _old.Dispose();
        _new.Dispose();
    }

    [Theory]
    [InlineData("red", "green.png")]
    [InlineData("green", "blue.png")]
    [InlineData("blue", "red.png")]
    public void Search_TextByANewModel_IsLedToWhereTheOldOnePutIt(string text, string key)
    {
        SearchResult result = Ask(query => query with { Text = text, Using = SearchSide.Vectors, Bridge = Lead(CreateTurn()) });

        Assert.Equal(key, result.Hits[0].Entry.Key);
        Assert.Empty(result.Notices);
    }

    [Fact]
    public void Search_PictureByANewModel_IsLedToo()
    {
        byte[] picture = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (240, 10, 20)));

        SearchResult result = Ask(query => query with { ImageBytes = picture, Bridge = Lead(CreateTurn()) });

        Assert.Equal("green.png", result.Hits[0].Entry.Key);
    }

    [Fact]
    public void Search_BridgeThatLeadsNowhere_IsRefusedWithTheReason()
    {
        BinarizerTraining own = Wrap(new RowTransform(4, null, [], []), 4);
        BinarizerTraining behind = CreateTurn();
        BinarizerTraining longer = Wrap(new RowTransform(4, new Matrix(7, 4, new float[28]), new float[4], []), 4);
        BinarizerTraining elsewhere = Wrap(new RowTransform(5, new Matrix(4, 5, new float[20]), new float[5], []), 5);

        Assert.Contains("not trained for an old model", Refuse<ArgumentException>(Lead(own)), StringComparison.Ordinal);
        Assert.Contains("behind a learned head",
            Refuse<ArgumentException>(Lead(behind with { Report = behind.Report with { IsBehindOldHead = true } })),
            StringComparison.Ordinal);
        Assert.Contains("takes rows of 7 values", Refuse<ArgumentException>(Lead(longer)), StringComparison.Ordinal);
        Assert.Contains("rows of 5 values; no space", Refuse<ArgumentException>(Lead(elsewhere)), StringComparison.Ordinal);
        Assert.Contains("absent", Refuse<UnknownSpaceException>(Lead(CreateTurn()) with { Space = "absent" }), StringComparison.Ordinal);
    }

    private string Refuse<T>(QueryBridge bridge)
        where T : Exception => Assert.Throws<T>(() => Ask(query => query with { Text = "red", Bridge = bridge })).Message;

    private QueryBridge Lead(BinarizerTraining training) => new() { Model = _new.Folder, Binarizer = training };

    // Red becomes green, green blue, blue red.
    private static BinarizerTraining CreateTurn() =>
        Wrap(new RowTransform(4, new Matrix(4, 4, [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1]), new float[4], []), 4);

    private static BinarizerTraining Wrap(RowTransform transform, int innerDimension)
    {
        CodecSpec inner = CodecSpec.Parse("int8");
        EntryCodec codec = Codecs.FindFamily(inner)
            .Train(inner, new TrainingSample { Dimension = innerDimension, Rows = [] }, TestContext.Current.CancellationToken);
        return new BinarizerTraining(new BebrCodec(CodecSpec.Parse("bebr:2"), transform, codec), new BinarizerReport
        {
            Kept = BinarizerChoice.ClosedForm,
            Codec = "int8",
            IsLabelled = false,
            DocumentCount = 0,
            TrainingQueryCount = 0,
            TestQueryCount = 0,
            StepCount = 0,
            BestStep = 0,
            Float = new ConfidenceInterval(1, 1, 1),
            ClosedForm = new ConfidenceInterval(1, 1, 1),
        });
    }

    private SearchResult Ask(Func<LibraryQuery, LibraryQuery> change) =>
        _sample.Search(change, TestContext.Current.CancellationToken);
}
