using System.Globalization;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// Inverted lists over centroids per segment, for entries of many rows: <c>tokens:K</c>, or <c>tokens:KxP</c> to read P lists per query
/// row. Its parameters are the centroids, which all segments share.
/// </summary>
internal sealed class TokenListsTier : IndexTier
{
    private const int DefaultCentroidCount = 4096;
    private const int DefaultProbeCount = 32;
    private const int MaxBudgetShare = 10;
    private const int LargestBudget = 40_000;

    // Entries whose codes are in memory beside the lists that they go to.
    private const int RangeLength = 4096;

    private readonly int _centroidCount = DefaultCentroidCount;
    private readonly int _probeCount = DefaultProbeCount;
    private readonly float[] _centroids;

    /// <exception cref="SpecException">An argument is out of place or out of its range, or there is a reduction.</exception>
    public TokenListsTier(IndexSpec spec, ReadOnlySpan<byte> parameters)
    {
        if (spec.Reduction.Length > 0)
        {
            throw new SpecException("tier", spec.Text, "token lists hold an entry once per centroid and need no reduction.");
        }

        if (spec.Argument.Length > 0)
        {
            int[] numbers =
                [.. spec.Argument.Split('x')
                .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
            _centroidCount = numbers[0];
            _probeCount = numbers.Length == 2 ? numbers[1] : Math.Min(DefaultProbeCount, _centroidCount);
            if (numbers.Length > 2 || _centroidCount is < 2 or > Codebook.MaxCount || _probeCount < 1 || _probeCount > _centroidCount)
            {
                throw new SpecException("tier",
                    spec.Text, $"tokens:KxP takes K from 2 to {Codebook.MaxCount} centroids and P from 1 to K lists; '{spec.Argument}' was given.");
            }
        }

        _centroids = MemoryMarshal.Cast<byte, float>(parameters).ToArray();
    }

    public static TierKind Kind { get; } = new(
        "tokens",
        "tokens:K or tokens:KxP (K centroids, P of their lists read per query row; default 4096x32), for entries of many rows",
        "which entries have a row near a centroid: a search reads the lists of the centroids nearest to its rows");

    /// <inheritdoc/>
    /// <remarks>A scan of the codes of entries of many rows takes longer, and longer the more there are (bench growth).</remarks>
    public override int GetMaxBudget(int entryCount) =>
        Math.Clamp(entryCount / MaxBudgetShare, DefaultMaxBudget, LargestBudget);

    public override byte[] Train(TrainingSample sample, long rows, long entries, CancellationToken cancellationToken)
    {
        KMeansOptions options = new() { IsSpherical = true, Seed = sample.Seed, Threads = sample.Threads };
        return MemoryMarshal.AsBytes<float>(KMeans.Train(sample.Dimension, sample.Rows, _centroidCount, options, cancellationToken))
            .ToArray();
    }

    public override void Build(IEntrySource entries, int threads, Stream destination, CancellationToken cancellationToken)
    {
        Codebook codebook = new(entries.Dimension, _centroids, isSpherical: true);
        TokenListsBuilder builder = new(codebook);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        for (int first = 0; first < entries.EntryCount; first += RangeLength)
        {
            int[][] codes = new int[Math.Min(RangeLength, entries.EntryCount - first)][];
            Parallel.For(0, codes.Length, parallel, i => codes[i] = codebook.Encode(entries.Read(first + i).Values));
            foreach (int[] entry in codes)
            {
                builder.Add(entry);
            }
        }

        destination.Write(builder.Build().Write());
    }

    public override unsafe SegmentIndex Open(byte* start, long length, int entryCount, int dimension)
    {
        TokenLists lists = length <= int.MaxValue
            ? TokenLists.Read(new ReadOnlySpan<byte>(start, (int)length))
            : throw new InvalidDataException($"Token lists of {length} bytes are more than this build reads.");
        return lists.EntryCount == entryCount && lists.Codebook.Dimension == dimension
            ? new SegmentTokenLists(lists, _probeCount)
            : throw new InvalidDataException(
                $"The token lists have {lists.EntryCount} entries of {lists.Codebook.Dimension}; expected {entryCount} of {dimension}.");
    }
}
