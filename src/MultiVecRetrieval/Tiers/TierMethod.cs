using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>How a trained tier works: a codec, whose codes score entries, or an index, which finds some.</summary>
internal abstract class TierMethod
{
    /// <summary>What scores any entries by their codes, and so can choose among the candidates of another tier; null for an index, which
    /// finds candidates of its own.</summary>
    public abstract EntryCodec? Codec { get; }

    /// <summary>True when it scores any entries it is given; false when it finds candidates of its own.</summary>
    public bool ScoresEntries => Codec is not null;

    /// <summary>True when it bounds the scores of entries.</summary>
    public bool HasUpperBounds => Codec is { HasUpperBounds: true };

    /// <summary>True when threads can share a chunk of codes.</summary>
    public bool IsDivisible => Codec is { IsDivisible: true };

    /// <summary>True when its codes say which rows of an entry need not be scored.</summary>
    public bool HasScreens => Codec is { HasScreens: true };

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

    /// <summary>Finds candidates in a segment without scoring each of its entries.</summary>
    /// <param name="reader">The file of the segment.</param>
    /// <param name="query">The query.</param>
    /// <param name="budget">Entries wanted.</param>
    /// <param name="wanted">A bit an entry for those that may be found; empty for all.</param>
    /// <returns>Positions in the segment with their scores; null when nothing can be found this way: by codes, or in a damaged
    /// file.</returns>
    /// <exception cref="InvalidDataException">The file turned out to be damaged.</exception>
    public abstract List<ScoredId>? Find(CodesReader reader, MultiVector query, int budget, ReadOnlySpan<ulong> wanted);

    /// <summary>Writes the file of a segment.</summary>
    public abstract TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>Checks the file of a segment, all of it.</summary>
    /// <exception cref="CorruptSegmentException">It is damaged.</exception>
    public abstract void Verify(CodesReader reader, CancellationToken cancellationToken);
}
