namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>A text as the fixed-length input of a model.</summary>
/// <param name="Ids">Token ids with special tokens and padding.</param>
/// <param name="AttentionMask">1 for a token, 0 for padding; as long as <paramref name="Ids"/>.</param>
/// <param name="WasTruncated">True when tokens of the text were left out.</param>
public sealed record TokenSequence(long[] Ids, long[] AttentionMask, bool WasTruncated);
