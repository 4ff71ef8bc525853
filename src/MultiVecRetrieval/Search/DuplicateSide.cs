using System.Numerics;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Search;

/// <summary>Exact duplicates by content hash and, below them, near ones by perceptual hash (differing bits of 64).</summary>
internal sealed class DuplicateSide(SqliteConnection connection, SearchPart part)
{
    public const string Name = "duplicate";

    // One step closer than the closest fingerprint: another file whose hash is equal is not the same file.
    private const int SameFile = -1;

    private readonly Dictionary<long, (int Distance, Place Place)> _best = [];

    /// <summary>Score = 1 for the same file, else 1 - (distance + 1) / 65 of the closest fingerprint of each entry, in [0,
    /// 64/65].</summary>
    public List<ScoredEntry> Score(EntrySet? filter, long? excluded, CancellationToken cancellationToken)
    {
        if (part.ContentHash is { } hash)
        {
            const string Sql = "SELECT e.id FROM entries e JOIN documents d ON d.id = e.document WHERE d.content_hash = $1";
            foreach (long id in connection.ReadAll(row => row.GetInt64(0), Sql, hash))
            {
                Keep(id, SameFile, Place.Whole);
            }
        }

        if (part.Fingerprint is { } wanted)
        {
            using SqliteCommand command = connection.Build("SELECT entry, hash, place FROM fingerprints");
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                int distance = BitOperations.PopCount(wanted.Hash ^ unchecked((ulong)reader.GetInt64(1)));
                if (distance <= part.MaxFingerprintDistance)
                {
                    Keep(reader.GetInt64(0), distance, CatalogQueries.ReadPlace(reader.GetFieldValue<byte[]>(2)));
                }
            }
        }

        return [.. _best.Where(pair => pair.Key != excluded && (filter is null || filter.Contains(pair.Key)))
            .Select(pair => new ScoredEntry(pair.Key, ToScore(pair.Value.Distance)))];
    }

    public IEnumerable<HitMatch> Explain(long entryId) =>
        _best.TryGetValue(entryId, out (int Distance, Place Place) found)
            ? [new HitMatch(found.Distance == SameFile ? "same" : "similar", ToScore(found.Distance), found.Place, Name)]
            : [];

    private static double ToScore(int distance) => 1 - ((distance + 1) / 65.0);

    private void Keep(long entryId, int distance, Place place)
    {
        if (!_best.TryGetValue(entryId, out (int Distance, Place) known) || distance < known.Distance)
        {
            _best[entryId] = (distance, place);
        }
    }
}
