// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval;

/// <summary>What an entry is.</summary>
public enum MediaType { Image = 1, Page = 2, Video = 3 }

/// <summary>A metadata value: text, number or truth value.</summary>
public readonly record struct MetadataValue
{
    private MetadataValue(object value) => Value = value;
    public object Value { get; } // string, double or bool
    public static implicit operator MetadataValue(string value) => new(value);
    public static implicit operator MetadataValue(double value) => new(value);
    public static implicit operator MetadataValue(bool value) => new(value);
}

/// <summary>One file that the user added.</summary>
public sealed record Document
{
    public required string Key { get; init; }
    public required MediaType MediaType { get; init; }      // of its entries
    public required string ContentType { get; init; }       // MIME type, found from the bytes
    public required string ContentHash { get; init; }       // SHA-256, lower-case hex
    public string? SourcePath { get; init; }                // absolute path of the file, null for bytes without a path
    public string? Title { get; init; }
    public long SizeInBytes { get; init; }
    public DateTimeOffset ModifiedAt { get; init; }
    public DateTimeOffset IndexedAt { get; init; }          // set by the engine
    public int EntryCount { get; init; }                    // set by the engine
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();
}

/// <summary>The unit that is ranked: an image, a page or a video.</summary>
public sealed record Entry
{
    public required string Key { get; init; }               // `a/b.png` or `a/b.pdf#page=3`
    public required string DocumentKey { get; init; }       // set to the document's key by the engine on upsert
    public required MediaType MediaType { get; init; }
    public int? Page { get; init; }                         // from 1
    public int Width { get; init; }                         // pixels of an image or frame, points of a page
    public int Height { get; init; }
    public double? DurationSeconds { get; init; }           // of a video
}

/// <summary>A word of a text layer and where it stands.</summary>
/// <param name="Offset">Start in the text, in UTF-16 units.</param>
public readonly record struct TextWord(int Offset, int Length, Place Place);

/// <summary>The text of an entry with the place of each word; words are in reading order.</summary>
public sealed record TextLayer(string Text, IReadOnlyList<TextWord> Words);

/// <summary>A 64-bit perceptual hash of an image or frame, with the moment it was taken at.</summary>
public readonly record struct Fingerprint(ulong Hash, Place Place);

/// <summary>An entry with everything that is stored for it.</summary>
public sealed record EntryContent
{
    public required Entry Entry { get; init; }
    public IReadOnlyDictionary<string, MultiVector> Vectors { get; init; } = new Dictionary<string, MultiVector>(); // by space name
    public TextLayer? Text { get; init; }
    public IReadOnlyList<Fingerprint> Fingerprints { get; init; } = [];
}

/// <summary>A named vector space of a collection.</summary>
public sealed record Space
{
    public required string Name { get; init; }              // [a-z0-9-]+, for instance page-words
    public required SpaceId Id { get; init; }
    public required int Dimension { get; init; }
    public RowFormat RowFormat { get; init; } = RowFormat.Float32;
    public string? ModelFolder { get; init; }               // where the encoder lives, for tools; not part of the identity
}

public sealed record CollectionOptions
{
    public IReadOnlyList<Space> Spaces { get; init; } = [];
    public int SearchThreads { get; init; }                 // 0 = one per processor
    public long WriteBufferInBytes { get; init; } = 64L << 20; // rows held before they are spilled to a segment file
    public int MergeSegmentCount { get; init; } = 8;        // background merge once a space has this many small segments
}

public enum SourceState { Pending = 0, Indexed = 1, Failed = 2, Excluded = 3 }

/// <summary>One file that indexing saw, and what became of it.</summary>
public sealed record SourceFile
{
    public required string Root { get; init; }              // absolute indexed root
    public required string Path { get; init; }              // relative to Root, '/' separated
    public required SourceState State { get; init; }
    public string? Reason { get; init; }                    // why failed or excluded
    public string? Setting { get; init; }                   // the limit or setting that decided, when there is one
    public long SizeInBytes { get; init; }
    public DateTimeOffset ModifiedAt { get; init; }
    public string? ContentHash { get; init; }
    public string? DocumentKey { get; init; }
    public bool IsMissing { get; init; }                    // indexed before, no longer on disk
}

public sealed record SourceCounts(long Seen, long Indexed, long Failed, long Excluded, long Pending, long Missing);

/// <summary>Rows to match against one space.</summary>
public sealed record VectorQuery
{
    public required string Space { get; init; }
    public required SpaceId SpaceId { get; init; }          // must equal the space's id: ModelMismatchException
    public required MultiVector Rows { get; init; }
    public IReadOnlyList<string> Labels { get; init; } = []; // one per row (the word), for explanations
    public float Weight { get; init; } = 1;
}

