// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060, CA1720, CA1816
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ingestion;

/// <summary>Where things are and how they are read; bound from appsettings.json, MVR_* environment variables and flags.</summary>
public sealed record LibraryOptions
{
    public string DataFolder { get; init; } = "indexes";
    /// <summary>Folders that hold model folders, searched in order; the bundled models come last.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];
    public EncoderOptions Encoder { get; init; } = new();
    public MediaLimits Limits { get; init; } = new();
    public FrameSampling Sampling { get; init; } = new();
    public RowFormat RowFormat { get; init; } = RowFormat.Float32;
    public bool RecognizeText { get; init; }                // OCR pages without a text layer
    public int Threads { get; init; }                       // 0 = one per processor
}

/// <summary>
/// Collections in a data folder, with the encoders of their spaces: what CLI, HTTP and a .NET user call.
/// Opens each collection and loads each model once; thread-safe.
/// </summary>
public sealed class Library(LibraryOptions options) : IDisposable
{
    public LibraryOptions Options => options;
    public IReadOnlyList<string> ListCollections() => throw new NotSupportedException();
    /// <summary>An open collection (writable when no other process writes). Throws CollectionNotFoundException.</summary>
    public Collection GetCollection(string name) => throw new NotSupportedException();
    public bool CollectionExists(string name) => throw new NotSupportedException();
    public void DeleteCollection(string name) => throw new NotSupportedException();
    /// <summary>Model folders that were found: contract, or the reason why not.</summary>
    public IReadOnlyList<(string Folder, ModelContract? Contract, string? Problem)> ListModels() => throw new NotSupportedException();
    public EncoderModel GetEncoder(string folderOrName) => throw new NotSupportedException();

    /// <summary>Indexes files and folders into a collection, creating it; see <see cref="IndexRequest"/>.</summary>
    public IndexReport Index(IndexRequest request, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public IndexReport Retry(string collection, IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Encodes the query for every space it can serve and searches.</summary>
    public SearchResult Search(LibraryQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>A JPEG of an entry: the image, the rendered page, or the frame at <paramref name="timeSeconds"/>. Cached on disk by content hash.</summary>
    public byte[] GetPicture(string collection, string entryKey, int longSide, double? timeSeconds = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public void Dispose() { }
}

public sealed record IndexRequest
{
    public required string Collection { get; init; }
    public required IReadOnlyList<string> Paths { get; init; }   // files or folders
    public IReadOnlyList<string> Models { get; init; } = [];     // names or folders; empty = the collection's own, or the bundled default
    public IReadOnlyList<string> Exclude { get; init; } = [];    // globs
    public bool RemoveMissing { get; init; }
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();
}

public sealed record IndexProgress
{
    public long FilesDone { get; init; }
    public long FilesTotal { get; init; }
    public long EntriesDone { get; init; }
    public long? EntriesTotal { get; init; }                    // known pages and images, when all files were looked at
    public long FilesFailed { get; init; }
    public string? CurrentFile { get; init; }
    public double EntriesPerSecond { get; init; }
    public TimeSpan Elapsed { get; init; }
    public TimeSpan? Remaining { get; init; }
}

public sealed record FailedFile(string Path, string Reason, string? Setting);

public sealed record IndexReport
{
    public long Seen { get; init; }
    public long Indexed { get; init; }                          // new or changed, in this run
    public long Unchanged { get; init; }
    public long Renamed { get; init; }
    public long Excluded { get; init; }
    public long Missing { get; init; }                          // vanished from disk, still in the collection
    public long Removed { get; init; }
    public long EntriesAdded { get; init; }
    public IReadOnlyList<FailedFile> Failed { get; init; } = [];
    public TimeSpan Elapsed { get; init; }
    public bool WasCancelled { get; init; }
}

public enum SearchSide { Fused, Vectors, Text }

public sealed record LibraryQuery
{
    public required string Collection { get; init; }
    public string? Text { get; init; }
    public string? ImagePath { get; init; }
    public ReadOnlyMemory<byte>? ImageBytes { get; init; }
    public string? LikeEntry { get; init; }                     // key of a stored entry
    public SearchSide Using { get; init; } = SearchSide.Fused;
    public Filter? Filter { get; init; }
    public int Top { get; init; } = 10;
    public int Offset { get; init; }
    public bool Explain { get; init; } = true;
}
