using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Formats;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public sealed class TableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_ParquetOfSeveralRowGroups_GivesPicturesNumbersAndListsInOrder()
    {
        string path = _folder.PathOf("corpus.parquet");
        byte[]?[] pictures = [.. Enumerable.Range(0, 7).Select(i => i == 3 ? null : new byte[] { (byte)i, 1, 2 })];
        string[][] lists = [.. Enumerable.Range(0, 7).Select(i => Enumerable.Range(0, i % 3).Select(j => $"{i}-{j}").ToArray())];
        await ParquetFiles.WriteAsync(path, rowsOfGroup: 3,
            ("corpus-id", Enumerable.Range(0, 7).Select(i => (long)i * 10).ToArray()), ("image", pictures),
            ("text", Enumerable.Range(0, 7).Select(i => i == 5 ? null : $"text {i}").ToArray()), ("tags", lists),
            ("score", Enumerable.Range(0, 7).Select(i => i / 2.0).ToArray()));

        List<TableRow> rows = await ToListAsync(TableFile.ReadAsync(path));

        Assert.Equal(["0", "10", "20", "30", "40", "50", "60"], rows.Select(row => row.Id("_id", "corpus-id")));
        Assert.Equal(pictures, rows.Select(row => row.Bytes("image.bytes")?.ToArray()));
        Assert.Equal(["page.png", null], rows.Skip(2).Take(2).Select(row => row.Text("image.path")));
        Assert.Equal(lists, rows.Select(row => row.List("tags").ToArray()));
        Assert.Null(rows[5].Text("text"));
        Assert.Equal(1.5, rows[3].Number("score"));
    }

    [Fact]
    public async Task ReadAsync_ChosenColumns_LeavesTheOthersOut()
    {
        string path = _folder.PathOf("a.parquet");
        await ParquetFiles.WriteAsync(path, 10, ("id", new long[] { 1 }), ("image", new byte[]?[] { [1] }), ("images", new string?[] { "x" }));

        TableRow row = Assert.Single(await ToListAsync(TableFile.ReadAsync(path, ["id", "image"])));

        Assert.Equal(["id", "image.bytes", "image.path"], row.Columns.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_NoParquetFile_SaysSo()
    {
        string path = _folder.Write("a.parquet", "PAR0 is not the mark of one"u8.ToArray());

        BenchmarkFormatException error = await Assert.ThrowsAsync<BenchmarkFormatException>(() => ToListAsync(TableFile.ReadAsync(path)));

        Assert.Equal(path, error.Path);
    }

    [Fact]
    public async Task ReadAsync_Csv_KeepsQuotesSeparatorsAndLineBreaks()
    {
        string path = _folder.Write(
            "a.csv", "key,video_id,sentence\nret0,video7,\"a \"\"red\"\" car, then\na blue one\"\n\nret1,video8,plain \"x\"\n"u8.ToArray());

        List<TableRow> rows = await ToListAsync(TableFile.ReadAsync(path));

        Assert.Equal(["a \"red\" car, then\na blue one", "plain \"x\""], rows.Select(row => row.Text("sentence")));
        Assert.Equal(["video7", "video8"], rows.Select(row => row.Text("video_id")));
    }

    [Theory]
    [InlineData("a.csv", "a,b\n1,2,3\n", "2 fields")]
    [InlineData("a.csv", "a,b\n1,\"2\n", "closing quote")]
    [InlineData("a.jsonl", "{\"a\":1}\n[1]\n", "line 2")]
    [InlineData("a.jsonl", "{\"a\":", "line 1")]
    public async Task ReadAsync_DamagedFile_NamesTheLineOrWhatIsMissing(string name, string content, string expected)
    {
        string path = _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));

        BenchmarkFormatException error = await Assert.ThrowsAsync<BenchmarkFormatException>(() => ToListAsync(TableFile.ReadAsync(path)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<TableRow>> ToListAsync(IAsyncEnumerable<TableRow> rows)
    {
        List<TableRow> list = [];
        await foreach (TableRow row in rows)
        {
            list.Add(row);
        }

        return list;
    }
}
