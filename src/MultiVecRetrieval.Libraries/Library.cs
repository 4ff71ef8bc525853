using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries;
using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Indexing;
using MultiVecRetrieval.Libraries.Inputs;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Libraries.Tuning;
using MultiVecRetrieval.Libraries.Uploads;
using MultiVecRetrieval.Libraries.Watching;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>
/// Collections in a data folder, with the encoders of their spaces: what the command line, the HTTP server and an application call.
/// Opens each collection and loads each model once, when it is first needed. Thread-safe.
/// </summary>
public sealed class Library : IDisposable
{
    private static readonly ActivitySource Source = new(Activities.SourceName);

    private readonly OpenCollections _collections;
    private readonly ModelShelf _models;
    private readonly Indexer _indexer;
    private readonly QuerySearch _search;
    private readonly PictureSource _pictures;
    private readonly LibraryMetrics _metrics;

    // A search keeps processors busy; more of them at once only take turns, and threads from what else a program does.
    private readonly SnapshotShelf _snapshots = new();
    private readonly CollectionSearch _questions;
    private readonly Turns _turns = new(Environment.ProcessorCount);
    private readonly InputRuns _inputs;

    /// <summary>Opens a library; nothing is read from disk yet.</summary>
    /// <param name="options">Where things are and how they are read; null for the defaults.</param>
    /// <param name="loggerFactory">Told what background work does and why it failed; null for nobody. Not disposed.</param>
    /// <exception cref="InvalidSettingException">An option is out of range.</exception>
    public Library(LibraryOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        Options = options ?? new LibraryOptions();
        Options.Validate();
        _collections = new OpenCollections(Options, loggerFactory);
        _models = new ModelShelf(Options);
        AttributeSpaces attributes = new(_models);
        _indexer = new Indexer(_collections, _models, attributes, Options);
        _pictures = new PictureSource(Options);
        _search = new QuerySearch(_models, _pictures, attributes, Options);
        _questions = new CollectionSearch(_collections, _snapshots, _search, Options);
        _inputs = new InputRuns(_models, _collections, Options, _turns);
        _metrics = new LibraryMetrics(_collections);
        Records = new LibraryRecords(
            _collections, _indexer, _turns, (snapshot, query, cancellationToken) => _search.Search(snapshot, query, cancellationToken),
            (space, text, cancellationToken) => _models.Load(_models.FindForQueries(space, ofPictures: false))
                .EncodeText(text, cancellationToken).Rows);
        Reports = new LibraryReports(_collections, _models, _pictures, Options);
        Answers = new LibraryAnswers(this);
        Files = new LibraryFiles(this);
        Attributes = new LibraryAttributes(_collections, _indexer, attributes);
        Uploads = new LibraryUploads(this, _collections, _indexer);
        Backups = new LibraryBackups(_collections, _indexer, Options);
        Jobs = new LibraryJobs(this, loggerFactory?.CreateLogger<LibraryJobs>());
    }

    /// <summary>The options it was opened with.</summary>
    public LibraryOptions Options { get; }

    /// <summary>Work that goes on after a call.</summary>
    public LibraryJobs Jobs { get; }

    /// <summary>Answers from what searches find.</summary>
    public LibraryAnswers Answers { get; }

    /// <summary>What entries show, by attributes with given values.</summary>
    public LibraryAttributes Attributes { get; }

    /// <summary>Files that are given first and put into collections later.</summary>
    public LibraryFiles Files { get; }

    /// <summary>Files that are given to a collection and lie in its folder.</summary>
    public LibraryUploads Uploads { get; }

    /// <summary>Collections as archives, and back.</summary>
    public LibraryBackups Backups { get; }

    /// <summary>Vectors that clients bring.</summary>
    public LibraryRecords Records { get; }

    /// <summary>What can be said of a collection as a whole: duplicates, captions, drift.</summary>
    public LibraryReports Reports { get; }

    /// <summary>Names of the collections, in ordinal order.</summary>
    public IReadOnlyList<string> ListCollections() => _collections.List();

    /// <summary>An open collection: for writing when no other process writes it, else for reading. The library closes it; disposing
    /// it does nothing.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="ArgumentException">That is no name of a collection.</exception>
    public Collection GetCollection(string name) => _collections.Get(name);

