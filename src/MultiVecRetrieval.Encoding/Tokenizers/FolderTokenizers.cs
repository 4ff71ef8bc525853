namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>The tokenizers of one model while it is being detected, each loaded once: text and the prompt of pictures share theirs, and
/// some take 34 MB of JSON.</summary>
internal sealed class FolderTokenizers
{
    private readonly Dictionary<string, Tokenizer> _loaded = new(StringComparer.Ordinal);

    /// <summary>The tokenizer of a folder.</summary>
    /// <exception cref="ModelFormatException">No tokenizer, a damaged file, or a component that is not supported; it is named.</exception>
    public Tokenizer Load(string folder)
    {
        string path = Path.GetFullPath(folder);
        if (!_loaded.TryGetValue(path, out Tokenizer? tokenizer))
        {
            _loaded.Add(path, tokenizer = Tokenizer.Load(path));
        }

        return tokenizer;
    }
}
