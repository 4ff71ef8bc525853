using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Libraries.Inputs;

public sealed class EncodeInputsTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly Library _library;

    public EncodeInputsTests() =>
        _library = new Library(new LibraryOptions { DataFolder = _data.PathOf("indexes"), ModelFolders = [_model.Folder] });

    public void Dispose()
    {
        _library.Dispose();
        _model.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Encode_Cancelled_StopsBetweenInputs()
    {
        const int count = 200_000;
        int read = 0;
        using CancellationTokenSource stop = new();
        CountingList inputs = new(count, () =>
        {
            if (Interlocked.Increment(ref read) == 20)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _library.EncodeAsync(new EncodeRequest { Model = _model.Folder, Inputs = inputs }, stop.Token));

        Assert.InRange(read, 20, 20 + (2 * Environment.ProcessorCount));
    }

    [Fact]
    public async Task Encode_BadInputs_EndTheBatch_AndTheFirstIsNamed()
    {
        EncodeInput[] inputs = [.. Enumerable.Range(0, 50).Select(i => new EncodeInput { Name = $"input[{i}]", Text = i >= 7 ? null : "red" })];

        InvalidInputException error = await Assert.ThrowsAsync<InvalidInputException>(
            () => _library.EncodeAsync(new EncodeRequest { Model = _model.Folder, Inputs = inputs }));

        Assert.Equal("input[7]", error.Parameter);
        Assert.False(error.IsTooLong);
    }

    [Fact]
    public async Task Score_QueryWithoutRows_IsRefused()
    {
        Assert.SkipUnless(Directory.Exists(BundledModels.DefaultFolder), "page-words was not built.");
        ScoreRequest request = new()
        {
            Model = BundledModels.Default,
            Queries = [new EncodeInput { Name = "query", Text = "..." }],
            Documents = [new EncodeInput { Text = "words" }],
        };

        InvalidInputException error = await Assert.ThrowsAsync<InvalidInputException>(() => _library.ScoreAsync(request));

        Assert.Equal("query", error.Parameter);
    }

    [Fact]
    public async Task Score_DocumentWithoutRows_IsLeastOfAll()
    {
        Assert.SkipUnless(Directory.Exists(BundledModels.DefaultFolder), "page-words was not built.");
        ScoreRequest request = new()
        {
            Model = BundledModels.Default,
            Queries = [new EncodeInput { Text = "two words" }],
            Documents = [new EncodeInput { Text = "..." }, new EncodeInput { Text = "two words" }],
        };

        ScoreReport report = await _library.ScoreAsync(request);

        Assert.Equal(new PairScore(-2, 0), report.Scores[0]);
        Assert.Equal(2, report.Scores[1].Score, tolerance: 1e-5f);
        Assert.Equal(1, report.Scores[1].Relevance, tolerance: 1e-5);
        Assert.NotEmpty(report.Notices);
    }

    private sealed class CountingList(int count, Action read) : IReadOnlyList<EncodeInput>
    {
        public int Count => count;

        public EncodeInput this[int index]
        {
            get
            {
                read();
                return new EncodeInput { Text = "red" };
            }
        }

        public IEnumerator<EncodeInput> GetEnumerator() => Enumerable.Range(0, count).Select(index => this[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
