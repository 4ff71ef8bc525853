using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Centroids in the order in which the tile kernel reads them: finds the nearest one, and all inner products.</summary>
/// <remarks>
/// Immutable and thread-safe; what it returns does not depend on the instruction set: every inner product adds in the order of the
/// dimensions with one rounding per term.
/// </remarks>
public sealed class Centroids
{
    /// <summary>The most rows that are multiplied at a time.</summary>
    internal const int MaxPanelRowCount = 16 * CentroidScratch.MaxHeight;

    // A group of centroids stays in the L1 cache for all tiles of a panel.
    private const int PanelRowCount = MaxPanelRowCount;
    private const int GroupBlockCount = 4;
    private const int GroupCentroidCount = GroupBlockCount * PackedRows.BlockRowCount;

    // Fewer are not worth a thread: 256 centroids of d = 128 take about 20 microseconds for 20 rows.
    private const int MinGroupsPerThread = 4;

    private readonly float[] _groups;
    private readonly int _groupCount;
    private readonly int _blockLength;
    private readonly InstructionSet _instructionSet;

    /// <summary>Prepares centroids.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="values">The centroids, [count × d] row-major; at least one, all finite.</param>
    /// <param name="isSpherical">True when the nearest centroid is the one of the greatest inner product, false when it is the one at the
    /// least Euclidean distance.</param>
    /// <exception cref="ArgumentException">There are no centroids, no whole number of them, or a value is not finite.</exception>
    public Centroids(int dimension, ReadOnlySpan<float> values, bool isSpherical)
        : this(dimension, values, isSpherical, InstructionSets.Best)
    {
    }