public sealed record SearchRequest
{
    public IReadOnlyList<VectorQuery> Vectors { get; init; } = [];
    public string? Text { get; init; }                      // full text over text layers (BM25)
    public Fingerprint? Fingerprint { get; init; }          // near-duplicate search
    public int MaxFingerprintDistance { get; init; } = 10;  // bits of 64
    public string? ContentHash { get; init; }               // exact-duplicate search
    public Filter? Filter { get; init; }
    public int Top { get; init; } = 10;
    public int Offset { get; init; }
    public bool Explain { get; init; }                      // fill Matches
    public string? ExcludeEntry { get; init; }              // --like leaves its own entry out
}

/// <summary>One side that found a hit: "vectors:page-words", "text", "duplicate".</summary>
public sealed record HitSource(string Name, int Rank, double Score);

/// <summary>What matched: a query row or word, where, and how well.</summary>
public sealed record HitMatch(string Label, double Similarity, Place Place, string Source);

public sealed record SearchHit
{
    public required Entry Entry { get; init; }
    public required Document Document { get; init; }
    public required int Rank { get; init; }                 // from 1
    public required double Score { get; init; }             // higher is closer; fused score when several sides took part
    public IReadOnlyList<HitSource> Sources { get; init; } = [];
    public IReadOnlyList<HitMatch> Matches { get; init; } = []; // with Explain
}

public sealed record SearchResult
{
    public required IReadOnlyList<SearchHit> Hits { get; init; }
    public required bool IsExact { get; init; }             // every entry that passed the filter was scored exactly
    public required long CandidateCount { get; init; }      // entries that passed the filter
    public IReadOnlyDictionary<string, double> TimingsMs { get; init; } = new Dictionary<string, double>(); // stage -> ms
    public IReadOnlyList<string> Notices { get; init; } = []; // for people: what a query could not do
}

/// <summary>A condition on entries. Fields: type (image|page|video), path (glob on the document key), date (modification time,
/// ISO 8601), page, document, contentType, meta.NAME.</summary>
public abstract record Filter
{
    public static Filter And(params Filter[] parts) => new AndFilter(parts);
    public static Filter Or(params Filter[] parts) => new OrFilter(parts);
    public static Filter Not(Filter part) => new NotFilter(part);
    public static Filter Equal(string field, MetadataValue value) => new ComparisonFilter(field, Comparison.Equal, value);
    public static Filter Parse(string expression) => throw new NotSupportedException(); // type = page and (page >= 3 or path like "a/*") and not meta.lang = "de"
}
public enum Comparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Like }
public sealed record AndFilter(IReadOnlyList<Filter> Parts) : Filter;
public sealed record OrFilter(IReadOnlyList<Filter> Parts) : Filter;
public sealed record NotFilter(Filter Part) : Filter;
public sealed record ComparisonFilter(string Field, Comparison Comparison, MetadataValue Value) : Filter;

public sealed record CollectionStatistics(
    long DocumentCount, long EntryCount, long SegmentCount, long SizeInBytes, IReadOnlyDictionary<MediaType, long> EntriesByType,
    IReadOnlyDictionary<string, long> RowsBySpace);

