using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Eval.Pages;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Real pages of real manuals by the bundled model, read out of a collection, and known-item queries by its text side.</summary>
internal static class PageWorkload
{
    private const string Collection = "compression-pages";

    /// <summary>Fetches and indexes what the cache does not have yet.</summary>
    /// <exception cref="SuiteFailedException">A document could not be indexed.</exception>
    public static Workload Load(CompressionOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(options.CacheFolder, "compression");
        SuiteFiles files = new(options.CacheFolder, folder, log);
        IReadOnlyDictionary<string, string> versions = files.Fetch(SuiteDocument.Long);
        using Library library = new(new LibraryOptions { DataFolder = Path.Combine(folder, "data") });
        // Files that are there already are skipped, so this finishes what an earlier run began.
        log("indexing the pages, where they are not indexed yet");
        IndexReport report = library.IndexAsync(
            new IndexRequest { Collection = Collection, Paths = [files.PdfFolder] }, progress: null, cancellationToken)
            .GetAwaiter().GetResult();
        if (report.Failed.Count > 0)
        {
            throw new SuiteFailedException(report.Failed);
        }

        Collection collection = library.GetCollection(Collection);
        Space space = collection.Spaces.Single();
        (IReadOnlyList<PageText> texts, _) = CollectionPages.Read(collection);
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        List<MultiVector> entries = [];
        List<string> sources = [];
        foreach (string key in Keys(collection))
        {
            // A page without words has no rows, and no query asks for it.
            if (collection.Entries.GetVectors(key, space.Name) is { RowCount: > 0 } rows)
            {
                positions.Add(key, entries.Count);
                entries.Add(rows);
                sources.Add(Path.GetFileName(key.Split('#')[0]));
            }
        }

        EncoderModel encoder = library.GetEncoder(space);
        List<WorkloadQuery> queries = [];
        foreach (KnownItem item in new KnownItemGenerator(texts, new KnownItemOptions { Count = options.QueryCount, Seed = options.Seed })
            .Generate())
        {
            MultiVector rows = encoder.EncodeText(item.Text, cancellationToken).Rows;
            if (rows.RowCount > 0)
            {
                queries.Add(new WorkloadQuery(rows, item.EntryKeys.Where(positions.ContainsKey).Select(key => positions[key]).ToHashSet()));
            }
        }

        queries.RemoveAll(query => query.Answers.Count == 0);
        // The kinds of queries follow each other; a split by position takes its share of each.
        (IReadOnlyList<WorkloadQuery> heldOut, IReadOnlyList<WorkloadQuery> tuning) = Workload.Split(queries);
        return new Workload
        {
            Name = "pages",
            Origin = string.Create(CultureInfo.InvariantCulture,
                $"{entries.Count:n0} pages of {SuiteDocument.Long.Count} manuals by the bundled model, {entries.Average(entry => entry.RowCount):0} rows of {space.Dimension} a page; "
                + $"{heldOut.Count} held-out known-item queries, seed {options.Seed}; packages {string.Join(", ", versions.Select(pair => $"{pair.Key} {pair.Value}"))}"),
            Dimension = space.Dimension,
            Entries = entries,
            Sources = sources,
            HeldOut = heldOut,
            Tuning = tuning,
        };
    }

    private static IEnumerable<string> Keys(Collection collection)
    {
        for (string? after = null; ;)
        {
            IReadOnlyList<Entry> entries = collection.Entries.List(afterKey: after, limit: 500);
            if (entries.Count == 0)
            {
                yield break;
            }

            foreach (Entry entry in entries)
            {
                yield return entry.Key;
            }

            after = entries[^1].Key;
        }
    }
}
