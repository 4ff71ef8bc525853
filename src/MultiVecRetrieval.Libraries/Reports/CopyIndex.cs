using System.Numerics;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>
/// Finds what may be a copy among many entries: 64 bytes an entry and space, and 8 of its fingerprint, are held and compared with each
/// other; rows are read only of what is close by those.
/// </summary>
internal sealed class CopyIndex
{
    /// <summary>
    /// Bits of 64 up to which two pictures are near duplicates by their fingerprints, as for a search. They find what was scaled,
    /// recompressed or lit otherwise, and the vectors of a model that compares pictures what was cropped: either is enough. Pages that look
    /// alike from afar may differ in their words; where a model has read both, the look only lowers what their words must reach.
    /// </summary>
    public const int MaxFingerprintDistance = 10;

    private const string Fingerprints = "fingerprint";

    private readonly Snapshot _snapshot;
    private readonly IReadOnlyList<ReportEntry> _entries;
    private readonly IReadOnlyList<CopySpace> _spaces;
    private readonly ulong[][] _codes;
    private readonly bool[][] _known;
    private readonly int[] _radii;
    private readonly ulong[] _fingerprints;
    private readonly Leader?[] _leaders;

    private CopyIndex(Snapshot snapshot, IReadOnlyList<ReportEntry> entries, IReadOnlyList<CopySpace> spaces)
    {
        (_snapshot, _entries, _spaces) = (snapshot, entries, spaces);
        _codes = [.. spaces.Select(_ => new ulong[entries.Count * SignSketch.WordCount])];
        _known = [.. spaces.Select(_ => new bool[entries.Count])];
        _radii = [.. spaces.Select(space => SignSketch.GetRadius(space.Threshold))];
        _fingerprints = new ulong[entries.Count];
        _leaders = new Leader?[spaces.Count];
    }

    /// <summary>Reads every entry once.</summary>
    public static CopyIndex Read(Snapshot snapshot, IReadOnlyList<ReportEntry> entries, IReadOnlyList<CopySpace> spaces,
        IProgress<int> progress, CancellationToken cancellationToken)
    {
        CopyIndex index = new(snapshot, entries, spaces);
        for (int i = 0; i < entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int s = 0; s < spaces.Count; s++)
            {
                if (snapshot.Entries.GetVectors(entries[i].Key, spaces[s].Name) is { } rows && spaces[s].Knows(entries[i].Entry, rows))
                {
                    index._known[s][i] = true;
                    spaces[s].Sketch.Encode(EntrySimilarity.SumOf(rows), index.GetCode(s, i));
                }
            }

            IReadOnlyList<Fingerprint> fingerprints = snapshot.Entries.GetFingerprints(entries[i].Key);
            index._fingerprints[i] = fingerprints.Count > 0 ? fingerprints[0].Hash : 0;
            progress.Report(i + 1);
        }

        return index;
    }

    /// <summary>How many entries each source knows.</summary>
    public IEnumerable<ComparedSpace> Describe()
    {
        for (int s = 0; s < _spaces.Count; s++)
        {
            yield return new ComparedSpace(_spaces[s].Source, _spaces[s].Threshold, _known[s].Count(known => known));
        }

        if (_fingerprints.Any(fingerprint => fingerprint != 0))
        {
            yield return new ComparedSpace(
                Fingerprints, ToSimilarity(MaxFingerprintDistance), _fingerprints.Count(fingerprint => fingerprint != 0));
        }
    }

    /// <summary>The entries behind an entry that may be its copies.</summary>
    public IReadOnlyList<int> FindCandidates(int entry)
    {
        List<int> candidates = [];
        for (int other = entry + 1; other < _entries.Count; other++)
        {
            if (_entries[entry].Document.Key == _entries[other].Document.Key)
            {
                // Nobody deletes a page.
                continue;
            }

            bool isClose = GetFingerprintDistance(entry, other) <= MaxFingerprintDistance;
            for (int s = 0; s < _spaces.Count && !isClose; s++)
            {
                isClose = _known[s][entry] && _known[s][other]
                    && SignSketch.Distance(GetCode(s, entry), GetCode(s, other)) <= _radii[s];
            }

            if (isClose)
            {
                candidates.Add(other);
            }
        }

        return candidates;
    }

    /// <summary>How far above the threshold of a source two entries are, as a share of what is left to 1; negative for no
    /// copies.</summary>
    public double GetMargin(int entry, int other) => Compare(entry, other).Margin;

    /// <summary>What finds two entries similar, and how much.</summary>
    public CopyFinding Compare(int entry, int other)
    {
        CopyFinding best = CopyFinding.None;
        bool isRead = false;
        int distance = GetFingerprintDistance(entry, other);
        for (int s = 0; s < _spaces.Count; s++)
        {
            if (_known[s][entry] && _known[s][other]
                && ReadLeader(s, entry) is { } a
                && _snapshot.Entries.GetVectors(_entries[other].Key, _spaces[s].Name) is { } b)
            {
                isRead |= !_spaces[s].ComparesPictures;
                double threshold = _spaces[s].GetThreshold(distance <= MaxFingerprintDistance);
                if (EntrySimilarity.Compute(a, new ComparedRows(b), threshold) is { } similarity)
                {
                    best = best.Better(CopyFinding.Of(similarity, threshold, _spaces[s].Source));
                }
            }
        }

        return isRead
            ? best
            : best.Better(CopyFinding.Of(
                ToSimilarity(distance), ToSimilarity(MaxFingerprintDistance), Fingerprints));
    }

    // One entry is compared with many, by several threads; who comes first reads it.
    private ComparedRows? ReadLeader(int space, int entry)
    {
        Leader? leader = Volatile.Read(ref _leaders[space]);
        if (leader?.Entry != entry)
        {
            MultiVector? rows = _snapshot.Entries.GetVectors(_entries[entry].Key, _spaces[space].Name);
            leader = new Leader(entry, rows is null ? null : new ComparedRows(rows));
            Volatile.Write(ref _leaders[space], leader);
        }

        return leader.Rows;
    }

    private static double ToSimilarity(int distance) => 1 - (distance / 64.0);

    private int GetFingerprintDistance(int entry, int other) => _fingerprints[entry] == 0 || _fingerprints[other] == 0
        ? 64
        : BitOperations.PopCount(_fingerprints[entry] ^ _fingerprints[other]);

    private Span<ulong> GetCode(int space, int entry) => _codes[space].AsSpan(entry * SignSketch.WordCount, SignSketch.WordCount);

    private sealed record Leader(int Entry, ComparedRows? Rows);
}
