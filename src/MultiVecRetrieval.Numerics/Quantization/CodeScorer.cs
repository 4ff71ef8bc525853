namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Scores chunks of codes against one query. Thread-safe; scoring allocates nothing.</summary>
public abstract class CodeScorer
{
    /// <summary>Approximates the MaxSim of every entry of a chunk; higher is closer.</summary>
    /// <param name="chunk">Bytes of <see cref="EntryCodec.Encode"/>.</param>
    /// <param name="scores">As many as the chunk has entries.</param>
    public abstract void Score(ReadOnlySpan<byte> chunk, Span<float> scores);

    /// <summary>Approximates the MaxSim of some entries of a chunk, to the bit as scoring all of them does.</summary>
    /// <param name="chunk">Bytes of <see cref="EntryCodec.Encode"/>.</param>
    /// <param name="entryCount">The number of entries of the chunk.</param>
    /// <param name="entries">Positions in the chunk, ascending.</param>
    /// <param name="scores">As many as <paramref name="entries"/>.</param>
    public abstract void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores);

    /// <summary>Bounds the exact MaxSim of every entry of a chunk from above.</summary>
    /// <param name="chunk">Bytes of <see cref="EntryCodec.Encode"/>.</param>
    /// <param name="bounds">As many as the chunk has entries; never below the float32 MaxSim, its rounding included.</param>
    /// <exception cref="NotSupportedException">The codec has no bounds; see <see cref="EntryCodec.HasUpperBounds"/>.</exception>
    public virtual void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds) =>
        throw new NotSupportedException("This codec has no upper bounds.");

    /// <summary>Scores consecutive entries of a chunk, or bounds them from above, to the bit as all of them together.</summary>
    /// <param name="chunk">Bytes of <see cref="EntryCodec.Encode"/>.</param>
    /// <param name="first">Position of the first one in the chunk.</param>
    /// <param name="areBounds">True for upper bounds.</param>
    /// <param name="scores">One per entry.</param>
    /// <exception cref="NotSupportedException">Chunks are scored as a whole; see <see cref="EntryCodec.IsDivisible"/>.</exception>
    public virtual void ScoreRange(ReadOnlySpan<byte> chunk, int first, bool areBounds, Span<float> scores) =>
        throw new NotSupportedException("Chunks of this codec are scored as a whole.");
}