    /// <summary>The same, or null where it cannot be read: a damaged collection must not hide the others.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="problem">Why it cannot be read: it is damaged, of a later version, or gone meanwhile; null when it can.</param>
    /// <exception cref="ArgumentException">That is no name of a collection.</exception>
    public Collection? TryGetCollection(string name, out string? problem)
    {
        try
        {
            Collection collection = _collections.Get(name);
            _ = collection.Spaces;
            problem = null;
            return collection;
        }
        catch (Exception error) when (error is CatalogException or CorruptSegmentException or UnsupportedFormatException
            or CollectionNotFoundException)
        {
            problem = error.Message;
            return null;
        }
    }

    /// <summary>True when there is a collection of that name.</summary>
    /// <exception cref="ArgumentException">That is no name of a collection.</exception>
    public bool CollectionExists(string name) => _collections.Exists(name);

    /// <summary>An open collection for writing, also where it was opened for reading before because another process wrote it. The
    /// library closes it.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public Collection GetWritableCollection(string name) => _collections.GetWritable(name);

    /// <summary>A collection for writing, created empty when there is none. The library closes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="models">Names or folders of the models of a new collection; none for the bundled one.</param>
    /// <param name="reduction">How the rows of a new collection are reduced; null takes <see cref="LibraryOptions.Reduction"/>.</param>
    /// <exception cref="InvalidSettingException">The reduction is unknown, or needs saliency that a model does not give.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    /// <exception cref="ModelNotFoundException">A model is not there.</exception>
    public Collection CreateCollection(string name, IReadOnlyList<string>? models = null, string? reduction = null) =>
        _indexer.Create(name, models ?? [], reduction);

    /// <summary>The collection of this name, made if need be with one space for vectors that come from elsewhere: that of a model, or the
    /// one that a model encodes queries for (<see cref="ModelContract.QuerySpace"/>).</summary>
    /// <param name="name">Name of the collection.</param>
    /// <param name="model">Name or folder of the model.</param>
    /// <exception cref="ModelNotFoundException">No folder has that name.</exception>
    /// <exception cref="ModelFormatException">The folder is no model that can be used.</exception>
    /// <exception cref="CollectionLockedException">Another process is writing the collection.</exception>
    public Collection CreateCollectionForImport(string name, string model) => _indexer.CreateForImport(name, model);

    /// <summary>What a collection holds.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public CollectionSummary DescribeCollection(string name)
    {
        Collection collection = _collections.Get(name);
        IReadOnlyList<SourceFile> sources = collection.Sources.List();
        IEnumerable<string> roots = sources.Select(source => source.Root).Distinct(StringComparer.Ordinal);
        return new CollectionSummary(
            name, collection.GetStatistics(), collection.Sources.Count(), collection.Spaces, [.. roots.Order(StringComparer.Ordinal)],
            collection.IsWritable)
        {
            PagesAwaitingText = sources.Where(source => source.State == SourceState.Indexed)
                .Sum(source => RecognitionState.CountWaiting(source.Reason)),
            DocumentsAwaitingPages = sources.Count(source => source.State == SourceState.Indexed
                && WaitState.Of(source.Reason) == WaitState.Pages),
        };
    }

    /// <summary>Closes and deletes a collection with everything in its folder: vectors, uploads, cached pictures. Waits for a run that
    /// indexes it.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    public Task DeleteCollectionAsync(string name, CancellationToken cancellationToken = default) =>
        _indexer.ChangeAsync(
            name,
            () =>
            {
                _snapshots.Drop(name);
                _collections.Delete(name);
            },
            cancellationToken);

    /// <summary>Gives a collection another name, with everything in its folder. Waits for a run that indexes it.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionExistsException">There is one of the new name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    /// <exception cref="ArgumentException">The new name is none for a collection.</exception>
    public Task RenameCollectionAsync(string name, string newName, CancellationToken cancellationToken = default) =>
        _indexer.ChangeAsync(
            name,
            () =>
            {
                _snapshots.Drop(name);
                _collections.Rename(name, newName);
            },
            cancellationToken);

    /// <summary>Model folders that were found: the contract, or the problem that keeps the folder from being used.</summary>
    public IReadOnlyList<FoundModel> ListModels() => _models.List();

    /// <summary>The encoder of a model, by the name of its folder or by path. The library closes it; disposing it does nothing.</summary>
    /// <exception cref="ModelNotFoundException">No folder has that name.</exception>
    /// <exception cref="ModelFormatException">The folder is no model that can be used.</exception>
    public EncoderModel GetEncoder(string folderOrName) => _models.Load(_models.Find(folderOrName));

