using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Checks the catalog, every checksum of every segment, trained tier and file of codes in use, and that all agree.</summary>
internal sealed class Verifier(CollectionStore store)
{
    // Another writer may merge what is being looked at and delete the files; what then seems damaged is looked for in what came instead.
    private const int MaxAttempts = 5;

    private readonly List<string> _problems = [];
    private readonly List<(CodesReader Reader, string Problem)> _damaged = [];
    private long _files;
    private long _bytes;

    public VerificationReport Verify(Exception? backgroundFailure, CancellationToken cancellationToken)
    {
        int attempts = 1;
        while (!TryCheck(cancellationToken) && attempts < MaxAttempts)
        {
            attempts++;
        }

        // Those in use take note, so that maintenance builds them anew.
        _damaged.ForEach(codes => codes.Reader.ReportDamage(codes.Problem));
        if (backgroundFailure is not null)
        {
            _problems.Insert(0, $"The last background work failed: {backgroundFailure.Message}");
        }

        return new VerificationReport(_files, _bytes, _problems);
    }

    // False when there are problems, and files that may have gone because another generation took the place of this one.
    private bool TryCheck(CancellationToken cancellationToken)
    {
        _problems.Clear();
        _damaged.Clear();
        (_files, _bytes) = (0, 0);
        using Snapshot snapshot = new(store);
        CheckCatalog();
        foreach (LiveSegment segment in snapshot.Set.Segments)
        {
            CheckSegment(snapshot, segment, cancellationToken);
        }

        CheckTiers(snapshot, cancellationToken);
        if (_problems.Count == 0)
        {
            return true;
        }

        using Snapshot later = new(store);
        return later.Set.Generation == snapshot.Set.Generation;
    }

    private void CheckCatalog()
    {
        _files++;
        _bytes += new FileInfo(store.Catalog.Path).Length;
        _problems.AddRange(store.Catalog.CheckIntegrity().Select(line => $"{store.Catalog.Path}: {line}"));
    }

    private void CheckSegment(Snapshot snapshot, LiveSegment segment, CancellationToken cancellationToken)
    {
        _files++;
        try
        {
            // A fresh reader: the one in use was checked when it was opened, which may be long ago.
            using SegmentReader reader = new(
                segment.Shared.Path, segment.Record.Id,
                    snapshot.Set.GetSpace(segment.Record.SpaceName) with { RowFormat = segment.Record.RowFormat });
            _bytes += reader.SizeInBytes;
            reader.Verify(cancellationToken);
            if (reader.EntryCount != segment.Record.EntryCount || reader.RowCount != segment.Record.RowCount)
            {
                _problems.Add($"{segment.Shared.Path}: {segment.Record.EntryCount} entries and {segment.Record.RowCount} rows expected, "
                    + $"{reader.EntryCount} and {reader.RowCount} found.");
            }

            CheckEntries(snapshot, segment, reader);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException or IOException)
        {
            _problems.Add(exception.Message);
        }
    }

    private void CheckTiers(Snapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (LiveTier tier in snapshot.Set.Tiers.Where(tier => tier.Shared is not null))
        {
            _files++;
            _bytes += tier.Record.SizeInBytes;
            if (!tier.Shared!.IsUsable)
            {
                _problems.Add(tier.Shared.Problem!);
                continue;
            }

            foreach (LiveSegment segment in snapshot.Set.OfSpace(tier.Record.SpaceName))
            {
                if (segment.FindCodes(tier.Record.Id) is { } codes)
                {
                    CheckCodes(snapshot.Set.GetSpace(tier.Record.SpaceName), segment, tier, codes, cancellationToken);
                }
            }
        }
    }

    private void CheckCodes(
        Space space, LiveSegment segment, LiveTier tier, SharedCodes codes, CancellationToken cancellationToken)
    {
        _files++;
        try
        {
            using CodesReader reader = new(codes.Path, codes.Record, tier.Record, space, segment.Record.EntryCount);
            _bytes += reader.SizeInBytes;
            tier.Method.Verify(reader, cancellationToken);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException or IOException)
        {
            if (codes.Reader is { } inUse)
            {
                _damaged.Add((inUse, exception.Message));
            }

            _problems.Add(exception.Message);
        }
    }

    private void CheckEntries(Snapshot snapshot, LiveSegment segment, SegmentReader reader)
    {
        HashSet<long> known = [.. snapshot.Read(c => c.ReadAll(
            row => row.GetInt64(0), "SELECT id FROM entries WHERE id BETWEEN $1 AND $2", segment.Record.FirstEntry,
                segment.Record.LastEntry))];
        foreach (EntryRecord entry in reader.Entries)
        {
            if (!segment.DeadEntries.Contains(entry.EntryId) && !known.Contains(entry.EntryId))
            {
                _problems.Add($"{segment.Shared.Path}: entry {entry.EntryId} is not in the catalog and has no tombstone.");
            }
        }
    }
}
