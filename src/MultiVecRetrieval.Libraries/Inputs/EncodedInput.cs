using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>What a model makes of an input.</summary>
/// <param name="Rows">Its rows, [rows × d]; none where the input holds nothing that the model can read.</param>
/// <param name="TokenCount">Tokens of the text that the model read, with its prompt and special tokens; 0 for a picture or an
/// entry.</param>
/// <param name="Notices">What was left out, for people.</param>
public sealed record EncodedInput(MultiVector Rows, int TokenCount, IReadOnlyList<string> Notices);
