using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Models;

/// <summary>A new model in place of an old one, in a collection of plain colours.</summary>
public sealed class ModelReplacementTests : IDisposable
{
    private const int Pictures = 30;

    private readonly TemporaryFolder _models = new();
    private readonly SampleLibrary _sample;

    public ModelReplacementTests()
    {
        // The same weights in graphs that are written in another way: another identity, the same geometry.
        PlantedEncoder.CreateSplit().MoveTo(Path.Combine(_models, "old"));
        PlantedEncoder.CreateCombined().MoveTo(Path.Combine(_models, "new"));
        _sample = new SampleLibrary(options => options with { ModelFolders = [_models] });
        Random random = new(4);
        for (int i = 0; i < Pictures; i++)
        {
            (byte, byte, byte) colour = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            _sample.Write($"p{i:00}.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, colour)));
        }

        _sample.Index(request => request with { Models = ["old"] });
    }

    public void Dispose()
    {
        _sample.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void Replace_WholeCollection_SwitchesAndKeepsTheOldRows()
    {
        SearchResult before = Ask();

        ModelReplacement done = Replace();

        Assert.Equal(("old", "new", true, 0L), (done.OldSpace, done.NewSpace, done.IsSwitched, done.MissingCount));
        Assert.Equal(1, done.Agreement!.Value, 1e-9);
        Assert.Equal("vectors:new", Assert.Single(Ask().Plans).Side);
        Assert.Equal(before.Hits.Select(hit => hit.Entry.Key), Ask().Hits.Select(hit => hit.Entry.Key));
        Assert.Equal((SpaceState.Kept, "new"), (State("old").State, State("old").Counterpart));
        Assert.Equal((SpaceState.Live, (string?)null), (State("new").State, State("new").Counterpart));
        Assert.Equal(Pictures, RowsOf("old"));
    }

    [Fact]
    public void Replace_Cancelled_AsksTheOldSpaceAndGoesOn()
    {
        using CancellationTokenSource source = new();
        Assert.Throws<IndexCanceledException>(() => Replace(progress: new Stopper(source), cancellationToken: source.Token));

        Assert.Equal("vectors:old", Assert.Single(Ask().Plans).Side);
        Assert.Equal((SpaceState.Filling, "old"), (State("new").State, State("new").Counterpart));

        _sample.Reopen();
        ModelReplacement done = Replace();

        Assert.True(done.IsSwitched);
        Assert.Equal(Pictures, RowsOf("new"));
    }

    [Fact]
    public void Replace_FileIsGone_IsRefusedUntilThatIsAllowed()
    {
        File.Delete(_sample.PathOf("p07.png"));

        ModelReplacement refused = Replace();

        Assert.Equal((false, 1L), (refused.IsSwitched, refused.MissingCount));
        Assert.Equal("vectors:old", Assert.Single(Ask().Plans).Side);
        Assert.True(Replace(allowMissing: true).IsSwitched);
        Assert.Equal("vectors:new", Assert.Single(Ask().Plans).Side);
        Assert.Equal(Pictures, _sample.Keys().Count);
    }

    // What the new weights in the place of the old ones did before: nothing could be indexed any more.
    [Fact]
    public void Replace_OldModelIsGone_FillsTheNewOneAndKeepsTheRows()
    {
        Directory.Delete(Path.Combine(_models, "old"), recursive: true);
        _sample.Reopen();
        Assert.Contains(Ask().Notices, notice => notice.Contains("mvr models replace old", StringComparison.Ordinal));

        ModelReplacement done = Replace();

        Assert.True(done.IsSwitched);
        Assert.Equal("vectors:new", Assert.Single(Ask().Plans).Side);
        Assert.Equal((Pictures, Pictures), (RowsOf("old"), RowsOf("new")));
    }

    [Fact]
    public void Replace_FilesAddedMeanwhile_AreInBoth()
    {
        using CancellationTokenSource source = new();
        Assert.Throws<IndexCanceledException>(() => Replace(progress: new Stopper(source), cancellationToken: source.Token));
        _sample.Write("later.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 0, 0))));

        _sample.Index();

        Assert.Equal((Pictures + 1, Pictures + 1), (RowsOf("old"), RowsOf("new")));
        Assert.Equal("vectors:old", Assert.Single(Ask().Plans).Side);
        Assert.True(Replace().IsSwitched);
    }

    [Fact]
    public async Task Restore_KeptSpace_IsAskedAtOnceAndFilledByTheNextRun()
    {
        Replace();
        _sample.Write("later.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 0, 0))));
        _sample.Index();
        Assert.Equal((Pictures, Pictures + 1), (RowsOf("old"), RowsOf("new")));

        await _sample.Library.RestoreSpaceAsync(SampleLibrary.Collection, "old", TestContext.Current.CancellationToken);

        Assert.Equal("vectors:old", Assert.Single(Ask().Plans).Side);
        Assert.Equal((SpaceState.Kept, "old"), (State("new").State, State("new").Counterpart));
        _sample.Index();
        Assert.Equal(Pictures + 1, RowsOf("old"));
    }

    [Fact]
    public async Task Remove_KeptSpace_TakesItsRowsAndNothingElse()
    {
        Replace();

        await _sample.Library.RemoveSpaceAsync(SampleLibrary.Collection, "old", TestContext.Current.CancellationToken);

        Assert.Equal("new", Assert.Single(_sample.Opened.Spaces).Name);
        Assert.Equal(Pictures, Ask(top: 100).Hits.Count);
        Assert.Empty(_sample.Opened.Upkeep.Verify().Problems);
        Assert.Equal(Pictures, _sample.Index().Unchanged);
    }

    [Fact]
    public async Task Remove_TheSpaceThatIsAsked_LetsTheKeptOneBeAskedAgain()
    {
        Replace();
        _sample.Write("later.png", SampleLibrary.Png(PlantedEncoder.Plain(40, 40, (255, 0, 0))));
        _sample.Index();

        await _sample.Library.RemoveSpaceAsync(SampleLibrary.Collection, "new", TestContext.Current.CancellationToken);

        Assert.Equal("vectors:old", Assert.Single(Ask().Plans).Side);
        _sample.Index();
        Assert.Equal(Pictures + 1, RowsOf("old"));
    }

    // Marked for the next run, a file that moved is still the same.
    [Fact]
    public async Task Restore_ThenAFileMoves_IsARename()
    {
        Replace();
        await _sample.Library.RestoreSpaceAsync(SampleLibrary.Collection, "old", TestContext.Current.CancellationToken);
        File.Move(_sample.PathOf("p03.png"), _sample.PathOf("moved.png"));

        IndexReport report = _sample.Index();

        Assert.Equal(1, report.Renamed);
        Assert.Equal(Pictures, _sample.Keys().Count);
        Assert.Contains("moved.png", _sample.Keys());
    }

    [Fact]
    public async Task Changes_ThatMakeNoSense_AreRefused()
    {
        AssertRefused("of this model already", "old");
        Assert.Throws<UnknownSpaceException>(() => Replace("none", "new"));
        Assert.Throws<ModelNotFoundException>(() => Replace("old", "none"));
        Assert.Single(_sample.Opened.Spaces);
        await Assert.ThrowsAsync<SpaceStateException>(() =>
            _sample.Library.RestoreSpaceAsync(SampleLibrary.Collection, "old", TestContext.Current.CancellationToken));
        Replace();
        AssertRefused("'new' took its place", "new");
    }

    private void AssertRefused(string expected, string model) => Assert.Contains(
        expected, Assert.Throws<SpaceStateException>(() => Replace("old", model)).Message, StringComparison.Ordinal);

    private ModelReplacement Replace(string space = "old", string model = "new", bool allowMissing = false,
        IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _sample.Library.ReplaceModelAsync(
            new ReplaceModelRequest { Collection = SampleLibrary.Collection, Space = space, Model = model, AllowMissing = allowMissing },
            progress, cancellationToken).GetAwaiter().GetResult();

    private SearchResult Ask(int top = 10) => _sample.Search(query => query with { Text = "red", Top = top });

    private Space State(string space) => _sample.Opened.Spaces.Single(known => known.Name == space);

    private int RowsOf(string space) =>
        _sample.Keys().Count(key => _sample.Opened.Entries.GetVectors(key, space) is { RowCount: > 0 });

    // Ends the run at its first sign of life.
    private sealed class Stopper(CancellationTokenSource source) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => source.Cancel();
    }
}
