using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>Writes rows that were assigned to lists: per block of 32 rows their sign codes, per row its int8 codes.</summary>
/// <remarks>
/// With c the centroid and r = row − c, ⟨q, row⟩ = ⟨q, c⟩ + ⟨m, r⟩ + ⟨q − m, r⟩ for any m; the last term is estimated by
/// factor × Σ ±(q − m)_i with the signs of r and factor = ‖r‖² / Σ|r_i|, the one before it is stored: m is the mean of the modality of the
/// query, so that what all its queries have in common is not estimated. Source: Gao and Long, RaBitQ, arXiv:2405.12497.
/// </remarks>
internal sealed unsafe class IvfWriter : IDisposable
{
    private const int BlockLength = SignTables.BlockCodeCount;

    private readonly RowReader _read;
    private readonly RowCodec _codec;
    private readonly ParallelOptions _parallel;
    private readonly float[][] _queryMeans;
    private readonly int[] _firstBlocks;
    private readonly int[] _rows;
    private readonly int[] _positions;
    private readonly int[] _listOfBlock;
    private readonly NativeBlock _centroidMemory;
    private readonly NodeTable _centroids;
    private readonly int _seed;
    private readonly int _stride;

    public IvfWriter(RowReader read, RowCodec codec, float[] centroids, int[] lists, IvfOptions options, ParallelOptions parallel)
    {
        _read = read;
        _codec = codec;
        _parallel = parallel;
        _seed = options.Seed;
        _queryMeans = QueryMeans.Create(codec, options.Queries.Span);
        int listCount = centroids.Length / codec.CodeLength;
        _stride = NodeTable.GetStride(codec.CodeLength, 0);
        _centroidMemory = new NativeBlock((long)listCount * _stride);
        _centroids = new NodeTable(_centroidMemory.Start, _stride, codec.CodeLength, 0);
        for (int list = 0; list < listCount; list++)
        {
            codec.Encode(centroids.AsSpan(list * codec.CodeLength, codec.CodeLength), _centroids, list);
        }

        int[] counts = new int[listCount];
        foreach (int list in lists)
        {
            counts[list]++;
        }

        _firstBlocks = new int[listCount + 1];
        for (int list = 0; list < listCount; list++)
        {
            _firstBlocks[list + 1] = _firstBlocks[list] + ((counts[list] + BlockLength - 1) / BlockLength);
        }

        _listOfBlock = new int[_firstBlocks[^1]];
        for (int list = 0; list < listCount; list++)
        {
            _listOfBlock.AsSpan(_firstBlocks[list].._firstBlocks[list + 1]).Fill(list);
        }

        _rows = new int[checked(_firstBlocks[^1] * BlockLength)];
        _rows.AsSpan().Fill(-1);
        _positions = new int[lists.Length];
        int[] filled = new int[listCount];
        for (int row = 0; row < lists.Length; row++)
        {
            int position = (_firstBlocks[lists[row]] * BlockLength) + filled[lists[row]]++;
            _rows[position] = row;
            _positions[row] = position;
        }
    }

    public void Write(Stream destination)
    {
        IvfHeader header = new()
        {
            Magic = IvfHeader.ExpectedMagic,
            Version = IvfHeader.CurrentVersion,
            RowCount = _positions.Length,
            ListCount = _firstBlocks.Length - 1,
            BlockCount = _listOfBlock.Length,
            Dimension = _codec.Mean.Length,
            Seed = _seed,
        };
        IvfLayout layout = new(header);
        header.TotalLength = layout.TotalLength;
        float[] radii = new float[_listOfBlock.Length];
        using NativeBlock blocks = new((long)header.BlockCount * layout.BlockStride);
        using NativeBlock records = new((long)header.BlockCount * BlockLength * _stride);
        Encode(blocks.Start, layout.BlockStride, new NodeTable(records.Start, _stride, _codec.CodeLength, 0), radii);
        SetRadii(radii);

        byte[][] tables =
        [
            .. new[] { _codec.Mean }.Concat(_queryMeans).Select(x => MemoryMarshal.AsBytes<float>(x).ToArray()),
            .. new[] { _firstBlocks, _rows, _positions }.Select(x => MemoryMarshal.AsBytes<int>(x).ToArray()),
        ];
        Crc32C checksum = Crc32C.Start();
        foreach (byte[] table in tables)
        {
            checksum.Append(table);
        }

        header.TablesChecksum = checksum.Value;
        Span<byte> headerBytes = MemoryMarshal.AsBytes(new Span<IvfHeader>(ref header));
        MemoryMarshal.Write(headerBytes[^sizeof(uint)..], Crc32C.Compute(headerBytes[..^sizeof(uint)]));
        destination.Write(headerBytes);
        foreach (byte[] table in tables)
        {
            destination.Write(table);
        }

        destination.Write(new byte[layout.CentroidsOffset - layout.TablesEnd]);
        WriteAll(destination, _centroidMemory.Start, (long)header.ListCount * _stride);
        WriteAll(destination, blocks.Start, (long)header.BlockCount * layout.BlockStride);
        WriteAll(destination, records.Start, (long)header.BlockCount * BlockLength * _stride);
    }

