using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Pages;

/// <summary>
/// Retrieval on real pages, end to end: real manuals are indexed as PDFs and once more as bare pictures, known-item
/// queries are made from their text layers, and each way of searching is scored on the same queries.
/// </summary>
internal sealed class PagesSuite(PagesSuiteOptions options, Action<string> log)
{
    private const string PdfCollection = "pages";
    private const string PictureCollection = "pictures";
    private const int Depth = 100;

    /// <summary>Runs everything and returns the report.</summary>
    /// <exception cref="SuiteFailedException">A document could not be indexed.</exception>
    public string Run(CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<SuiteDocument> documents = ChooseDocuments();
        // A part works in a folder of its own, so that the files of other documents are no distractors.
        string folder = documents.Count == SuiteDocument.All.Count ? options.CacheFolder : Path.Combine(options.CacheFolder, "part");
        SuiteFiles files = new(options.CacheFolder, folder, log);
        if (folder != options.CacheFolder)
        {
            files.Clear();
        }

        IReadOnlyDictionary<string, string> versions = files.Fetch(documents);
        files.Render(options.PictureLongSide);

        // Pictures of pages are to be found by what is seen; recognised text would answer in its place.
        using Library library = new(new LibraryOptions
        {
            DataFolder = Path.Combine(folder, "data"),
            ModelFolders = options.ModelFolders,
            RecognizeText = false,
        });
        string pdfIndexing = Index(library, PdfCollection, files.PdfFolder, cancellationToken);
        string pictureIndexing = Index(library, PictureCollection, files.PictureFolder, cancellationToken);

        (IReadOnlyList<PageText> pages, int withoutText) = CollectionPages.Read(library.GetCollection(PdfCollection));
        IReadOnlyList<KnownItem> items =
            new KnownItemGenerator(pages, new KnownItemOptions { Count = options.QueryCount, Seed = options.Seed }).Generate();
        List<SuiteRun> runs = [.. Runs(library, items, pages, cancellationToken)];
        if (options.OutputFolder is { } output)
        {
            Write(output, items, runs);
        }

        SuiteReport report = new(items, runs);
        return string.Join('\n',
            [
                $"{pages.Count + withoutText} pages of {documents.Count} PDFs ({withoutText} without text); {items.Count} known-item queries, seed {options.Seed}",
                $"packages: {string.Join(", ", versions.Select(pair => $"{pair.Key} {pair.Value}"))}",
                $"PDFs: {pdfIndexing}",
                $"pictures ({options.PictureLongSide} px): {pictureIndexing}",
                "",
                report.ToMarkdown(),
                "",
                string.Create(CultureInfo.InvariantCulture,
                    $"{watch.Elapsed.TotalMinutes:0.0} minutes in all, downloads and rendering included where they were needed"),
                Machine.Describe(),
            ]);
    }

    private IReadOnlyList<SuiteDocument> ChooseDocuments()
    {
        if (options.Documents.Count == 0)
        {
            return SuiteDocument.All;
        }

        string[] unknown = [.. options.Documents.Except(SuiteDocument.All.Select(document => document.FileName), StringComparer.Ordinal)];
        return unknown.Length == 0
            ? [.. SuiteDocument.All.Where(document => options.Documents.Contains(document.FileName, StringComparer.Ordinal))]
            : throw new ArgumentException(
                $"The suite has no {string.Join(", ", unknown)}; it has {string.Join(", ", SuiteDocument.All.Select(document => document.FileName))}.");
    }

    private string Index(Library library, string name, string folder, CancellationToken cancellationToken)
    {
        if (library.CollectionExists(name))
        {
            if (options.KeepCollections)
            {
                return "indexed by an earlier run";
            }

            library.DeleteCollectionAsync(name, cancellationToken).GetAwaiter().GetResult();
        }
        log($"indexing {name}");
        IndexRequest request = new() { Collection = name, Paths = [folder], Models = options.Models };
        IndexReport report = library.IndexAsync(request, progress: null, cancellationToken).GetAwaiter().GetResult();
        if (report.Failed.Count > 0)
        {
            throw new SuiteFailedException(report.Failed);
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{report.EntriesAdded} entries indexed in {report.Elapsed.TotalSeconds:0} s, {report.EntriesAdded / report.Elapsed.TotalSeconds:0.00} a second");
    }

    private IEnumerable<SuiteRun> Runs(
        Library library, IReadOnlyList<KnownItem> items, IReadOnlyList<PageText> pages, CancellationToken cancellationToken)
    {
        Judgements onPages = KnownItemFiles.ToJudgements(items);
        Judgements onPictures = onPages.MapKeys(SuiteFiles.PictureKeyOf);
        yield return Search("vectors", PdfCollection, SearchSide.Vectors, onPages);
        yield return Search("text", PdfCollection, SearchSide.Text, onPages);
        yield return Search("fused", PdfCollection, SearchSide.Fused, onPages);
        yield return Search("vectors-on-pictures", PictureCollection, SearchSide.Vectors, onPictures);
        yield return new SuiteRun("random", RandomRun(items, pages), onPages, MedianMs: 0);

        SuiteRun Search(string name, string collection, SearchSide side, Judgements judgements)
        {
            log($"searching: {name}");
            RankedRun run = new();
            List<double> times = [];
            foreach (KnownItem item in items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long started = Stopwatch.GetTimestamp();
                LibraryQuery query = new() { Collection = collection, Text = item.Text, Using = side, Top = Depth, Explain = false };
                SearchResult result = library.SearchAsync(query, cancellationToken).GetAwaiter().GetResult();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                run.Begin(item.Id);
                // The engine's order is what is measured: ranks, not scores, which may tie after rounding.
                foreach (SearchHit hit in result.Hits)
                {
                    run.Add(item.Id, hit.Entry.Key, 1.0 / hit.Rank);
                }
            }
            times.Sort();
            return new SuiteRun(name, run, judgements, times[times.Count / 2]);
        }
    }

    private RankedRun RandomRun(IReadOnlyList<KnownItem> items, IReadOnlyList<PageText> pages)
    {
        Random random = new(options.Seed);
        RankedRun run = new();
        foreach (KnownItem item in items)
        {
            foreach (PageText page in pages)
            {
                run.Add(item.Id, page.Key, random.NextDouble());
            }
        }
        return run;
    }

    private static void Write(string folder, IReadOnlyList<KnownItem> items, List<SuiteRun> runs)
    {
        KnownItemFiles.Write(folder, items);
        foreach (SuiteRun run in runs)
        {
            run.Run.Write(Path.Combine(folder, $"{run.Name}.run"), tag: run.Name);
        }
    }
}