/// <summary>Work that outlives a request, kept in the catalog so that it survives a restart.</summary>
public sealed record JobRecord
{
    public required string Id { get; init; }
    public required string Kind { get; init; }              // "index", "upload"
    public required string State { get; init; }             // queued, running, succeeded, failed, cancelled, interrupted
    public required string RequestJson { get; init; }
    public string? ProgressJson { get; init; }
    public string? Error { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>One catalog and its segments: one writer (a lock file), many readers. Thread-safe.</summary>
public sealed class Collection : IDisposable
{
    public static Collection Create(string folder, CollectionOptions options) => throw new NotSupportedException();
    
    public static Collection Open(string folder, bool writable, CollectionOptions? options = null) => throw new NotSupportedException();
    public static bool Exists(string folder) => throw new NotSupportedException();

    public string Folder => throw new NotSupportedException();
    public bool IsWritable => throw new NotSupportedException();
    public IReadOnlyList<Space> Spaces => throw new NotSupportedException();
    public void AddSpace(Space space) => throw new NotSupportedException(); // same name and id: no effect; same name, other id: ModelMismatchException

    /// <summary>Starts a batch of changes, made visible and durable together by <see cref="CollectionWriter.Commit"/>. One at a time (waits).</summary>
    public CollectionWriter BeginWrite(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public Snapshot OpenSnapshot() => throw new NotSupportedException(); // the same searches on a fixed generation

    public Document? GetDocument(string key) => throw new NotSupportedException();
    public Document? FindDocumentByHash(string contentHash) => throw new NotSupportedException();
    public Entry? GetEntry(string key) => throw new NotSupportedException();
    public MultiVector? GetVectors(string entryKey, string space) => throw new NotSupportedException();
    public TextLayer? GetText(string entryKey) => throw new NotSupportedException();
    public IReadOnlyList<Fingerprint> GetFingerprints(string entryKey) => throw new NotSupportedException();
    public IReadOnlyList<Document> ListDocuments(Filter? filter = null, string? afterKey = null, int limit = 100) => throw new NotSupportedException();
    public IReadOnlyList<Entry> ListEntries(string? documentKey = null, Filter? filter = null, string? afterKey = null, int limit = 100) => throw new NotSupportedException();
    public CollectionStatistics GetStatistics() => throw new NotSupportedException();

    public SourceFile? GetSource(string root, string path) => throw new NotSupportedException();
    public IReadOnlyList<SourceFile> ListSources(SourceState? state = null, string? root = null, int limit = int.MaxValue) => throw new NotSupportedException();
    public SourceCounts CountSources() => throw new NotSupportedException();
    public void SaveSources(IReadOnlyList<SourceFile> sources) => throw new NotSupportedException();   // one transaction; insert or replace by (Root, Path)
    public void RemoveSources(IReadOnlyList<(string Root, string Path)> sources) => throw new NotSupportedException();

    public void SaveJob(JobRecord job) => throw new NotSupportedException();
    public JobRecord? GetJob(string id) => throw new NotSupportedException();
    public IReadOnlyList<JobRecord> ListJobs(int limit = 100) => throw new NotSupportedException();

    public void MergeSegments(CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public VerificationReport Verify(CancellationToken cancellationToken = default) => throw new NotSupportedException(); // checks every checksum
    public void Dispose() { }
}

public sealed record VerificationReport(long FilesChecked, long BytesChecked, IReadOnlyList<string> Problems);

/// <summary>A batch of changes. Not thread-safe. Disposing without <see cref="Commit"/> changes nothing.</summary>
public sealed class CollectionWriter : IDisposable
{
    /// <summary>Starts replacing (or adding) a document; its entries follow by <see cref="Add"/>.</summary>
    public void BeginDocument(Document document, SourceFile? source = null) => throw new NotSupportedException();
    /// <summary>Adds an entry to the document begun last. Rows beyond the write buffer are spilled to a segment file.</summary>
    public void Add(EntryContent entry) => throw new NotSupportedException();
    /// <summary>Takes back the document begun last (its decoding failed half-way).</summary>
    public void AbandonDocument() => throw new NotSupportedException();
    /// <returns>True when the document existed.</returns>
    public bool Delete(string documentKey) => throw new NotSupportedException();
    public void SetSource(SourceFile source) => throw new NotSupportedException();
    public int PendingEntryCount => throw new NotSupportedException();
    /// <summary>Makes everything since BeginWrite durable and visible. Returns the new generation.</summary>
    public long Commit() => throw new NotSupportedException();
    public void Dispose() { }
}

/// <summary>A fixed generation of a collection; keeps its segment files alive until disposed.</summary>
public sealed class Snapshot : IDisposable
{
    public long Generation => throw new NotSupportedException();
    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public void Dispose() { }
}

public class CollectionNotFoundException(string folder) : Exception($"No collection at {folder}.") { public string Folder { get; } = folder; }
public class CollectionLockedException(string folder) : Exception($"The collection {folder} is being written by another process.") { public string Folder { get; } = folder; }
public class CorruptSegmentException(string path, long offset, string expected, string actual)
    : Exception($"{path} is corrupt at byte {offset}: expected {expected}, found {actual}.")
{ public string Path { get; } = path; public long Offset { get; } = offset; }
public class UnsupportedFormatException(string path, int found, int supported)
    : Exception($"{path} has format version {found}; this build reads up to {supported}.")
{ public int Found { get; } = found; public int Supported { get; } = supported; }
public class ModelMismatchException(string space, SpaceId expected, SpaceId actual)
    : Exception($"Space '{space}' holds vectors of {expected}; the query or document brings {actual}.")
{ public string Space { get; } = space; public SpaceId Expected { get; } = expected; public SpaceId Actual { get; } = actual; }
