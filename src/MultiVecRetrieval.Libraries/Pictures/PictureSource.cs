using System.Collections.Concurrent;
using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Pictures;

/// <summary>Makes JPEGs of entries from their files, and keeps them. Thread-safe.</summary>
internal sealed class PictureSource(LibraryOptions options) : IDisposable
{
    // What encoders see of a region: the largest of them look at about so many pixels.
    private const int RegionPixels = 768;
    private const int MinRegionSource = 1024;
    private const int MaxRegionSource = 4096;

    private readonly ImageDecoder _images = new(options.Limits);
    private readonly PdfReader _pages = new(options.Limits);
    private readonly VideoReader _videos = new(options.Limits) { Track = options.Sampling.VideoTrack };
    private readonly ConcurrentDictionary<string, FileCache> _caches = new(StringComparer.Ordinal);

    private readonly Lock[] _conversions = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    // A page full of thumbnails asks for many at once; rendering more than there are processors only holds memory.
    private readonly SemaphoreSlim _rendering = new(Environment.ProcessorCount);

    public async Task<byte[]> GetAsync(Collection collection, Document document, Entry entry, int longSide, double? timeSeconds,
        CancellationToken cancellationToken)
    {
        if (entry.MediaType is MediaType.Text or MediaType.Record)
        {
            throw new MediaException(entry.MediaType == MediaType.Text
                ? "A text has no picture; its entry has its text."
                : "A record has no picture: its vectors came without a file.");
        }

        FileCache cache = CacheOf(collection.Folder);
        string name = Name(document, entry, longSide, timeSeconds);
        if (await cache.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } cached)
        {
            return cached;
        }

        await _rendering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another request may have made it while this one waited.
            return await cache.ReadAsync(name, cancellationToken).ConfigureAwait(false)
                ?? await OwnThread.RunAsync(Make).ConfigureAwait(false);
        }
        finally
        {
            _rendering.Release();
        }

        byte[] Make()
        {
            byte[] made = Render(
                CheckSource(document, cancellationToken), cache, document, entry, longSide, timeSeconds ?? 0, cancellationToken);
            cache.Keep(name, made);
            return made;
        }
    }

    /// <summary>The picture of an entry, rendered large enough for a region of it; of a video the frame in the middle of the
    /// region's span.</summary>
    /// <param name="collection">Name of its collection.</param>
    /// <param name="document">Its document.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="region">The region.</param>
    /// <param name="cancellationToken">Ends child processes.</param>
    /// <exception cref="SourceMissingException">The file is gone or has changed.</exception>
    public RgbImage Read(string collection, Document document, Entry entry, Place region, CancellationToken cancellationToken)
    {
        FileCache cache = CacheOf(Path.Combine(Path.GetFullPath(options.DataFolder), collection));
        float share = Math.Max(region.Right - region.Left, region.Bottom - region.Top);
        int longSide = Math.Clamp((int)(RegionPixels / share), MinRegionSource, MaxRegionSource);
        return Decode(
            CheckSource(document, cancellationToken), cache, document, entry, longSide, (region.StartSeconds + region.EndSeconds) / 2.0,
            cancellationToken);
    }

    public void Dispose() => _rendering.Dispose();

    private FileCache CacheOf(string collectionFolder) =>
        _caches.GetOrAdd(collectionFolder, folder => FileCache.Of(folder, options.PictureCacheBytes));

    private byte[] Render(
        string path, FileCache cache, Document document, Entry entry, int longSide, double timeSeconds,
        CancellationToken cancellationToken) =>
        entry.MediaType == MediaType.Image
            ? _images.CreateThumbnail(path, longSide)
            : _images.EncodeJpeg(Decode(path, cache, document, entry, longSide, timeSeconds, cancellationToken), longSide);

    // Images and pages of TIFF files come as large as they are.
    private RgbImage Decode(
        string path, FileCache cache, Document document, Entry entry, int longSide, double timeSeconds, CancellationToken cancellationToken)
    {
        if (entry.MediaType == MediaType.Page && document.ContentType == MediaSniffer.GetContentType(MediaFormat.Tiff))
        {
            int directory = TiffDirectories.Read(path, options.Limits.MaxPages).Pages[(entry.Page ?? 1) - 1];
            return _images.DecodeFile(path, directory, damage: null);
        }

        if (OfficePages.AreOf(document))
        {
            using ConvertedFile pdf = OpenPages(cache, document, cancellationToken);
            return _pages.RenderPage(pdf.Path, entry.Page ?? 1, longSide, cancellationToken);
        }

        return entry.MediaType switch
        {
            MediaType.Image => _images.DecodeFile(path),
            MediaType.Page => _pages.RenderPage(path, entry.Page ?? 1, longSide, cancellationToken),
            _ => _videos.ReadFrame(path, timeSeconds, longSide, cancellationToken),
        };
    }

    // One after the other: the thumbnails of a document all ask for it at once, and one conversion serves them. Others hardly ever wait.
    private ConvertedFile OpenPages(FileCache cache, Document document, CancellationToken cancellationToken)
    {
        lock (_conversions[(uint)StringComparer.Ordinal.GetHashCode(document.ContentHash) % _conversions.Length])
        {
            return new OfficePages(options.Limits, cache, options.ToolFolder).Open(document, cancellationToken);
        }
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