    /// <summary>The encoder of a space, wherever its model is now. The library closes it; disposing it does nothing.</summary>
    /// <exception cref="ModelNotFoundException">No known folder has the model that wrote the space.</exception>
    public EncoderModel GetEncoder(Space space) => _models.Load(_models.FindForSpace(space));

    /// <summary>
    /// Indexes files and folders into a collection, creating it. Unchanged files are skipped, changed ones replaced, renamed ones
    /// keep their vectors. A file that cannot be used is reported and the run goes on. One run at a time a collection; others wait.
    /// </summary>
    /// <param name="request">What to index, and where.</param>
    /// <param name="progress">Told up to ten times a second, from threads of the run.</param>
    /// <param name="cancellationToken">Ends the run; what was complete is kept and the next run goes on from there.</param>
    /// <exception cref="IndexCanceledException">The run was cancelled; the exception says what it did. Cancelled while it waited for
    /// another run it is a plain <see cref="OperationCanceledException"/>.</exception>
    /// <exception cref="FileNotFoundException">A path is neither a file nor a folder.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    /// <exception cref="ModelNotFoundException">A model is not there.</exception>
    /// <exception cref="InvalidSettingException">The reduction is unknown, needs saliency that a model does not give, or is not the one
    /// that a space has; or <see cref="LibraryOptions.SpeechModel"/> is no model.</exception>
    public Task<IndexReport> IndexAsync(
        IndexRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TracedAsync(request.Collection, progress, counted => _indexer.UpdateAsync(request, counted, cancellationToken));
    }

