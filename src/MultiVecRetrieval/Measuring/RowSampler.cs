using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Measuring;

/// <summary>Draws rows to train on: the same ones from the same entries, however they are spread over segments.</summary>
internal static class RowSampler
{
    /// <summary>The most rows of a sample.</summary>
    private const int MaxRowCount = 1 << 18;

    /// <summary>The most values of a sample: 256 MiB of float32.</summary>
    private const int MaxValueCount = 1 << 26;

    /// <summary>The most rows of one entry, so that a sample has many entries and few of them need to be read.</summary>
    private const int MaxRowsPerEntry = 64;

    private const ulong Seed = 0x7469657273; // "tiers"

    public static TrainingSample Draw(Snapshot snapshot, Space space, int threads, CancellationToken cancellationToken)
    {
        int wanted = Math.Min(MaxRowCount, MaxValueCount / space.Dimension);
        List<(ulong Order, SegmentReader Reader, int Index)> entries = [.. ListEntries(snapshot.Set, space.Name, Seed)];
        entries.Sort((a, b) => a.Order.CompareTo(b.Order));
        bool takesAll = entries.Sum(entry => (long)entry.Reader.Entries[entry.Index].RowCount) <= wanted;
        List<float> rows = [];
        foreach ((ulong order, SegmentReader reader, int index) in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int room = wanted - (rows.Count / space.Dimension);
            if (room <= 0)
            {
                break;
            }

            AddRows(rows, reader, index, takesAll ? int.MaxValue : Math.Min(room, MaxRowsPerEntry), new Random((int)order));
        }

        return new TrainingSample
        {
            Dimension = space.Dimension,
            Rows = [.. rows],
            Queries = [.. snapshot.Read(connection => TierTable.GetQueries(connection, space))
                .Where((_, i) => IsForTraining(i)).SelectMany(query => query.Values.ToArray())],
            Threads = threads,
        };
    }

    /// <summary>Queries that a user gave take turns: one to train with, one to measure with.</summary>
    public static bool IsForTraining(int queryIndex) => queryIndex % 2 == 0;

    /// <summary>Live entries of a space in segments that can be read, each with a number that orders them at random.</summary>
    public static IEnumerable<(ulong Order, SegmentReader Reader, int Index)> ListEntries(SegmentSet set, string space, ulong seed) =>
        LiveEntries.List(set, space, skipsDamaged: true)
            .Select(entry => (Mix(unchecked((ulong)entry.Reader.Entries[entry.Index].EntryId + seed)), entry.Reader, entry.Index));

    private static void AddRows(List<float> rows, SegmentReader reader, int index, int count, Random random)
    {
        MultiVector entry = reader.Read(index);
        if (count >= entry.RowCount)
        {
            rows.AddRange(entry.Values);
            return;
        }

        int[] order = [.. Enumerable.Range(0, entry.RowCount)];
        random.Shuffle(order);
        foreach (int row in order.AsSpan(0, count))
        {
            rows.AddRange(entry.Row(row));
        }
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection, so that no two entries share a number.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
