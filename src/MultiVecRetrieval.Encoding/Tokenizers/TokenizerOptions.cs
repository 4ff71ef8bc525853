namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>How a tokenizer is loaded.</summary>
public sealed record TokenizerOptions
{
    /// <summary>
    /// Cleans text as OpenAI's CLIP does (HTML entities, white space, case) before anything else. Default: only for a CLIP
    /// vocabulary without tokenizer.json, whose definition has no such step.
    /// </summary>
    public bool? CleansLikeOpenAi { get; init; }
}
