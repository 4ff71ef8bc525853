using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>
/// A trained way to store entries in fewer bytes and to score them without restoring them. Entries are encoded in chunks, a few
/// thousand at a time, so that a codec may interleave entries as its kernel likes. Immutable and thread-safe.
/// </summary>
/// <param name="spec">What it was made from, for instance <c>bits:2</c>; see <see cref="CodecSpec"/>.</param>
/// <param name="dimension">d, the length of a row.</param>
public abstract class EntryCodec(CodecSpec spec, int dimension)
{
    /// <summary>What it was made from.</summary>
    public CodecSpec Spec { get; } = spec;

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>True when <see cref="CodeScorer.ScoreUpperBounds"/> works, so that a search over the codes can prove that it is
    /// exact.</summary>
    public virtual bool HasUpperBounds => false;

    /// <summary>True when <see cref="CodeScorer.ScoreRange"/> works, so that threads can share a chunk.</summary>
    public virtual bool IsDivisible => false;

    /// <summary>True when <see cref="GetScreen"/> works, so that Float32 rows can be scored by reading few of them.</summary>
    public virtual bool HasScreens => false;

    /// <summary>The rounded rows of an entry, for <see cref="ScreenedMaxSimScorer"/>.</summary>
    /// <param name="chunk">Bytes of <see cref="Encode"/>.</param>
    /// <param name="entry">Position in the chunk.</param>
    /// <exception cref="NotSupportedException">The codec has none; see <see cref="HasScreens"/>.</exception>
    public virtual RowScreenView GetScreen(ReadOnlySpan<byte> chunk, int entry) =>
        throw new NotSupportedException("This codec does not round rows one by one.");

    /// <summary>Encodes entries into one chunk: the same bytes at every instruction set.</summary>
    /// <param name="entries">At least one entry, each with at least one row of finite values.</param>
    /// <returns>The chunk; it says all that scoring needs but the number of entries and this codec.</returns>
    /// <exception cref="ArgumentException">The rows have another length, an entry has no rows, or a value is not finite.</exception>
    public abstract byte[] Encode(EntryRows entries);

    /// <summary>Throws unless scoring <paramref name="chunk"/> stays within it: called once for bytes that come from a file.</summary>
    /// <exception cref="InvalidDataException">The chunk does not hold <paramref name="entryCount"/> entries of this codec.</exception>
    public abstract void Check(ReadOnlySpan<byte> chunk, int entryCount);

    /// <summary>Prepares the scoring of one query.</summary>
    /// <param name="query">At least one row of finite values.</param>
    /// <exception cref="ArgumentException">The query rows have another length, are none, or not finite.</exception>
    public abstract CodeScorer CreateScorer(MultiVectorView query);

    /// <summary>Prepares the scoring of one query on several threads, where that takes long enough: the same scores as with one.</summary>
    /// <param name="query">At least one row of finite values.</param>
    /// <param name="threads">At most so many, at least 1.</param>
    /// <exception cref="ArgumentException">The query rows have another length, are none, or not finite.</exception>
    public virtual CodeScorer CreateScorer(MultiVectorView query, int threads) => CreateScorer(query);

    /// <summary>What training found, for <see cref="CodecFamily.Read"/>; little-endian, described in docs/format.md.</summary>
    public abstract byte[] WriteParameters();
}
