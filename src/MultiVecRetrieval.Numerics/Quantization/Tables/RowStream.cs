using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>A chunk whose rows lie one after the other, whatever entry they belong to: what begins it, and where its blocks are.</summary>
/// <remarks>
/// int32 number of rows; int32 1 when every entry has one row, else 0; float32 largest error of an entry; int32 zero. Unless every entry
/// has one row, int32 per entry the row after its last. Per entry a byte, its error in 1/255 of the largest, rounded up. Zeros to a
/// multiple of 64, then the blocks.
/// </remarks>
internal readonly ref struct RowStream
{
    private const int HeaderSize = 16;
    private const int Alignment = 64;

    private readonly ReadOnlySpan<byte> _ends;
    private readonly ReadOnlySpan<byte> _errors;
    private readonly double _errorStep;

    /// <summary>Views a chunk that was checked.</summary>
    public RowStream(ReadOnlySpan<byte> chunk, int entryCount)
    {
        RowCount = BinaryPrimitives.ReadInt32LittleEndian(chunk);
        bool isSingle = BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]) == 1;
        _errorStep = BinaryPrimitives.ReadSingleLittleEndian(chunk[8..]) / 255.0;
        int endsSize = isSingle ? 0 : entryCount * sizeof(int);
        _ends = chunk.Slice(HeaderSize, endsSize);
        _errors = chunk.Slice(HeaderSize + endsSize, entryCount);
        Blocks = chunk[(int)GetBlocksOffset(entryCount, isSingle)..];
    }

    /// <summary>The rows of all entries.</summary>
    public int RowCount { get; }

    /// <summary>The blocks of the chunk.</summary>
    public ReadOnlySpan<byte> Blocks { get; }

    /// <summary>The first row of an entry, and the row after its last.</summary>
    public (int Start, int End) GetRows(int entry) =>
        _ends.IsEmpty ? (entry, entry + 1) : (entry == 0 ? 0 : ReadEnd(entry - 1), ReadEnd(entry));

    /// <summary>The farthest a stored row of the entry is from the original.</summary>
    public double GetError(int entry) => _errors[entry] * _errorStep;

    /// <summary>The largest error of each entry.</summary>
    public static double[] GetLargest(ReadOnlySpan<double> rowErrors, ReadOnlySpan<int> rowOffsets)
    {
        double[] errors = new double[rowOffsets.Length - 1];
        for (int entry = 0; entry < errors.Length; entry++)
        {
            errors[entry] = GetLargest(rowErrors[rowOffsets[entry]..rowOffsets[entry + 1]]);
        }

        return errors;
    }

    /// <summary>Makes a chunk whose blocks are still zero.</summary>
    /// <param name="rowOffsets">The first row of each entry, then the number of rows.</param>
    /// <param name="errors">The error of each entry.</param>
    /// <param name="blockRowCount">Rows of a block.</param>
    /// <param name="blockSize">Bytes of a block.</param>
    /// <param name="blocksOffset">Where the blocks begin.</param>
    /// <exception cref="ArgumentException">The chunk would be larger than an array.</exception>
    public static byte[] Create(ReadOnlySpan<int> rowOffsets, ReadOnlySpan<double> errors, int blockRowCount, int blockSize,
        out int blocksOffset)
    {
        int entryCount = errors.Length;
        int rowCount = rowOffsets[^1];
        bool isSingle = rowCount == entryCount;
        long size = GetSize(entryCount, rowCount, isSingle, blockRowCount, blockSize);
        if (size > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.", nameof(rowOffsets));
        }

        byte[] chunk = new byte[size];
        float largest = Rounding.Up(GetLargest(errors));
        BinaryPrimitives.WriteInt32LittleEndian(chunk, rowCount);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), isSingle ? 1 : 0);
        BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(8), largest);
        Span<byte> table = chunk.AsSpan(HeaderSize);
        for (int entry = 0; entry < entryCount && !isSingle; entry++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(table[(entry * sizeof(int))..], rowOffsets[entry + 1]);
        }

        Span<byte> errorTable = table[(isSingle ? 0 : entryCount * sizeof(int))..];
        for (int entry = 0; entry < entryCount; entry++)
        {
            errorTable[entry] = largest > 0 ? (byte)Math.Min(255, Math.Ceiling(errors[entry] / (largest / 255.0) * (1 + 1e-12))) : (byte)0;
        }

        blocksOffset = (int)GetBlocksOffset(entryCount, isSingle);
        return chunk;
    }

    /// <summary>Throws unless <paramref name="chunk"/> begins as one of <paramref name="entryCount"/> entries and is as long as its blocks
    /// say.</summary>
    /// <exception cref="InvalidDataException">It does not, or is not.</exception>
    public static void Check(ReadOnlySpan<byte> chunk, int entryCount, int blockRowCount, int blockSize)
    {
        if (entryCount < 1 || chunk.Length < HeaderSize)
        {
            throw new InvalidDataException($"A chunk of {chunk.Length} bytes does not hold {entryCount} entries.");
        }

        int rowCount = BinaryPrimitives.ReadInt32LittleEndian(chunk);
        int kind = BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]);
        float error = BinaryPrimitives.ReadSingleLittleEndian(chunk[8..]);
        int zero = BinaryPrimitives.ReadInt32LittleEndian(chunk[12..]);
        bool isSingle = rowCount == entryCount;
        if (rowCount < entryCount || kind != (isSingle ? 1 : 0) || !(error >= 0 && float.IsFinite(error)) || zero != 0)
        {
            throw new InvalidDataException(
                $"A chunk of {entryCount} entries begins with {rowCount} rows, kind {kind}, error {error} and {zero}; these do not fit together.");
        }

        long size = GetSize(entryCount, rowCount, isSingle, blockRowCount, blockSize);
        if (size != chunk.Length)
        {
            throw new InvalidDataException(
                $"A chunk of {entryCount} entries and {rowCount} rows takes {size} bytes, {chunk.Length} were given.");
        }

        RowStream rows = new(chunk, entryCount);
        for (int entry = 0, end = 0; entry < entryCount; entry++)
        {
            int start = end;
            end = rows.GetRows(entry).End;
            if (end <= start || end > rowCount || (entry == entryCount - 1 && end != rowCount))
            {
                throw new InvalidDataException($"Entry {entry} of a chunk has the rows {start} to {end} of {rowCount}.");
            }
        }
    }

    private static double GetLargest(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    private static long GetBlocksOffset(int entryCount, bool isSingle)
    {
        long size = HeaderSize + ((long)entryCount * (isSingle ? 1 : 1 + sizeof(int)));
        return (size + Alignment - 1) / Alignment * Alignment;
    }

    private static long GetSize(int entryCount, int rowCount, bool isSingle, int blockRowCount, int blockSize) =>
        GetBlocksOffset(entryCount, isSingle) + (((long)rowCount + blockRowCount - 1) / blockRowCount * blockSize);

    private int ReadEnd(int entry) => BinaryPrimitives.ReadInt32LittleEndian(_ends[(entry * sizeof(int))..]);
}
