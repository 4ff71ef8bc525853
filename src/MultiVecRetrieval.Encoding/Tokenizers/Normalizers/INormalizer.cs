namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is split. Stateless and thread-safe.</summary>
internal interface INormalizer
{
    /// <summary>The rewritten text; the input is valid UTF-16.</summary>
    string Normalize(string text);
}
