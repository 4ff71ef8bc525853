using System.Numerics.Tensors;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>Encodes the entries of a segment into a file of codes.</summary>
/// <param name="storage">What writes.</param>
/// <param name="folder">Where.</param>
/// <param name="file">The id of the file.</param>
/// <param name="threads">How many encode.</param>
internal sealed class CodesBuilder(Storage storage, string folder, long file, int threads)
{
    /// <summary>Writes the index of a segment, on the device but for its folder; dead entries are in it too, so that positions stay
    /// those of the segment.</summary>
    /// <exception cref="CorruptSegmentException">The segment is damaged: checked first, because codes of wrong rows would hide right
    /// entries.</exception>
    public TierFileRecord Index(
        SegmentReader reader, TierRecord tier, IndexTier index, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken)
    {
        reader.Verify(cancellationToken);
        progress?.Report(new MaintenanceProgress(MaintenanceStep.Encode, reader.Space.Name, tier.Spec, 0, reader.RowCount));
        using CodesWriter writer = new(storage, folder, file);
        using (Stream chunk = writer.BeginChunk())
        {
            index.Build(new SegmentEntries(reader), threads, chunk, cancellationToken);
        }

        writer.EndChunk(reader.EntryCount);
        return writer.Complete(reader.Id, tier, reader.Space, largestNorm: 0);
    }

    /// <summary>Writes the codes of a segment, as <see cref="Index"/> writes its index.</summary>
    /// <exception cref="CorruptSegmentException">The segment is damaged.</exception>
    public TierFileRecord Encode(
        SegmentReader reader, TierRecord tier, EntryCodec codec, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken)
    {
        reader.Verify(cancellationToken);
        List<(int First, int Count)> chunks = Divide(reader);
        int width = Math.Min(threads, Math.Max(1, chunks.Count));
        using CodesWriter writer = new(storage, folder, file);
        float largestNorm = 0;
        long done = 0;
        for (int i = 0; i < chunks.Count; i += width)
        {
            int count = Math.Min(width, chunks.Count - i);
            (byte[] Codes, float Norm, long Rows)[] encoded = new (byte[], float, long)[count];
            ParallelOptions options = new() { MaxDegreeOfParallelism = width, CancellationToken = cancellationToken };
            Parallel.For(0, count, options, j => encoded[j] = Encode(reader, codec, chunks[i + j].First, chunks[i + j].Count));
            for (int j = 0; j < count; j++)
            {
                writer.Add(encoded[j].Codes, chunks[i + j].Count);
                largestNorm = Math.Max(largestNorm, encoded[j].Norm);
                done += encoded[j].Rows;
            }

            progress?.Report(new MaintenanceProgress(MaintenanceStep.Encode, reader.Space.Name, tier.Spec, done, reader.RowCount));
        }

        return writer.Complete(reader.Id, tier, reader.Space, largestNorm);
    }

    private static List<(int First, int Count)> Divide(SegmentReader reader)
    {
        ReadOnlySpan<EntryRecord> entries = reader.Entries;
        List<(int, int)> chunks = [];
        int first = 0;
        long rows = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            bool isFull = i - first == TierLayout.MaxChunkEntryCount || rows + entries[i].RowCount > TierLayout.MaxChunkRowCount
                || (rows + entries[i].RowCount) * reader.Space.Dimension > TierLayout.MaxChunkValueCount;
            if (isFull && i > first)
            {
                chunks.Add((first, i - first));
                first = i;
                rows = 0;
            }

            rows += entries[i].RowCount;
        }

        if (entries.Length > first)
        {
            chunks.Add((first, entries.Length - first));
        }

        return chunks;
    }

    private static (byte[] Codes, float Norm, long Rows) Encode(SegmentReader reader, EntryCodec codec, int first, int count)
    {
        int dimension = reader.Space.Dimension;
        ReadOnlySpan<EntryRecord> entries = reader.Entries.Slice(first, count);
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++)
        {
            offsets[i + 1] = offsets[i] + entries[i].RowCount;
        }

        float[] values = new float[(long)offsets[count] * dimension];
        for (int i = 0; i < count; i++)
        {
            Span<float> rows = values.AsSpan(offsets[i] * dimension, entries[i].RowCount * dimension);
            PackedRows.Unpack(reader.Space.RowFormat, reader.GetRows(entries[i]), entries[i].RowCount, dimension, rows);
        }

        float largest = 0;
        for (int row = 0; row < offsets[count]; row++)
        {
            largest = Math.Max(largest, TensorPrimitives.Norm<float>(values.AsSpan(row * dimension, dimension)));
        }

        return (codec.Encode(new EntryRows(dimension, values, offsets)), largest, offsets[count]);
    }
}
