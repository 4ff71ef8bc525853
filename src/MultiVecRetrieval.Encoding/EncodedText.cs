using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding;

/// <summary>A text query as rows: one row for CLIP, one per word or token for late interaction.</summary>
/// <param name="Rows">Unit rows, [rows × d]; no row when the text holds nothing that the model can read.</param>
/// <param name="Labels">One per row: the word or token it stands for; the whole text for a single row.</param>
/// <param name="Notices">What was left out, for people ("2 words have no letters or digits").</param>
public sealed record EncodedText(MultiVector Rows, IReadOnlyList<string> Labels, IReadOnlyList<string> Notices)
{
    /// <summary>Tokens that the model read, with its prompt and special tokens; about, where they are made elsewhere.</summary>
    public int TokenCount { get; init; }

    /// <summary>Tokens at the end that were too many for the model and were not read.</summary>
    public int OmittedTokenCount { get; init; }
}
