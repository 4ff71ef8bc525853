namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>What a tile kernel needs to know of a row format and an instruction set: one step of a group of blocks.</summary>
/// <typeparam name="TAccumulator">The running inner products of one query row with every row of the group.</typeparam>
/// <typeparam name="TValues">The values of one step, of every row of the group.</typeparam>
/// <remarks>
/// Accumulators are structs of named vectors, never arrays: the JIT keeps promoted fields in registers and spills arrays. Every
/// lane adds its products in the order of k with one rounding each, so that all shapes give the same bits.
/// </remarks>
internal interface ITileShape<TAccumulator, TValues>
    where TAccumulator : struct
    where TValues : struct
{
    /// <summary>Blocks that are scored together.</summary>
    static abstract int GroupSize { get; }

    /// <summary>Bytes of one query row in one step.</summary>
    static abstract int QueryStepSize { get; }

    /// <summary>Bytes of one block in one step.</summary>
    static abstract int BlockStepSize { get; }

    /// <summary>Cache lines, 1, 2 or 4, that a step asks for ahead of their use: at most what it reads.</summary>
    static virtual int LinesAhead => 1;

    /// <summary>Reads the step at <paramref name="source"/> in the group's first block, and those at equal places in the others.</summary>
    static abstract TValues Load(ref byte source, nint blockSize);

    /// <summary>Adds the products of one query row, at <paramref name="query"/>, with <paramref name="values"/>.</summary>
    static abstract TAccumulator MultiplyAdd(TAccumulator sum, TValues values, ref byte query);

    /// <summary>Where the first block's tail begins, given where its last step ends.</summary>
    static virtual ref byte GetTail(ref byte stepsEnd, nint blockSize, int stepCount) => ref stepsEnd;

    /// <summary>Raises the 16 lanes at <paramref name="best"/> to the group's similarities; a NaN raises nothing.</summary>
    /// <param name="sum">The inner products of the group.</param>
    /// <param name="tail">The tail of the group's first block, see <see cref="GetTail"/>: the scales of Int8.</param>
    /// <param name="blockSize">Bytes from block to block.</param>
    /// <param name="queryTail">What follows the last step of the query row: the offset of Int8.</param>
    /// <param name="best">16 lanes of one query row.</param>
    static abstract void FoldMaximum(TAccumulator sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best);
}
