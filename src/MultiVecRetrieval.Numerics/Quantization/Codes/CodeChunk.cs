using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>A chunk that lists codes per entry.</summary>
/// <remarks>The chunk: per entry an <see cref="EntryReach"/>; int32 where its codes begin, then their number; the codes; the residual
/// codes.</remarks>
internal readonly ref struct CodeChunk
{
    private readonly ReadOnlySpan<byte> _offsets;
    private readonly int _codeSize;
    private readonly int _residualSize;

    /// <summary>Views bytes that <see cref="Check"/> has passed.</summary>
    public CodeChunk(ReadOnlySpan<byte> bytes, int entryCount, int codeSize, int residualSize)
    {
        int reachSize = entryCount * EntryReach.SizeInBytes;
        Reaches = bytes[..reachSize];
        _offsets = bytes.Slice(reachSize, (entryCount + 1) * sizeof(int));
        _codeSize = codeSize;
        _residualSize = residualSize;
        int codeCount = GetOffset(entryCount);
        ReadOnlySpan<byte> codes = bytes[(reachSize + _offsets.Length)..];
        Codes = codes[..(codeCount * codeSize)];
        ResidualCodes = codes[Codes.Length..];
    }

    /// <summary>The reaches of the entries.</summary>
    public ReadOnlySpan<byte> Reaches { get; }

    /// <summary>The codes of all entries.</summary>
    public ReadOnlySpan<byte> Codes { get; }

    /// <summary>As many codes of residuals, or none.</summary>
    public ReadOnlySpan<byte> ResidualCodes { get; }

    /// <summary>Bytes of a chunk.</summary>
    public static int GetSize(int entryCount, long codeCount, int codeSize, int residualSize)
    {
        long size = ((long)entryCount * EntryReach.SizeInBytes) + ((entryCount + 1L) * sizeof(int))
            + (codeCount * (codeSize + residualSize));
        return size <= Array.MaxLength
            ? (int)size
            : throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.");
    }

    /// <summary>Writes where codes begin.</summary>
    public static void WriteOffset(Span<byte> chunk, int entryCount, int entry, int offset) =>
        BinaryPrimitives.WriteInt32LittleEndian(chunk[((entryCount * EntryReach.SizeInBytes) + (entry * sizeof(int)))..], offset);

    /// <summary>Where the codes begin in a chunk.</summary>
    public static int GetCodesStart(int entryCount) => (entryCount * EntryReach.SizeInBytes) + ((entryCount + 1) * sizeof(int));

    /// <summary>Writes a code of one or two bytes.</summary>
    public static void WriteCode(Span<byte> codes, int codeSize, int index, int code)
    {
        if (codeSize == 1)
        {
            codes[index] = (byte)code;
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(codes[(index * 2)..], (ushort)code);
        }
    }

    /// <summary>Throws unless the bytes are a chunk of this many entries, with codes below the given counts.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, int entryCount, int codeSize, int count, int residualSize, int residualCount)
    {
        long tableSize = ((long)entryCount * EntryReach.SizeInBytes) + ((entryCount + 1L) * sizeof(int));
        if (entryCount < 1 || bytes.Length < tableSize)
        {
            throw new InvalidDataException($"A chunk of {bytes.Length} bytes has no tables of {entryCount} entries.");
        }

        int offset = 0;
        for (int entry = 0; entry <= entryCount; entry++)
        {
            int next = BinaryPrimitives.ReadInt32LittleEndian(bytes[((entryCount * EntryReach.SizeInBytes) + (entry * sizeof(int)))..]);
            if (entry == 0 ? next != 0 : next <= offset)
            {
                throw new InvalidDataException(
                    $"Code offset {entry} of a chunk is {next}, after {offset}; an entry has at least one code.");
            }

            offset = next;
        }

        long size = tableSize + ((long)offset * (codeSize + residualSize));
        if (bytes.Length != size)
        {
            throw new InvalidDataException(
                $"A chunk of {entryCount} entries with {offset} codes takes {size} bytes, {bytes.Length} were given.");
        }

        EntryReach.Check(bytes, entryCount);
        CodeChunk chunk = new(bytes, entryCount, codeSize, residualSize);
        CheckCodes(chunk.Codes, codeSize, count);
        CheckCodes(chunk.ResidualCodes, residualSize, residualCount);
    }

    /// <summary>The codes of an entry, of one byte.</summary>
    public ReadOnlySpan<TCode> GetCodes<TCode>(int entry)
        where TCode : unmanaged, IBinaryInteger<TCode> =>
        MemoryMarshal.Cast<byte, TCode>(Codes[(GetOffset(entry) * _codeSize)..(GetOffset(entry + 1) * _codeSize)]);

    /// <summary>The residual codes of an entry.</summary>
    public ReadOnlySpan<TCode> GetResidualCodes<TCode>(int entry)
        where TCode : unmanaged, IBinaryInteger<TCode> =>
        MemoryMarshal.Cast<byte, TCode>(ResidualCodes[(GetOffset(entry) * _residualSize)..(GetOffset(entry + 1) * _residualSize)]);

    private static void CheckCodes(ReadOnlySpan<byte> codes, int codeSize, int count)
    {
        for (int offset = 0; offset < codes.Length; offset += codeSize)
        {
            int code = codeSize == 1 ? codes[offset] : BinaryPrimitives.ReadUInt16LittleEndian(codes[offset..]);
            if (code >= count)
            {
                throw new InvalidDataException($"A chunk has the code {code}; there are {count} centroids.");
            }
        }
    }

    private int GetOffset(int entry) => BinaryPrimitives.ReadInt32LittleEndian(_offsets[(entry * sizeof(int))..]);
}
