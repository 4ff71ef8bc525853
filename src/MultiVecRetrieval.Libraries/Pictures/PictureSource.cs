using System.Collections.Concurrent;
using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Libraries.Pictures;

/// <summary>Makes JPEGs of entries from their files, and keeps them. Thread-safe.</summary>
internal sealed class PictureSource(LibraryOptions options) : IDisposable
{
    private readonly ImageDecoder _images = new(options.Limits);
    private readonly PdfReader _pages = new(options.Limits);
    private readonly VideoReader _videos = new(options.Limits) { Track = options.Sampling.VideoTrack };
    private readonly ConcurrentDictionary<string, PictureCache> _caches = new(StringComparer.Ordinal);

    // A page full of thumbnails asks for many at once; rendering more than there are processors only holds memory.
    private readonly SemaphoreSlim _rendering = new(Environment.ProcessorCount);

    public async Task<byte[]> GetAsync(Collection collection, Document document, Entry entry, int longSide, double? timeSeconds,
        CancellationToken cancellationToken)
    {
        if (entry.MediaType == MediaType.Text)
        {
            throw new MediaException("A text has no picture; its entry has its text.");
        }

        PictureCache cache =
            _caches.GetOrAdd(collection.Folder, folder => new PictureCache(Path.Combine(folder, "cache"), options.PictureCacheBytes));
        string name = Name(document, entry, longSide, timeSeconds);
        if (await cache.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } cached)
        {
            return cached;
        }

        await _rendering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another request may have made it while this one waited.
            return await cache.FindAsync(name, cancellationToken).ConfigureAwait(false)
                ?? await OwnThread.RunAsync(Make).ConfigureAwait(false);
        }
        finally
        {
            _rendering.Release();
        }

        byte[] Make()
        {
            byte[] made = Render(
                CheckSource(document, cancellationToken), document, entry, longSide, timeSeconds ?? 0, cancellationToken);
            cache.Keep(name, made);
            return made;
        }
    }

    public void Dispose() => _rendering.Dispose();

    private byte[] Render(
        string path, Document document, Entry entry, int longSide, double timeSeconds, CancellationToken cancellationToken)
    {
        if (entry.MediaType == MediaType.Page && document.ContentType == MediaSniffer.GetContentType(MediaFormat.Tiff))
        {
            int directory = TiffDirectories.Read(path, options.Limits.MaxPages).Pages[(entry.Page ?? 1) - 1];
            return _images.EncodeJpeg(_images.DecodeFile(path, directory, damage: null), longSide);
        }

        if (entry.MediaType == MediaType.Image)
        {
            return _images.CreateThumbnail(path, longSide);
        }

        RgbImage picture = entry.MediaType == MediaType.Page
            ? _pages.RenderPage(path, entry.Page ?? 1, longSide, cancellationToken)
            : _videos.ReadFrame(path, timeSeconds, longSide, cancellationToken);
        return _images.EncodeJpeg(picture, longSide);
    }

    private string Name(Document document, Entry entry, int longSide, double? timeSeconds) => entry.MediaType switch
    {
        MediaType.Page => string.Create(CultureInfo.InvariantCulture, $"{document.ContentHash}-p{entry.Page}-{longSide}.jpg"),
        MediaType.Video => string.Create(
            CultureInfo.InvariantCulture,
            $"{document.ContentHash}-v{options.Sampling.VideoTrack}-t{(long)Math.Round((timeSeconds ?? 0) * 1000)}-{longSide}.jpg"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{document.ContentHash}-{longSide}.jpg"),
    };

    /// <summary>The path of the document's file, once it is clear that it still is the one that was indexed.</summary>
    private static string CheckSource(Document document, CancellationToken cancellationToken)
    {
        string? path = document.SourcePath;
        FileInfo? file = path is null ? null : new FileInfo(path);
        if (file is not { Exists: true })
        {
            throw new SourceMissingException(path, "is gone, so no picture of it can be made.");
        }

        // A copied or touched file has another time and the same content; only a changed one is refused.
        bool isSame = file.Length == document.SizeInBytes
            && (FoundFile.IsSameTime(file.LastWriteTimeUtc, document.ModifiedAt)
                || ContentHash.OfFile(path!, cancellationToken) == document.ContentHash);
        return isSame ? path! : throw new SourceMissingException(path, "has changed since it was indexed; index it again.");
    }
}
