namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Walks the blocks that entries lie in, a few at a time, and says which rows of them belong to which entry.</summary>
internal ref struct EntryWalk
{
    private readonly BitsChunk _chunk;
    private readonly ReadOnlySpan<int> _entries;
    private readonly int _count;
    private int _slot;
    private int _row;

    /// <summary>Walks all <paramref name="count"/> entries of a chunk, or those of <paramref name="entries"/> if there are any.</summary>
    public EntryWalk(BitsChunk chunk, ReadOnlySpan<int> entries, int count)
    {
        _chunk = chunk;
        _entries = entries;
        _count = count;
        _row = count > 0 ? GetFirstRow(0) : 0;
    }

    /// <summary>Fills blocks and parts, as many as fit; false when all entries were walked.</summary>
    public bool Next(scoped Span<int> blocks, scoped Span<EntryPart> parts, out int blockCount, out int partCount)
    {
        (blockCount, partCount) = (0, 0);
        while (_slot < _count && partCount < parts.Length)
        {
            int block = _row / BitsChunk.BlockRowCount;
            if (blockCount == 0 || blocks[blockCount - 1] != block)
            {
                if (blockCount == blocks.Length)
                {
                    break;
                }

                blocks[blockCount++] = block;
            }

            int blockRow = block * BitsChunk.BlockRowCount;
            int entryEnd = GetEndRow(_slot);
            int end = Math.Min(entryEnd, blockRow + BitsChunk.BlockRowCount);
            bool isLast = end == entryEnd;
            parts[partCount++] = new EntryPart(
                blockCount - 1, _row - blockRow, end - blockRow, _slot, _row == GetFirstRow(_slot), isLast);
            if (isLast)
            {
                _slot++;
                _row = _slot < _count ? GetFirstRow(_slot) : 0;
            }
            else
            {
                _row = end;
            }
        }

        return partCount > 0;
    }

    private readonly int GetEntry(int slot) => _entries.IsEmpty ? slot : _entries[slot];

    private readonly int GetFirstRow(int slot) => _chunk.RowOffsets.IsEmpty ? GetEntry(slot) : _chunk.RowOffsets[GetEntry(slot)];

    private readonly int GetEndRow(int slot) => _chunk.RowOffsets.IsEmpty ? GetEntry(slot) + 1 : _chunk.RowOffsets[GetEntry(slot) + 1];
}