    internal Centroids(int dimension, ReadOnlySpan<float> values, bool isSpherical, InstructionSet instructionSet)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.IsEmpty || values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} values are no centroids of d = {dimension}.", nameof(values));
        }

        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
        {
            throw new ArgumentException("A centroid has a value that is NaN or infinite.", nameof(values));
        }

        Dimension = dimension;
        Count = values.Length / dimension;
        IsSpherical = isSpherical;
        _instructionSet = instructionSet;
        _groupCount = (Count + GroupCentroidCount - 1) / GroupCentroidCount;
        _blockLength = (dimension + 2) * PackedRows.BlockRowCount;
        _groups = new float[checked(_groupCount * GroupBlockCount * _blockLength)];
        Pack(values);
    }

    /// <summary>d, the length of a centroid.</summary>
    public int Dimension { get; }

    /// <summary>K, the number of centroids.</summary>
    public int Count { get; }

    /// <summary>True when the nearest centroid is the one of the greatest inner product, false when it is the one at the least
    /// distance.</summary>
    public bool IsSpherical { get; }

    /// <summary>Finds the nearest centroid of each row; the lowest of those that tie.</summary>
    /// <param name="rows">Finite rows, [rows × d].</param>
    /// <param name="nearest">One index per row.</param>
    /// <param name="similarities">One per row, or empty: ⟨x, c⟩, less |c|²/2 unless <see cref="IsSpherical"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public void FindNearest(ReadOnlySpan<float> rows, Span<int> nearest, Span<float> similarities = default)
    {
        CheckRows(rows.Length, nearest.Length);
        if (!similarities.IsEmpty && similarities.Length != nearest.Length)
        {
            throw new ArgumentException($"{nearest.Length} rows have as many similarities, not {similarities.Length}.",
                nameof(similarities));
        }

        float[] tiles = ArrayPool<float>.Shared.Rent(GetTilesLength());
        float[] lanes = ArrayPool<float>.Shared.Rent(PanelRowCount / CentroidScratch.MaxHeight * CentroidScratch.Length);
        for (int row = 0; row < nearest.Length; row += PanelRowCount)
        {
            int rowCount = Math.Min(PanelRowCount, nearest.Length - row);
            PackTiles(rows.Slice(row * Dimension, rowCount * Dimension), tiles);
            FindNearestOfPanel(tiles, rowCount, lanes, nearest.Slice(row, rowCount), similarities.IsEmpty
                ? default
                : similarities.Slice(row, rowCount));
        }

        ArrayPool<float>.Shared.Return(tiles);
        ArrayPool<float>.Shared.Return(lanes);
    }

    /// <summary>Computes the inner product of each row with each centroid.</summary>
    /// <param name="rows">Finite rows, [rows × d].</param>
    /// <param name="products">[rows × <see cref="Count"/>] row-major.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public void Multiply(ReadOnlySpan<float> rows, Span<float> products)
    {
        CheckProducts(rows.Length, products.Length);
        float[] tiles = ArrayPool<float>.Shared.Rent(GetTilesLength());
        int allRowCount = products.Length / Count;
        for (int row = 0; row < allRowCount; row += PanelRowCount)
        {
            int rowCount = Math.Min(PanelRowCount, allRowCount - row);
            PackTiles(rows.Slice(row * Dimension, rowCount * Dimension), tiles);
            MultiplyPanel(tiles, rowCount, 0, _groupCount, products.Slice(row * Count, rowCount * Count));
        }

        ArrayPool<float>.Shared.Return(tiles);
    }

    /// <summary>As <see cref="Multiply(ReadOnlySpan{float}, Span{float})"/>, with threads that share the centroids; the same products for
    /// any number of them.</summary>
    internal void Multiply(ReadOnlySpan<float> rows, float[] products, int threads)
    {
        int partCount = Math.Min(threads, _groupCount / MinGroupsPerThread);
        if (partCount <= 1)
        {
            Multiply(rows, products);
            return;
        }

        CheckProducts(rows.Length, products.Length);
        float[] tiles = ArrayPool<float>.Shared.Rent(GetTilesLength());
        int allRowCount = products.Length / Count;
        for (int row = 0; row < allRowCount; row += PanelRowCount)
        {
            int firstRow = row;
            int rowCount = Math.Min(PanelRowCount, allRowCount - row);
            PackTiles(rows.Slice(row * Dimension, rowCount * Dimension), tiles);
            Parallel.For(0, partCount, part => MultiplyPanel(
                tiles, rowCount, GetFirstGroup(part), GetFirstGroup(part + 1), products.AsSpan(firstRow * Count, rowCount * Count)));
        }

        ArrayPool<float>.Shared.Return(tiles);

        int GetFirstGroup(int part) => (int)((long)_groupCount * part / partCount);
    }

    /// <summary>Groups of 64 centroids, the last one filled up.</summary>
    internal int GroupCount => _groupCount;

    /// <summary>Computes the inner product of each row with each centroid, in the order in which the kernel finds them.</summary>
    /// <param name="rows">Up to <see cref="MaxPanelRowCount"/> finite rows, [rows × d].</param>
    /// <param name="products">
    /// Takes [<see cref="GroupCount"/>][tiles of six rows][4 blocks][6 rows][16 centroids]; what stands for no row, or no centroid, is of
    /// no meaning.
    /// </param>
    internal void MultiplyInTiles(ReadOnlySpan<float> rows, Span<float> products)
    {
        int rowCount = rows.Length / Dimension;
        int tileCount = (rowCount + CentroidScratch.MaxHeight - 1) / CentroidScratch.MaxHeight;
        float[] tiles = ArrayPool<float>.Shared.Rent(GetTilesLength());
        PackTiles(rows, tiles);
        int groupLength = GroupBlockCount * _blockLength;
        for (int group = 0; group < _groupCount; group++)
        {
            for (int tile = 0; tile < tileCount; tile++)
            {
                int first = tile * CentroidScratch.MaxHeight;
                FoldGroup<StoreFold>(
                    tiles.AsSpan(first * (Dimension + 1)), Math.Min(CentroidScratch.MaxHeight, rowCount - first),
                        _groups.AsSpan(group * groupLength, groupLength),
                    products.Slice(((group * tileCount) + tile) * CentroidScratch.Length, CentroidScratch.Length));
            }
        }

        ArrayPool<float>.Shared.Return(tiles);
    }

    /// <summary>What is added to the inner product with a centroid where distances count: -|c|²/2.</summary>
    internal static float GetOffset(ReadOnlySpan<float> centroid)
    {
        double squaredNorm = 0;
        foreach (float value in centroid)
        {
            squaredNorm += (double)value * value;
        }

        return (float)(-squaredNorm / 2);
    }

    // A block: [d][16] values, 16 offsets, 16 ids. What fills the last group has the offset -∞ and is never nearest.
    private void Pack(ReadOnlySpan<float> values)
    {
        for (int id = 0; id < _groupCount * GroupCentroidCount; id++)
        {
            Span<float> block = _groups.AsSpan(id / PackedRows.BlockRowCount * _blockLength, _blockLength);
            int lane = id % PackedRows.BlockRowCount;
            for (int k = 0; id < Count && k < Dimension; k++)
            {
                block[(k * PackedRows.BlockRowCount) + lane] = values[(id * Dimension) + k];
            }

            Span<float> tail = block[(Dimension * PackedRows.BlockRowCount)..];
            tail[lane] = id >= Count ? float.NegativeInfinity : IsSpherical ? 0 : GetOffset(values.Slice(id * Dimension, Dimension));
            tail[PackedRows.BlockRowCount + lane] = BitConverter.Int32BitsToSingle(id);
        }
    }

    private int GetTilesLength() => (PanelRowCount * (Dimension + 1)) + CentroidScratch.MaxHeight;

    private void CheckProducts(int length, int productCount)
    {
        CheckRows(length, productCount / Count);
        if (productCount % Count != 0)
        {
            throw new ArgumentException($"{productCount} products are no whole number of rows of {Count}.");
        }
    }

    private void CheckRows(int length, int rowCount)
    {
        if (length != (long)rowCount * Dimension)
        {
            throw new ArgumentException($"{rowCount} rows of d = {Dimension} have {(long)rowCount * Dimension} values, not {length}.");
        }
    }

    // Tiles of up to six rows, each [d + 1][rows]; the kernel steps once past the values.
    private void PackTiles(ReadOnlySpan<float> rows, Span<float> tiles)
    {
        int rowCount = rows.Length / Dimension;
        for (int first = 0; first < rowCount; first += CentroidScratch.MaxHeight)
        {
            int height = Math.Min(CentroidScratch.MaxHeight, rowCount - first);
            Span<float> tile = tiles.Slice(first * (Dimension + 1), height * Dimension);
            for (int row = 0; row < height; row++)
            {
                ReadOnlySpan<float> values = rows.Slice((first + row) * Dimension, Dimension);
                for (int k = 0; k < values.Length; k++)
                {
                    tile[(k * height) + row] = values[k];
                }
            }
        }
    }

    private void FindNearestOfPanel(Span<float> tiles, int rowCount, Span<float> lanes, Span<int> nearest, Span<float> similarities)
    {
        lanes.Fill(float.NegativeInfinity);
        int groupLength = GroupBlockCount * _blockLength;
        for (int group = 0; group < _groupCount; group++)
        {
            for (int first = 0; first < rowCount; first += CentroidScratch.MaxHeight)
            {
                FoldGroup<NearestFold>(
                    tiles[(first * (Dimension + 1))..], Math.Min(CentroidScratch.MaxHeight, rowCount - first),
                    _groups.AsSpan(group * groupLength, groupLength),
                        lanes.Slice(first / CentroidScratch.MaxHeight * CentroidScratch.Length, CentroidScratch.Length));
            }
        }

        for (int row = 0; row < rowCount; row++)
        {
            Span<float> scratch = lanes[(row / CentroidScratch.MaxHeight * CentroidScratch.Length)..];
            int offset = row % CentroidScratch.MaxHeight * PackedRows.BlockRowCount;
            (nearest[row], float similarity) = FindBestLane(
                scratch.Slice(offset, PackedRows.BlockRowCount),
                MemoryMarshal.Cast<float, int>(scratch.Slice(CentroidScratch.PartLength + offset, PackedRows.BlockRowCount)));
            if (!similarities.IsEmpty)
            {
                similarities[row] = similarity;
            }
        }
    }

    private static (int Id, float Similarity) FindBestLane(ReadOnlySpan<float> similarities, ReadOnlySpan<int> ids)
    {
        // A lane that took nothing keeps -∞: products that overflow to NaN or -∞ everywhere leave the row at centroid 0.
        int best = 0;
        float similarity = float.NegativeInfinity;
        for (int lane = 0; lane < similarities.Length; lane++)
        {
            if (similarities[lane] > similarity
                || (similarities[lane] == similarity && similarities[lane] > float.NegativeInfinity && ids[lane] < best))
            {
                similarity = similarities[lane];
                best = ids[lane];
            }
        }

        return (best, similarity);
    }

    // The products with the centroids of the groups [firstGroup, endGroup).
    private void MultiplyPanel(Span<float> tiles, int rowCount, int firstGroup, int endGroup, Span<float> products)
    {
        float[] scratch = ArrayPool<float>.Shared.Rent(CentroidScratch.Length);
        Span<float> lanes = scratch;
        int groupLength = GroupBlockCount * _blockLength;
        for (int group = firstGroup; group < endGroup; group++)
        {
            for (int first = 0; first < rowCount; first += CentroidScratch.MaxHeight)
            {
                int height = Math.Min(CentroidScratch.MaxHeight, rowCount - first);
                FoldGroup<StoreFold>(tiles[(first * (Dimension + 1))..], height, _groups.AsSpan(group * groupLength, groupLength), lanes);
                for (int row = 0; row < height; row++)
                {
                    for (int block = 0; block < GroupBlockCount; block++)
                    {
                        int id = (group * GroupCentroidCount) + (block * PackedRows.BlockRowCount);
                        int count = Math.Clamp(Count - id, 0, PackedRows.BlockRowCount);
                        lanes.Slice((block * CentroidScratch.PartLength) + (row * PackedRows.BlockRowCount), count)
                            .CopyTo(products[(((first + row) * Count) + Math.Min(id, Count))..]);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    private void FoldGroup<TFold>(Span<float> tile, int height, Span<float> group, Span<float> lanes)
        where TFold : struct, ICentroidFold
    {
        ref byte query = ref Unsafe.As<float, byte>(ref MemoryMarshal.GetReference(tile));
        ref byte blocks = ref Unsafe.As<float, byte>(ref MemoryMarshal.GetReference(group));
        ref float best = ref MemoryMarshal.GetReference(lanes);
        nint blockSize = _blockLength * sizeof(float);
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                TileKernel<CentroidAvx512By4<TFold>, Four<System.Runtime.Intrinsics.Vector512<float>>,
                    Four<System.Runtime.Intrinsics.Vector512<float>>>
                    .Fold(height, ref query, ref blocks, 1, blockSize, Dimension, ref best);
                break;
            case InstructionSet.Avx2:
                // The store fold tells the blocks apart by their part of the scratch, so each block is a run of its own.
                for (int block = 0; block < GroupBlockCount; block++)
                {
                    ref float part = ref Unsafe.Add(ref best, typeof(TFold) == typeof(StoreFold) ? block * CentroidScratch.PartLength : 0);
                    TileKernel<CentroidAvx2<TFold>, Two<System.Runtime.Intrinsics.Vector256<float>>,
                        Two<System.Runtime.Intrinsics.Vector256<float>>>
                        .Fold(height, ref query, ref Unsafe.Add(ref blocks, block * blockSize), 1, blockSize, Dimension, ref part);
                }

                break;
            default:
                FoldScalar<TFold>(tile, height, group, ref best);
                break;
        }
    }

    // Leaves out what fills the group: nothing is kept of it.
    private void FoldScalar<TFold>(ReadOnlySpan<float> tile, int height, Span<float> group, ref float best)
        where TFold : struct, ICentroidFold
    {
        for (int row = 0; row < height; row++)
        {
            for (int block = 0; block < GroupBlockCount; block++)
            {
                Span<float> values = group.Slice(block * _blockLength, _blockLength);
                int firstId = BitConverter.SingleToInt32Bits(values[(Dimension + 1) * PackedRows.BlockRowCount]);
                for (int lane = 0; lane < PackedRows.BlockRowCount && firstId + lane < Count; lane++)
                {
                    float sum = 0;
                    for (int k = 0; k < Dimension; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(values[(k * PackedRows.BlockRowCount) + lane], tile[(k * height) + row], sum);
                    }

                    TFold.Fold(
                        sum, ref Unsafe.As<float, byte>(ref values[Dimension * PackedRows.BlockRowCount]), lane, block,
                        ref Unsafe.Add(ref best, row * PackedRows.BlockRowCount));
                }
            }
        }
    }
}