    /// <summary>
    /// Indexes folders now, whenever something in them changes, and from time to time anyway, until it is cancelled. Documents whose
    /// files are gone are removed, but not those of a folder that is gone or empty as a whole.
    /// </summary>
    /// <param name="request">What to index; without paths all folders of the collection.</param>
    /// <param name="options">When to look.</param>
    /// <param name="index">What indexes: <see cref="IndexAsync"/>, or a job. A run that fails ends the watch.</param>
    /// <param name="notices">Told what people should know; null for nobody.</param>
    /// <param name="cancellationToken">Ends the watch, and the run that is under way.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="CollectionNotFoundException">No path was given, and there is no collection of that name.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WatchAsync(
        IndexRequest request, WatchOptions options, Func<IndexRequest, CancellationToken, Task> index, IProgress<string>? notices,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(index);
        options.Validate();
        return new SourceWatch(_collections, Options).RunAsync(request, options, index, notices, cancellationToken);
    }

    /// <summary>Tries again every file that failed, failed in part, or was left pending.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="IndexCanceledException">The run was cancelled; see <see cref="IndexAsync"/>.</exception>
    public Task<IndexReport> RetryAsync(
        string collection, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default) =>
        TracedAsync(collection, progress, counted => _indexer.RetryAsync(collection, counted, cancellationToken));

    /// <summary>
    /// Lets a new model take the place of an old one while the collection is searched: everything is encoded into a space beside the old
    /// one, files unchanged or not, and when that has all that the old one has it is asked in its place, from one search to the next. The
    /// old space is kept until <see cref="RemoveSpaceAsync"/>. A run that ended early goes on with the same request; meanwhile any
    /// run of indexing fills both as long as both models are there.
    /// </summary>
    /// <param name="request">Which space, and which model.</param>
    /// <param name="progress">Told up to ten times a second.</param>
    /// <param name="cancellationToken">Ends the run; the old space is asked as before.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="ModelNotFoundException">No folder has the name of the new model.</exception>
    /// <exception cref="SpaceStateException">The space is not asked, or the model has a space that is.</exception>
    /// <exception cref="IndexCanceledException">The run was cancelled.</exception>
    public Task<ModelReplacement> ReplaceModelAsync(
        ReplaceModelRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _indexer.ReplaceModelAsync(request, progress, cancellationToken);
    }

    /// <summary>Takes back, at once, a space that another one took the place of. Entries that were added since have no rows in it until the
    /// next run of indexing.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="SpaceStateException">Nothing took its place.</exception>
    public Task RestoreSpaceAsync(string collection, string space, CancellationToken cancellationToken = default) =>
        _indexer.ChangeAsync(collection, () => ChangeHeld(collection, opened => ModelReplacing.Restore(opened, space)), cancellationToken);

    /// <summary>Removes a space of a collection with its rows and tiers; what else entries have stays. One that was to take its place, or
    /// whose place it took, is asked then.</summary>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public Task RemoveSpaceAsync(string collection, string space, CancellationToken cancellationToken = default) =>
        _indexer.ChangeAsync(collection, () => ChangeHeld(collection, opened => ModelReplacing.Remove(opened, space)), cancellationToken);

    /// <summary>
    /// Removes a document and its place in the ledger of sources. A file of the user stays on disk, so indexing its folder again
    /// brings it back; the stored file of an upload is deleted. Waits for a run that indexes the collection.
    /// </summary>
    /// <returns>False when there was no such document.</returns>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public Task<bool> RemoveDocumentAsync(string collection, string documentKey, CancellationToken cancellationToken = default) =>
        _indexer.RemoveAsync(collection, documentKey, UploadStore.FolderOf(_collections.FolderOf(collection)), cancellationToken);

    /// <summary>
    /// Encodes the query for every space it can serve, and searches, on a thread of the pool. As many searches as there are processors
    /// run at once; others wait, without a thread.
    /// </summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="EntryNotFoundException"><see cref="LibraryQuery.LikeEntry"/> is no entry.</exception>
    /// <exception cref="SnapshotGoneException"><see cref="LibraryQuery.Snapshot"/> is not kept any more.</exception>
    /// <exception cref="MediaException">The picture of the query cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<SearchResult> SearchAsync(LibraryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _metrics.MeasureAsync(query, () => _turns.RunAsync(() => _questions.Search(query, cancellationToken), cancellationToken));
    }

    /// <summary>Encodes texts, pictures and stored entries by a model, on threads of the pool; each input takes its turn among
    /// searches.</summary>
    /// <returns>One result per input, in their order; each is what it would be alone.</returns>
    /// <exception cref="InvalidInputException">The model does not take an input or cannot shorten its rows, or a picture cannot be decoded:
    /// the first of them in order.</exception>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    /// <exception cref="ModelFormatException">The folder is no model that can be used.</exception>
    /// <exception cref="EntryNotFoundException">There is no such entry.</exception>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<IReadOnlyList<EncodedInput>> EncodeAsync(EncodeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _inputs.EncodeAsync(request, cancellationToken);
    }

    /// <summary>Compares queries with documents by a model: MaxSim, of one row each the cosine. The errors are those of
    /// <see cref="EncodeAsync"/>.</summary>
    /// <exception cref="InvalidInputException">An input cannot be taken, a query holds nothing that the model can read, or the queries are
    /// neither one nor as many as the documents.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ScoreReport> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _inputs.ScoreAsync(request, cancellationToken);
    }

    /// <summary>How similar each place of an entry is to a part of a question: one map for each space that compares them.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="entryKey">The entry that is shown.</param>
    /// <param name="part">What is asked for: a text, a picture, an entry or rows.</param>
    /// <param name="timeSeconds">Of a video the moment that is shown; null for all of it.</param>
    /// <param name="cancellationToken">Stops encoding.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="EntryNotFoundException">There is no such entry.</exception>
    /// <exception cref="InvalidQueryException">The part is none.</exception>
    public Task<IReadOnlyList<HeatMap>> GetHeatMapsAsync(
        string collection, string entryKey, QueryPart part, double? timeSeconds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        return _turns.RunAsync(
            () =>
            {
                using Snapshot snapshot = _collections.Get(collection).OpenSnapshot();
                return _search.GetHeatMaps(snapshot, collection, entryKey, part, timeSeconds, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>A PNG of a heat map, clear where nothing is similar and red where it is, in the shape of its entry.</summary>
    /// <param name="map">The map.</param>
    /// <param name="entry">Its entry.</param>
    /// <param name="longSide">Pixels of the longer side, in [16, 4096].</param>
    public static byte[] PaintHeatMap(HeatMap map, Entry entry, int longSide)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longSide, 4096);
        double scale = (double)longSide / Math.Max(1, Math.Max(entry.Width, entry.Height));
        (int width, int height) = (Math.Max(1, (int)(entry.Width * scale)), Math.Max(1, (int)(entry.Height * scale)));
        return ImageDecoder.EncodePng(HeatMaps.Paint(map, width, height), width, height);
    }

    /// <summary>A JPEG of a picture with red frames around places of it, in the picture's own size.</summary>
    /// <param name="picture">The encoded picture, for instance of <see cref="GetPictureAsync"/>.</param>
    /// <param name="places">The boxes; their time spans are not looked at.</param>
    /// <exception cref="MediaException">The bytes are no picture that can be decoded.</exception>
    public static byte[] DrawFrames(ReadOnlyMemory<byte> picture, IReadOnlyList<Place> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        ImageDecoder decoder = new(new MediaLimits());
        RgbImage image = decoder.Decode(picture);
        PlaceFrames.Draw(image, places);
        return decoder.EncodeJpeg(image, Math.Max(image.Width, image.Height));
    }

    /// <summary>
    /// Tries tiers on a space of a collection; see <see cref="CollectionTiers.Tune"/>. Text queries are encoded by the model of the space.
    /// Without any, the logged queries are taken when there are at least 20; else, when the model takes text, queries are made from the
    /// text of stored entries, else from stored rows.
    /// </summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="request">What to try; its queries, when there are any, are taken as they are.</param>
    /// <param name="texts">Queries as people write them; may be empty.</param>
    /// <param name="apply">Give the space the recommended tier, trained and measured with these queries; it is built in the
    /// background.</param>
    /// <param name="progress">Told what is being tried.</param>
    /// <param name="cancellationToken">Stops between tiers and queries.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="SpecException">A tier is not understood; nothing is measured then.</exception>
    /// <exception cref="ModelNotFoundException">Texts were given and the model of the space is not there.</exception>
    /// <exception cref="CollectionLockedException">It is to be applied, and another process writes the collection.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is applied.</exception>
    public Task<TuneReport> TuneAsync(
        string collection, TuneRequest request, IReadOnlyList<string>? texts = null, bool apply = false,
        IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return OwnThread.RunAsync(() =>
        {
            Collection opened = apply ? _collections.GetWritable(collection) : _collections.Get(collection);
            using IDisposable? held = apply ? opened.HoldLock() : null;
            return new SpaceTuning(_models).Run(opened, request, texts ?? [], apply, progress, cancellationToken);
        });
    }

    /// <summary>
    /// A JPEG of an entry: the image, the rendered page, or the frame at <paramref name="timeSeconds"/>; cached on disk by content.
    /// </summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="entryKey">Key of the entry.</param>
    /// <param name="longSide">Pixels of the longer side at most, in [16, 8192].</param>
    /// <param name="timeSeconds">Moment of a video; its start when null.</param>
    /// <param name="cancellationToken">Stops rendering.</param>
    /// <exception cref="EntryNotFoundException">There is no such entry.</exception>
    /// <exception cref="SourceMissingException">The file is gone or changed, and the picture is not cached.</exception>
    /// <exception cref="MediaException">The file cannot be decoded.</exception>
    public async Task<byte[]> GetPictureAsync(
        string collection, string entryKey, int longSide, double? timeSeconds = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longSide, 8192);
        Collection opened = _collections.Get(collection);
        Entry entry = opened.Entries.Find(entryKey) ?? throw new EntryNotFoundException(collection, entryKey);
        Document document = opened.Documents.Get(entry.DocumentKey) ?? throw new EntryNotFoundException(collection, entryKey);
        return await _pictures.GetAsync(opened, document, entry, longSide, timeSeconds, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the jobs, closes the collections and unloads the models.</summary>
    public void Dispose()
    {
        Jobs.StopAsync().GetAwaiter().GetResult();
        _metrics.Dispose();
        _snapshots.Dispose();
        _pictures.Dispose();
        _collections.Dispose();
        _models.Dispose();
        _turns.Dispose();
    }

    private void ChangeHeld(string collection, Action<Collection> change)
    {
        Collection opened = _collections.GetWritable(collection);
        using IDisposable held = opened.HoldLock();
        change(opened);
    }

    private async Task<IndexReport> TracedAsync(
        string collection, IProgress<IndexProgress>? progress, Func<IProgress<IndexProgress>, Task<IndexReport>> index)
    {
        using Activity? activity = Source.StartActivity("mvr.index");
        activity?.SetTag("mvr.collection", collection);
        try
        {
            IndexReport report = await _metrics.MeasureAsync(collection, progress, index).ConfigureAwait(false);
            activity?.SetTag("mvr.indexed_count", report.Indexed).SetTag("mvr.failed_count", report.Failed.Count)
                .SetTag("mvr.entry_count", report.EntriesAdded);
            return report;
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            throw;
        }
    }
}
