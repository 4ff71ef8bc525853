using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Scalars;

/// <summary>Entries as <see cref="PackedRows"/>, behind a table that says where each begins.</summary>
/// <remarks>The chunk: one <see cref="ScalarEntry"/> per entry, then the entries, each from the next multiple of 64 bytes.</remarks>
internal sealed class ScalarCodec : EntryCodec
{
    private const int Alignment = 64;

    /// <summary>A codec of rows in <paramref name="format"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">d is beyond what the format takes.</exception>
    public ScalarCodec(CodecSpec spec, int dimension, RowFormat format)
        : base(spec, dimension)
    {
        PackedRows.GetSizeInBytes(format, 1, dimension);
        Format = format;
    }

    /// <summary>How values are stored.</summary>
    public RowFormat Format { get; }

    /// <inheritdoc/>
    public override bool HasUpperBounds => true;

    /// <inheritdoc/>
    public override bool IsDivisible => true;

    /// <inheritdoc/>
    public override bool HasScreens => Format == RowFormat.Int8;

    /// <inheritdoc/>
    public override RowScreenView GetScreen(ReadOnlySpan<byte> chunk, int entry)
    {
        if (!HasScreens)
        {
            return base.GetScreen(chunk, entry);
        }

        ScalarEntry found = ScalarEntry.Read(chunk, entry);
        int size = (int)PackedRows.GetSizeInBytes(Format, found.RowCount, Dimension);
        return new RowScreenView(chunk.Slice(found.Offset, size), found.Norm, found.Error);
    }

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        byte[] chunk = new byte[GetSize(entries)];
        Span<ScalarEntry> table = MemoryMarshal.Cast<byte, ScalarEntry>(chunk.AsSpan(0, entries.EntryCount * ScalarEntry.SizeInBytes));
        long offset = AlignUp((long)entries.EntryCount * ScalarEntry.SizeInBytes);
        for (int index = 0; index < entries.EntryCount; index++)
        {
            MultiVectorView rows = entries[index];
            int size = (int)PackedRows.GetSizeInBytes(Format, rows.RowCount, Dimension);
            Span<byte> packed = chunk.AsSpan((int)offset, size);
            PackedRows.Pack(Format, rows, packed);
            table[index] = Describe(rows, packed, (int)offset);
            offset = AlignUp(offset + size);
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount)
    {
        if (entryCount < 1 || chunk.Length / ScalarEntry.SizeInBytes < entryCount)
        {
            throw new InvalidDataException($"A chunk of {chunk.Length} bytes has no table of {entryCount} entries.");
        }

        long offset = AlignUp((long)entryCount * ScalarEntry.SizeInBytes);
        for (int index = 0; index < entryCount; index++)
        {
            ScalarEntry entry = ScalarEntry.Read(chunk, index);
            if (entry.Offset != offset || entry.RowCount < 1)
            {
                throw new InvalidDataException(
                    $"Entry {index} of a chunk has {entry.RowCount} rows at byte {entry.Offset}; expected at least 1 at byte {offset}.");
            }

            if (!(entry.Norm >= 0 && entry.Error >= 0))
            {
                throw new InvalidDataException($"Entry {index} of a chunk has the length {entry.Norm} and the error {entry.Error}.");
            }

            offset += GetPackedSize(entry.RowCount);
            if (offset > chunk.Length)
            {
                throw new InvalidDataException($"Entry {index} of a chunk ends at byte {offset}, the chunk at {chunk.Length}.");
            }

            offset = AlignUp(offset);
        }

        if (offset != chunk.Length)
        {
            throw new InvalidDataException($"A chunk of {entryCount} entries takes {offset} bytes, {chunk.Length} were given.");
        }
    }

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query)
    {
        CodecArguments.CheckQuery(query, Dimension);
        return new ScalarScorer(query, Format);
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters() => [];

    private static long AlignUp(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private long GetSize(EntryRows entries)
    {
        long size = AlignUp((long)entries.EntryCount * ScalarEntry.SizeInBytes);
        for (int index = 0; index < entries.EntryCount; index++)
        {
            size += AlignUp(PackedRows.GetSizeInBytes(Format, entries[index].RowCount, Dimension));
        }

        return size <= Array.MaxLength
            ? size
            : throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.", nameof(entries));
    }

    // A row count from a damaged file may be anything up to int.MaxValue: the product is taken in 64 bits.
    private long GetPackedSize(int rowCount)
    {
        try
        {
            return PackedRows.GetSizeInBytes(Format, rowCount, Dimension);
        }
        catch (OverflowException)
        {
            return long.MaxValue / 2;
        }
    }

    private ScalarEntry Describe(MultiVectorView rows, ReadOnlySpan<byte> packed, int offset)
    {
        double norm = 0;
        double error = 0;
        if (Format == RowFormat.Float32)
        {
            for (int row = 0; row < rows.RowCount; row++)
            {
                norm = Math.Max(norm, Rounding.Norm(rows.Row(row)));
            }
        }
        else
        {
            float[] stored = new float[rows.Values.Length];
            PackedRows.Unpack(Format, packed, rows.RowCount, Dimension, stored);
            MultiVectorView view = new(Dimension, stored);
            for (int row = 0; row < rows.RowCount; row++)
            {
                norm = Math.Max(norm, Rounding.Norm(view.Row(row)));
                error = Math.Max(error, Rounding.Distance(rows.Row(row), view.Row(row)));
            }
        }

        return new ScalarEntry(offset, rows.RowCount, Rounding.Up(norm), Rounding.Up(error));
    }
}
