namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>The rows of an entry that lie in one block.</summary>
/// <param name="BlockIndex">Which of the blocks that are scored together.</param>
/// <param name="First">The first row in the block.</param>
/// <param name="End">The row after the last one.</param>
/// <param name="Slot">Where the entry's score goes.</param>
/// <param name="IsFirst">True for the part with the entry's first row.</param>
/// <param name="IsLast">True for the part with the entry's last row.</param>
internal readonly record struct EntryPart(int BlockIndex, int First, int End, int Slot, bool IsFirst, bool IsLast)
{
    /// <summary>True when the rows are all 64 of the block.</summary>
    public bool IsWholeBlock => End - First == BitsChunk.BlockRowCount;
}
