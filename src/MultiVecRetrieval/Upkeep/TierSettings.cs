using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>What a user decides about the storage of a space; each decision is one transaction.</summary>
internal static class TierSettings
{
    private const int MaxQueryCount = 10_000;

    public static void SetTiers(CollectionStore store, string space, IReadOnlyList<string> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        Space known = GetSpace(store, space);
        HashSet<string> present = Look(store, set => set.TiersOfSpace(space).Select(tier => tier.Record.Spec).ToHashSet());
        foreach (string spec in specs.Where(spec => !present.Contains(spec)))
        {
            TierKind.Check(spec, known.Dimension);
        }

        if (specs.Distinct().Count() != specs.Count)
        {
            throw new ArgumentException($"A tier is named twice: {string.Join(", ", specs)}.");
        }

        FileSwap.Run(store, [], connection =>
        {
            TierTable.SetChosen(connection, space, areChosen: true);
            List<string> dropped = [];
            List<TierRecord> tiers = [.. TierTable.GetTiers(connection).Where(tier => tier.SpaceName == space)];
            foreach (TierRecord tier in tiers.Where(tier => !specs.Contains(tier.Spec)))
            {
                dropped.AddRange(TierTable.Remove(connection, tier));
            }

            foreach (string spec in specs.Where(spec => tiers.All(tier => tier.Spec != spec)))
            {
                TierTable.Add(connection, store.Counters!.NextFile(), space, spec);
            }

            return dropped;
        });
    }

    /// <summary>Gives a space a tier whose codec was trained elsewhere, in place of one of the same spec.</summary>
    public static void AddTrained(CollectionStore store, string space, EntryCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        Space known = GetSpace(store, space);
        if (codec.Dimension != known.Dimension)
        {
            throw new DimensionMismatchException(space, known.Dimension, codec.Dimension);
        }

        string spec = codec.Spec.ToString();
        long id = store.Counters!.NextFile();
        (long size, uint checksum) = CodecFile.Write(store.Storage, store.SegmentFolder, id, known, spec, codec.WriteParameters());
        FileSwap.Run(store, [TierLayout.GetCodecFileName(id)], connection =>
        {
            TierTable.SetChosen(connection, space, areChosen: true);
            List<string> dropped = [];
            foreach (TierRecord former in TierTable.GetTiers(connection).Where(tier => tier.SpaceName == space && tier.Spec == spec))
            {
                dropped.AddRange(TierTable.Remove(connection, former));
            }

            TierTable.Add(connection, id, space, spec);
            TierTable.SaveTraining(connection, new TierRecord
            {
                Id = id,
                SpaceName = space,
                Spec = spec,
                SizeInBytes = size,
                Checksum = checksum,
                TrainedRowCount = TierRecord.GivenRowCount,
            });
            return dropped;
        });
    }

    // What the space would get by itself is kept: it need not be trained again.
    public static void SetAutomatic(CollectionStore store, string space)
    {
        IReadOnlyList<string> automatic = Look(store, set => AutomaticTiers.GetSpecs(set, set.GetSpace(space)));
        FileSwap.Run(store, [], connection =>
        {
            TierTable.SetChosen(connection, space, areChosen: false);
            return [.. TierTable.GetTiers(connection).Where(tier => tier.SpaceName == space && !automatic.Contains(tier.Spec))
                .SelectMany(tier => TierTable.Remove(connection, tier))];
        });
    }

    public static void SetQueries(CollectionStore store, string space, IReadOnlyList<MultiVector> queries)
    {
        ArgumentNullException.ThrowIfNull(queries);
        Space known = GetSpace(store, space);
        if (queries.Count > MaxQueryCount)
        {
            throw new ArgumentException($"{queries.Count} queries were given; a sample has at most {MaxQueryCount}.", nameof(queries));
        }

        foreach (MultiVector query in queries)
        {
            if (query.Dimension != known.Dimension)
            {
                throw new DimensionMismatchException(space, known.Dimension, query.Dimension);
            }

            if (query.RowCount == 0)
            {
                throw new ArgumentException("A query has no rows.", nameof(queries));
            }

            EntryRules.CheckFinite(query, $"A query for space '{space}'");
        }

        lock (store.CommitGate)
        {
            store.Catalog.Write(connection => TierTable.SetQueries(connection, space, queries));
        }
    }

    public static bool SetRowFormat(CollectionStore store, string space, RowFormat format)
    {
        Space known = GetSpace(store, space);
        EntryRules.Check(known with { RowFormat = format });
        bool isLossy = false;
        FileSwap.Run(store, [], connection =>
        {
            isLossy = CatalogQueries.GetSegments(connection)
                .Any(segment => segment.SpaceName == space && IsLossy(segment.RowFormat, format));
            connection.Execute("UPDATE main.spaces SET row_format = $2 WHERE name = $1", space, (int)format);
            return [];
        });
        return isLossy;
    }

    // Binary16 values fit float32; everything else rounds, int8 to binary16 included.
    private static bool IsLossy(RowFormat from, RowFormat to) => from != to && to != RowFormat.Float32;

    private static Space GetSpace(CollectionStore store, string name) => Look(store, set => set.GetSpace(name));

    private static T Look<T>(CollectionStore store, Func<SegmentSet, T> read)
    {
        SegmentSet set = store.AcquireSegments();
        try
        {
            return read(set);
        }
        finally
        {
            store.Pool.Release(set);
        }
    }
}
