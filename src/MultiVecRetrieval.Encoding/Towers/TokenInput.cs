namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>A text as the input of a graph.</summary>
/// <param name="Ids">Token ids, row-major.</param>
/// <param name="Shape">Shape of one entry: [tokens], or [words, ids per word].</param>
/// <param name="Mask">1 per token or word that counts.</param>
/// <param name="Labels">What each token or word stands for; one per entry of the mask.</param>
/// <param name="Notice">What was left out; null when nothing was.</param>
/// <param name="OmittedCount">Tokens or words that were too many.</param>
internal sealed record TokenInput(
    long[] Ids, long[] Shape, long[] Mask, IReadOnlyList<string> Labels, string? Notice, int OmittedCount = 0);
