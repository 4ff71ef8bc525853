using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Generations;

/// <summary>The files of one generation of the catalog. Immutable but for its reference count, which <see cref="SegmentPool"/>
/// keeps.</summary>
internal sealed class SegmentSet(
    long generation, IReadOnlyList<Space> spaces, IReadOnlyList<LiveSegment> segments, IReadOnlyList<LiveTier> tiers, long entryCount)
{
    private EntrySet? _readBySight;
    private List<TextLanguage>? _languages;

    public long Generation { get; } = generation;

    public IReadOnlyList<Space> Spaces { get; } = spaces;

    public IReadOnlyList<LiveSegment> Segments { get; } = segments;

    /// <summary>The tiers of all spaces, by ascending id.</summary>
    public IReadOnlyList<LiveTier> Tiers { get; } = tiers;

    /// <summary>Entries in the catalog.</summary>
    public long EntryCount { get; } = entryCount;

    public int ReferenceCount { get; set; }

    /// <summary>The entries whose words are known by sight alone; read once a generation.</summary>
    /// <param name="connection">A connection that sees this generation.</param>
    public EntrySet GetReadBySight(SqliteConnection connection) =>
        LazyInitializer.EnsureInitialized(ref _readBySight, () => new EntrySet(CatalogQueries.FindReadBySight(connection)));

    /// <summary>Every file in use.</summary>
    public IEnumerable<SharedFile> Files => Segments.Select(segment => (SharedFile)segment.Shared)
        .Concat(Segments.SelectMany(segment => segment.Codes))
        .Concat(Tiers.Where(tier => tier.Shared is not null).Select(tier => tier.Shared!));

    /// <summary>The languages of the texts; read once a generation.</summary>
    /// <param name="connection">A connection that sees this generation.</param>
    public IReadOnlyList<TextLanguage> GetLanguages(SqliteConnection connection) =>
        LazyInitializer.EnsureInitialized(ref _languages, () => TextIndex.FindLanguages(connection));

    /// <exception cref="UnknownSpaceException">There is no space of that name.</exception>
    public Space GetSpace(string name) => Spaces.FirstOrDefault(space => space.Name == name)
        ?? throw new UnknownSpaceException(name, [.. Spaces.Select(space => space.Name)]);

    public IEnumerable<LiveSegment> OfSpace(string name) => Segments.Where(segment => segment.Record.SpaceName == name);

    public IEnumerable<LiveTier> TiersOfSpace(string name) => Tiers.Where(tier => tier.Record.SpaceName == name);

    /// <summary>Rows of live entries of a space.</summary>
    public long CountRows(string space) => OfSpace(space).Sum(segment => segment.Record.RowCount - segment.Record.DeadRowCount);

    /// <summary>Live entries with rows in a space.</summary>
    public long CountEntries(string space)
        => OfSpace(space).Sum(segment => (long)segment.Record.EntryCount - segment.Record.DeadEntryCount);

    /// <summary>Ids of the live entries with rows in a space.</summary>
    public IEnumerable<long> FindEntries(string space) => OfSpace(space).SelectMany(segment => segment.Shared.Reader.Entries.ToArray()
        .Where(entry => entry.RowCount > 0 && !segment.DeadEntries.Contains(entry.EntryId)).Select(entry => entry.EntryId));

    /// <summary>Where the rows of an entry are in a space; null when it has none.</summary>
    public (LiveSegment Segment, int Index)? Find(string space, long entryId)
    {
        foreach (LiveSegment segment in OfSpace(space))
        {
            int index = segment.IndexOf(entryId);
            if (index >= 0)
            {
                return (segment, index);
            }
        }

        return null;
    }
}
