using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>How a trained tier works: a codec, whose codes score entries, or an index, which finds some.</summary>
internal abstract class TierMethod
{
    /// <summary>True when it scores any entries it is given, and so can choose among the candidates of another tier; false when it finds
    /// candidates of its own.</summary>
    public abstract bool ScoresEntries { get; }

    /// <summary>True when it bounds the scores of entries.</summary>
    public abstract bool HasUpperBounds { get; }

    /// <summary>True when threads can share a chunk of codes.</summary>
    public abstract bool IsDivisible { get; }

    /// <summary>True when its codes say which rows of an entry need not be scored.</summary>
    public abstract bool HasScreens { get; }

    /// <summary>Finds the parameters of a tier.</summary>
    /// <exception cref="ArgumentException">The spec asks for what these rows cannot give; the message says why.</exception>
    public static byte[] Train(string spec, TrainingSample sample, long rows, long entries, CancellationToken cancellationToken)
    {
        if (IndexTier.Accepts(spec))
        {
            return IndexTier.Parse(spec).Train(sample, rows, entries, cancellationToken);
        }

        CodecSpec parsed = CodecSpec.Parse(spec);
        return Codecs.FindFamily(parsed).Train(parsed, sample, cancellationToken).WriteParameters();
    }

    /// <summary>Reads what <see cref="Train"/> found.</summary>
    /// <exception cref="ArgumentException">There is no such tier.</exception>
    /// <exception cref="InvalidDataException">The parameters are none of it.</exception>
    public static TierMethod Read(string spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        if (IndexTier.Accepts(spec))
        {
            return new IndexMethod(IndexTier.Read(spec, dimension, parameters));
        }

        CodecSpec parsed = CodecSpec.Parse(spec);
        return new CodecMethod(Codecs.FindFamily(parsed).Read(parsed, dimension, parameters));
    }

    /// <summary>Writes the file of a segment.</summary>
    public abstract TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>Checks the file of a segment, all of it.</summary>
    /// <exception cref="CorruptSegmentException">It is damaged.</exception>
    public abstract void Verify(CodesReader reader, CancellationToken cancellationToken);
}
