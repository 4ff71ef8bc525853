using System.Numerics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Libraries.Reports;

namespace MultiVecRetrieval.Eval.Copies;

/// <summary>A measure of how much two pictures look like copies.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Compare">Higher is more alike.</param>
internal sealed record CopyMeasure(string Name, Func<CopySubject, CopySubject, double> Compare)
{
    // As photos-alike says it; a hash that just counts as a copy stands for it.
    private const double PictureThreshold = 0.85;

    /// <summary>Those of the product, and two controls.</summary>
    public static IReadOnlyList<CopyMeasure> All { get; } =
    [
        new("sum of rows", (a, b) => TensorPrimitives.Dot<float>(EntrySimilarity.SumOf(a.Rows), EntrySimilarity.SumOf(b.Rows))),
        new("every row, both ways", (a, b) => EntrySimilarity.MatchRows(a.Rows, b.Rows)),
        new("sum of rows or perceptual hash, as the report takes them", (a, b) => Math.Max(
            TensorPrimitives.Dot<float>(EntrySimilarity.SumOf(a.Rows), EntrySimilarity.SumOf(b.Rows)),
            FrameTrack.ToSimilarity(BitOperations.PopCount(a.Hash ^ b.Hash), PictureThreshold))),
        new("every row, eased where hashes are close, as the report takes pages", (a, b) => EntrySimilarity.MatchRows(a.Rows, b.Rows)
            + (BitOperations.PopCount(a.Hash ^ b.Hash) <= CopyIndex.MaxFingerprintDistance ? CopySpace.LookShare : 0)),
        new("control: perceptual hash", (a, b) => 1 - (BitOperations.PopCount(a.Hash ^ b.Hash) / 64.0)),
        new("control: colour histogram", (a, b) => TensorPrimitives.Dot<float>(a.Colours, b.Colours)),
    ];
}
