using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>Writes the items of a corpus as files that can be indexed: texts and pictures by number, files on disk as links.</summary>
/// <param name="folder">Where the files lie, a thousand a folder.</param>
/// <param name="table">Which file is which item.</param>
internal sealed class CorpusFolder(string folder, ItemTable table)
{
    private const int BatchSize = 100;

    /// <summary>Writes what is not there yet; nothing of more than a batch is held in memory.</summary>
    /// <returns>Items that hold nothing.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(
        IAsyncEnumerable<CorpusItem> corpus, Action<int> progress, CancellationToken cancellationToken)
    {
        List<string> empty = [];
        List<(string Id, string Key)> batch = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (CorpusItem item in corpus.WithCancellation(cancellationToken))
        {
            if (!seen.Add(item.Id) || table.Has(item.Id))
            {
                continue;
            }

            if (Write(item, table.Count + batch.Count) is { } key)
            {
                batch.Add((item.Id, key));
            }
            else
            {
                empty.Add($"{item.Id}: it has neither text nor picture nor a file that exists");
            }

            if (batch.Count == BatchSize)
            {
                table.Add(batch);
                batch.Clear();
                progress(table.Count);
            }
        }

        table.Add(batch);
        return empty;
    }

    private string? Write(CorpusItem item, int number)
    {
        string stem = FormattableString.Invariant($"{number / 1000:000}/{number:000000}");
        string path = Path.Combine(folder, stem);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (item.File is { } file)
        {
            return File.Exists(file) ? Link(file, path, stem) : null;
        }

        if (item.Picture is { } picture)
        {
            string extension = ExtensionOf(picture.Span);
            File.WriteAllBytes(path + extension, picture.ToArray());
            if (item.FullText.Length > 0)
            {
                // A text beside a picture belongs to it.
                File.WriteAllText($"{path}{extension}.txt", item.FullText);
            }

            return stem + extension;
        }

        if (item.FullText.Length == 0)
        {
            return null;
        }

        File.WriteAllText(path + ".txt", item.FullText);
        return stem + ".txt";
    }

    private static string Link(string file, string path, string stem)
    {
        string extension = Path.GetExtension(file).ToLowerInvariant();
        File.Delete(path + extension);
        File.CreateSymbolicLink(path + extension, Path.GetFullPath(file));
        return stem + extension;
    }

    private static string ExtensionOf(ReadOnlySpan<byte> bytes) =>
        MediaSniffer.Detect(bytes[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]) switch
        {
            MediaFormat.Png => ".png",
            MediaFormat.WebP => ".webp",
            MediaFormat.Gif => ".gif",
            MediaFormat.Bmp => ".bmp",
            MediaFormat.Tiff => ".tif",
            MediaFormat.Pdf => ".pdf",
            _ => ".jpg",
        };
}
