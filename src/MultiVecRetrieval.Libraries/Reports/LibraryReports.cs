using MultiVecRetrieval.Libraries;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Libraries.Reports;

namespace MultiVecRetrieval;

/// <summary>
/// What can be said of a collection as a whole. A report reads one generation, changes nothing, and has a thread of its own. Thread-safe.
/// </summary>
public sealed class LibraryReports
{
    private static readonly SemaphoreSlim Turn = new(1);

    private readonly OpenCollections _collections;
    private readonly ModelShelf _models;
    private readonly PictureSource _pictures;
    private readonly LibraryOptions _options;

    internal LibraryReports(OpenCollections collections, ModelShelf models, PictureSource pictures, LibraryOptions options) =>
        (_collections, _models, _pictures, _options) = (collections, models, pictures, options);

    /// <summary>
    /// Finds exact copies by content, near duplicates of pictures and pages by their vectors, and segments that videos share. Each group
    /// says which to keep; every other member was compared with that one. Holds 64 bytes an entry and space, and of a video a frame, and
    /// compares those; rows are read of what is close.
    /// </summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="request">What is compared; null for the defaults.</param>
    /// <param name="progress">Told at most a hundred times a stage; may be null.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the request is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<DuplicateReport> FindDuplicatesAsync(
        string collection, DuplicateRequest? request = null, IProgress<ReportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        request ??= new DuplicateRequest();
        request.Validate();
        return RunAsync(
            collection, snapshot => new DuplicateFinder(snapshot, _models, request, progress, cancellationToken).Run(), cancellationToken);
    }

    /// <summary>Finds the segments that two videos share, surest first: by the space of the collection that compares pictures, else by
    /// fingerprints of frames.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="firstKey">Key of one video.</param>
    /// <param name="secondKey">Key of the other.</param>
    /// <param name="cancellationToken">Stops before comparing.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="EntryNotFoundException">There is no entry of a key.</exception>
    /// <exception cref="InvalidQueryException">An entry is no video, or both are the same.</exception>
    public Task<IReadOnlyList<CopiedSegment>> FindCopiedSegmentsAsync(
        string collection, string firstKey, string secondKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(firstKey);
        ArgumentNullException.ThrowIfNull(secondKey);
        return RunAsync(collection, snapshot =>
        {
            string first = FindVideo(snapshot, collection, firstKey, "key");
            string second = FindVideo(snapshot, collection, secondKey, "other");
            return first == second
                ? throw new InvalidQueryException($"'{first}' was given twice; segments are shared by two videos.", "other")
                : new VideoCopies(snapshot, CopySpace.Choose(snapshot.Spaces, _models, threshold: null, []), null, cancellationToken)
                    .Find(first, second);
        }, cancellationToken);
    }

    /// <summary>
    /// Finds captions that do not fit their pictures: a caption is the description or title of a picture's metadata, or the text beside
    /// it. Each is compared with its own picture and with up to 256 others.
    /// </summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="request">What is looked at; null for the defaults.</param>
    /// <param name="progress">Told at most a hundred times a stage; may be null.</param>
    /// <param name="cancellationToken">Stops between captions.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the request is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<AlignmentReport> CompareCaptionsAsync(
        string collection, AlignmentRequest? request = null, IProgress<ReportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        request ??= new AlignmentRequest();
        request.Validate();
        return RunAsync(
            collection, snapshot => new CaptionAlignment(snapshot, _models, request, progress, cancellationToken).Run(), cancellationToken);
    }

    /// <summary>
    /// Encodes a sample of pictures anew after JPEG of quality 95, 75, 50 and 30 and at half their size, and measures how far the
    /// vectors are from the stored ones and whether the picture still finds itself.
    /// </summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="request">What is taken; null for the defaults.</param>
    /// <param name="progress">Told at most a hundred times; may be null.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the request is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<RecompressionReport> MeasureRecompressionAsync(
        string collection, RecompressionRequest? request = null, IProgress<ReportProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        request ??= new RecompressionRequest();
        request.Validate();
        return RunAsync(collection, snapshot =>
            new VectorDrift(collection, snapshot, _models, _pictures, _options.Limits, request, progress, cancellationToken).Run(),
            cancellationToken);
    }

    private static string FindVideo(Snapshot snapshot, string collection, string key, string parameter) =>
        snapshot.Entries.Find(key) is not { } entry ? throw new EntryNotFoundException(collection, key)
        : entry.MediaType == MediaType.Video ? entry.Key
        : throw new InvalidQueryException($"'{entry.Key}' is no video; segments are of videos.", parameter);

    // A report keeps every processor busy: one at a time, and searches beside it.
    private async Task<T> RunAsync<T>(string collection, Func<Snapshot, T> make, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OwnThread.RunAsync(() =>
            {
                using Snapshot snapshot = _collections.Get(collection).OpenSnapshot();
                return make(snapshot);
            }).ConfigureAwait(false);
        }
        finally
        {
            Turn.Release();
        }
    }
}
