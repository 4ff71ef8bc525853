using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion;

/// <summary>A library with a data folder and a folder of sources of its own, removed with it.</summary>
internal sealed class SampleLibrary : IDisposable
{
    public const string Collection = "test";

    private readonly TemporaryFolder _folder = new();

    public SampleLibrary(Func<LibraryOptions, LibraryOptions>? change = null)
    {
        Directory.CreateDirectory(Sources);
        LibraryOptions options = new()
        {
            DataFolder = _folder.PathOf("data"),
            // Sources are written just before they are indexed; only the test of the quiet period wants to wait.
            QuietPeriod = TimeSpan.Zero,
            // What is read of pages without text is a matter of the tests of recognition; it takes seconds a page.
            RecognizeText = false,
            // So is what the pages of office documents look like.
            OfficePages = false,
            Threads = 2,
        };
        Options = change?.Invoke(options) ?? options;
        Library = new Library(Options);
    }

    public LibraryOptions Options { get; }

    public Library Library { get; private set; }

    public string Sources => _folder.PathOf("sources");

    public string PathOf(string name) => Path.Combine(Sources, name);

    public Collection Opened => Library.GetCollection(Collection);

    /// <summary>Closes the library and opens it again, as another run of a program would.</summary>
    public void Reopen(Func<LibraryOptions, LibraryOptions>? change = null)
    {
        Library.Dispose();
        Library = new Library(change?.Invoke(Options) ?? Options);
    }

    /// <summary>Indexes the sources, or what <paramref name="change"/> makes of that; a test waits on its own thread.</summary>
    public IndexReport Index(Func<IndexRequest, IndexRequest>? change = null, CancellationToken cancellationToken = default)
    {
        // Most tests are about reading files; the words that are seen are quick to encode and easy to foresee.
        IndexRequest request = new()
        {
            Collection = Collection,
            Paths = [Sources],
            Models = Library.CollectionExists(Collection) ? [] : ["words-only"],
        };
        return Library.IndexAsync(change?.Invoke(request) ?? request, progress: null, cancellationToken).GetAwaiter().GetResult();
    }

    public void Delete() => Library.DeleteCollectionAsync(Collection).GetAwaiter().GetResult();

    public IReadOnlyList<string> Search(string text, SearchSide side = SearchSide.Fused) =>
        [.. Search(query => query with { Text = text, Using = side }).Hits.Select(hit => hit.Entry.Key)];

    /// <summary>Asks the collection what <paramref name="change"/> makes of an empty query.</summary>
    public SearchResult Search(Func<LibraryQuery, LibraryQuery> change, CancellationToken cancellationToken = default) =>
        Library.SearchAsync(change(new LibraryQuery { Collection = Collection }), cancellationToken).GetAwaiter().GetResult();

    /// <summary>Keys of all entries in ordinal order.</summary>
    public IReadOnlyList<string> Keys() =>
        [.. Opened.Entries.List(limit: int.MaxValue).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    public SourceFile Source(string path) => Opened.Sources.Get(Sources, path) ?? throw new InvalidOperationException($"No source {path}.");

    public string Write(string name, byte[] bytes)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A PDF with one line of text a page; as wide as A4 is high, so that letters have their usual size, and low, to be
    /// quick.</summary>
    public string WritePdf(string name, params string[] pages) => Write(name, Pdf(pages));

    public static byte[] Pdf(params string[] pages) => PdfSource.Document(
        [.. pages.Select(text => (PdfSource.Text(text, 40, 20, size: 12), "/MediaBox[0 0 842 48]"))]);

    /// <summary>An image without words.</summary>
    public string WritePicture(string name, int width = 64, int height = 48) => Write(name, Png(PictureSource.Gradient(width, height)));

    /// <summary>A picture with structure, so that it can be told from others: 8 × 8 blocks of random grey.</summary>
    public static RgbImage Blocks(int width, int height, int seed)
    {
        byte[] grays = new byte[64];
        new Random(seed).NextBytes(grays);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i / 3 % width, i / 3 / width);
            pixels[i] = grays[(y * 8 / height * 8) + (x * 8 / width)];
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>An image of a line of text, without a text layer.</summary>
    public string WriteTextPicture(string name, string text) => Write(name, Png(RenderText(text)));

    public static RgbImage RenderText(string text)
    {
        using TemporaryFolder folder = new();
        return new PdfReader(new MediaLimits()).RenderPage(folder.Write("text.pdf", Pdf(text)), page: 1, longSide: 1200);
    }

    public static byte[] Png(RgbImage image) => PictureSource.Save(image, "pngsave_buffer");

    /// <summary>seen - indexed - failed - excluded - pending = 0.</summary>
    public void AssertComplete()
    {
        SourceCounts counts = Opened.Sources.Count();
        Assert.Equal(0, counts.Seen - counts.Indexed - counts.Failed - counts.Excluded - counts.Pending);
        Assert.Equal(counts.Seen, Opened.Sources.List().Count);
    }

    public void Dispose()
    {
        Library.Dispose();
        _folder.Dispose();
    }
}