    public void Dispose() => _centroidMemory.Dispose();

    private static void WriteAll(Stream destination, byte* start, long length)
    {
        const int PieceLength = 1 << 24;
        for (long offset = 0; offset < length; offset += PieceLength)
        {
            destination.Write(new ReadOnlySpan<byte>(start + offset, (int)Math.Min(PieceLength, length - offset)));
        }
    }

    private void Encode(byte* blocks, int blockStride, NodeTable records, float[] squares)
    {
        Parallel.For(
            0,
            _listOfBlock.Length,
            _parallel,
            () => (Row: new float[_codec.Mean.Length], Rotated: new float[_codec.CodeLength]),
            (block, _, scratch) =>
            {
                byte* start = blocks + ((long)block * blockStride);
                for (int i = 0; i < BlockLength; i++)
                {
                    int position = (block * BlockLength) + i;
                    if (_rows[position] < 0)
                    {
                        break;
                    }

                    IvfBuilder.ReadRotated(_read, _rows[position], _codec, scratch.Row, scratch.Rotated);
                    _codec.Encode(scratch.Rotated, records, position);
                    squares[block] += EncodeSigns(scratch.Rotated, _listOfBlock[block], start, i);
                }

                return scratch;
            },
            _ => { });
    }

    // Returns the squared distance to the centroid; the rotated row becomes the difference.
    private float EncodeSigns(float[] difference, int list, byte* block, int index)
    {
        sbyte* codes = _centroids.GetCodes(list);
        float scale = _centroids.GetScale(list);
        float squares = 0, magnitudes = 0;
        for (int j = 0; j < difference.Length; j++)
        {
            difference[j] -= scale * codes[j];
            squares += difference[j] * difference[j];
            magnitudes += Math.Abs(difference[j]);
        }

        int signsLength = SignTables.GetBlockLength(difference.Length);
        SignTables.Pack(difference, index, new Span<byte>(block, signsLength));
        ushort* factors = (ushort*)(block + signsLength);
        factors[index] = BFloat16.FromSingle(magnitudes > 0 ? squares / magnitudes : 0);
        for (int modality = 0; modality < 2; modality++)
        {
            float offset = 0;
            for (int j = 0; j < difference.Length; j++)
            {
                offset += _queryMeans[modality][j] * difference[j];
            }

            factors[((1 + modality) * BlockLength) + index] = BFloat16.FromSingle(offset);
        }

        return squares;
    }

    // The root mean square distance of a list's rows to its centroid, in place of the squared length that no walk needs.
    private void SetRadii(float[] squares)
    {
        for (int list = 0; list < _firstBlocks.Length - 1; list++)
        {
            float sum = 0;
            for (int block = _firstBlocks[list]; block < _firstBlocks[list + 1]; block++)
            {
                sum += squares[block];
            }

            Span<int> rows = _rows.AsSpan((_firstBlocks[list] * BlockLength)..(_firstBlocks[list + 1] * BlockLength));
            int count = rows.Length - System.MemoryExtensions.Count(rows, -1);
            _centroids.GetNorm(list) = count > 0 ? MathF.Sqrt(sum / count) : 0;
        }
    }
}
