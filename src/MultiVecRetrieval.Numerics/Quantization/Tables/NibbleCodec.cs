using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>A codec of 4-bit codes, with or without a centroid and a scale per row: its chunk is a <see cref="RowStream"/> of
/// <see cref="NibbleLayout"/>.</summary>
internal abstract class NibbleCodec : EntryCodec
{
    /// <summary>A codec of <paramref name="tableCount"/> codes per row.</summary>
    protected NibbleCodec(CodecSpec spec, int dimension, int tableCount, int centroidCount)
        : base(spec, dimension)
    {
        TableCount = tableCount;
        CentroidCount = centroidCount;
    }

    /// <inheritdoc/>
    public override bool HasUpperBounds => true;

    /// <summary>Codes of a row.</summary>
    protected int TableCount { get; }

    /// <summary>Centroids that a row may name; 0 when it names none.</summary>
    protected int CentroidCount { get; }

    private int BlockSize => NibbleLayout.GetBlockSize(TableCount, CentroidCount);

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        byte[] codes = new byte[checked(entries.RowCount * TableCount)];
        int[] ids = new int[CentroidCount == 0 ? 0 : entries.RowCount];
        byte[] scales = new byte[ids.Length];
        double[] rowErrors = new double[entries.RowCount];
        Quantize(entries.Values, codes, ids, scales, rowErrors);
        double[] errors = RowStream.GetLargest(rowErrors, entries.RowOffsets);
        byte[] chunk = RowStream.Create(entries.RowOffsets, errors, NibbleLayout.BlockRowCount, BlockSize, out int offset);
        int idSize = NibbleLayout.GetIdSize(CentroidCount);
        for (int row = 0; row < entries.RowCount; row++)
        {
            int lane = row % NibbleLayout.BlockRowCount;
            Span<byte> block = chunk.AsSpan(offset + (row / NibbleLayout.BlockRowCount * BlockSize), BlockSize);
            for (int index = 0; index < TableCount; index++)
            {
                NibbleLayout.WriteCode(block, lane, index, codes[(row * TableCount) + index]);
            }

            if (idSize > 0)
            {
                block[^((NibbleLayout.BlockRowCount * (idSize + 1)) - lane)] = scales[row];
                WriteId(block[^(NibbleLayout.BlockRowCount * idSize)..], lane, idSize, ids[row]);
            }
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount)
    {
        RowStream.Check(chunk, entryCount, NibbleLayout.BlockRowCount, BlockSize);
        int idSize = NibbleLayout.GetIdSize(CentroidCount);
        ReadOnlySpan<byte> blocks = new RowStream(chunk, entryCount).Blocks;
        for (int first = 0; first < blocks.Length && idSize > 0; first += BlockSize)
        {
            ReadOnlySpan<byte> ids = blocks.Slice(first, BlockSize)[^(NibbleLayout.BlockRowCount * idSize)..];
            for (int lane = 0; lane < NibbleLayout.BlockRowCount; lane++)
            {
                int id = idSize == 1 ? ids[lane] : BinaryPrimitives.ReadUInt16LittleEndian(ids[(2 * lane)..]);
                if (id >= CentroidCount)
                {
                    throw new InvalidDataException($"A chunk names centroid {id}; there are {CentroidCount}.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, InstructionSets.Best);

    /// <summary>Prepares the scoring of one query with instructions that this process supports.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet)
    {
        CodecArguments.CheckQuery(query, Dimension);
        NibbleQuery tables = new(query.RowCount, TableCount, CentroidCount, NibbleKernel.GetMaxTileHeight(instructionSet));
        FillTables(query, tables);
        return new NibbleScorer(tables, TableCount, new ScoreBound(query, GetStoredNorm()), instructionSet);
    }

    /// <summary>Finds the codes of rows.</summary>
    /// <param name="rows">[rows × d].</param>
    /// <param name="codes">Takes [rows × tables], each below 16.</param>
    /// <param name="ids">Takes the centroid of each row; empty without centroids.</param>
    /// <param name="scales">Takes the scale of each row; empty without centroids.</param>
    /// <param name="errors">Takes the distance of each row from what is restored.</param>
    protected abstract void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<int> ids, Span<byte> scales, Span<double> errors);

    /// <summary>Sets the tables of every query row.</summary>
    protected abstract void FillTables(MultiVectorView query, NibbleQuery tables);

    /// <summary>A length that no restored row exceeds.</summary>
    protected abstract double GetStoredNorm();

    private static void WriteId(Span<byte> ids, int lane, int idSize, int id)
    {
        if (idSize == 1)
        {
            ids[lane] = (byte)id;
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(ids[(2 * lane)..], (ushort)id);
        }
    }
}
