using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>A part of a question in one space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Rows">At least one row.</param>
/// <param name="Labels">One per row.</param>
/// <param name="Words">The model that made the rows of a text; null for those of a picture, an entry or made elsewhere, which are
/// likenesses.</param>
internal sealed record PartRows(Space Space, MultiVector Rows, IReadOnlyList<string> Labels, ModelContract? Words = null)
{
    /// <summary>The one vector that stands for it.</summary>
    public float[] Vector => Rows.RowCount == 1 ? Rows.Row(0).ToArray() : VectorComposition.Mean(Rows);

    public EvidenceKind Kind =>
        Words is null ? EvidenceKind.Likeness
        : Words.EncodesPassages ? EvidenceKind.Passages
        : Words.IsSemantic ? EvidenceKind.Pictures
        : EvidenceKind.Words;
}
