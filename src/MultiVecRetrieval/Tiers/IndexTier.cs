using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tiers;

/// <summary>A tier that has an index per segment instead of codes: it finds candidates without scoring every entry.</summary>
internal abstract class IndexTier
{
    /// <summary>What a scan of the codes of entries of one row beats.</summary>
    protected const int DefaultMaxBudget = 4_000;

    /// <summary>Every kind of index.</summary>
    public static IReadOnlyList<TierKind> Kinds { get; } = [ListsTier.Kind, GraphTier.Kind, TokenListsTier.Kind];

    /// <summary>True when a spec means an index: its last part, after what reductions come before, names a kind.</summary>
    public static bool Accepts(string spec)
    {
        string family = IndexSpec.Parse(spec).Family;
        return Kinds.Any(kind => kind.Name == family);
    }

    /// <summary>The most candidates of so many entries with which it is worth trying: beyond it a scan of codes is the better
    /// way.</summary>
    public virtual int GetMaxBudget(int entryCount) => DefaultMaxBudget;

    /// <summary>Reads a spec, for training and checking.</summary>
    /// <exception cref="SpecException">It cannot be understood, or an argument is out of its range.</exception>
    public static IndexTier Parse(string spec) => Read(spec, dimension: 0, []);

    /// <summary>Reads a trained tier.</summary>
    /// <param name="text">A spec that <see cref="Accepts"/> accepts.</param>
    /// <param name="dimension">d of the rows of the space.</param>
    /// <param name="parameters">What <see cref="Train"/> found.</param>
    /// <exception cref="SpecException">It cannot be understood, or an argument is out of its range.</exception>
    /// <exception cref="InvalidDataException">The parameters are damaged.</exception>
    public static IndexTier Read(string text, int dimension, ReadOnlySpan<byte> parameters)
    {
        IndexSpec spec = IndexSpec.Parse(text);
        if (spec.Family == GraphTier.Kind.Name)
        {
            return new GraphTier(spec, dimension, parameters);
        }

        return spec.Family == ListsTier.Kind.Name ? new ListsTier(spec, dimension, parameters) : new TokenListsTier(spec, parameters);
    }

    /// <summary>Finds the parameters that all segments share.</summary>
    /// <param name="sample">Rows and queries.</param>
    /// <param name="rows">Rows of the space.</param>
    /// <param name="entries">Entries of the space.</param>
    /// <param name="cancellationToken">Stops training.</param>
    /// <exception cref="ArgumentException">The index makes no sense for such entries; the message says why.</exception>
    public abstract byte[] Train(TrainingSample sample, long rows, long entries, CancellationToken cancellationToken);

    /// <summary>Writes the index of some entries: the same bytes for any number of threads.</summary>
    public abstract void Build(IEntrySource entries, int threads, Stream destination, CancellationToken cancellationToken);

    /// <summary>Opens what <see cref="Build"/> wrote, where it lies, 64-byte aligned.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public abstract unsafe SegmentIndex Open(byte* start, long length, int entryCount, int dimension);
}
