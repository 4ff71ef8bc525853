using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval;

/// <summary>What a space holds and takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RowFormat">How its rows are stored from now on.</param>
/// <param name="EntryCount">Live entries with rows in it.</param>
/// <param name="RowCount">Their rows.</param>
/// <param name="SegmentCount">Segment files.</param>
/// <param name="SizeInBytes">Bytes of the segment files, places and dead rows included.</param>
/// <param name="OldFormatSegmentCount">Segments that are still stored in another row format.</param>
/// <param name="Tiers">Its tiers.</param>
public sealed record SpaceStatistics(
    string Name,
    RowFormat RowFormat,
    long EntryCount,
    long RowCount,
    int SegmentCount,
    long SizeInBytes,
    int OldFormatSegmentCount,
    IReadOnlyList<TierStatistics> Tiers)
{
    /// <summary>True once somebody said which tiers it has; false while it gets one by itself, see
    /// <see cref="CollectionOptions.AutomaticTiers"/>.</summary>
    public bool AreTiersChosen { get; init; }
}
