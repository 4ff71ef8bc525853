using System.Globalization;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Tokens by the tokenizer files of a folder. Padded only where the graph or the family needs it.</summary>
/// <remarks>
/// Without padding a text gives the same vector whether or not the graph takes a mask: jina-clip's export takes none and would read
/// padding as text.
/// </remarks>
internal sealed class FileTokens(Tokenizer tokenizer, string filesHash, int maxLength, int? paddedLength, int padId) : TokenSource
{
    private static readonly string[] Files =
        ["tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>A hash of a folder's tokenizer files.</summary>
    public static string HashFiles(string folder) =>
        string.Join('+', Files.Select(file => Path.Combine(folder, file)).Where(File.Exists).Select(GraphHash.ComputeFile));

    public override string Identity
        => FormattableString.Invariant($"tokens {filesHash} max {maxLength} padded {paddedLength} with {padId}");

    public override int MaxLength => maxLength;

    public override string Description => tokenizer.Description;

    public override TokenInput Encode(string text)
    {
        IReadOnlyList<int> all = tokenizer.Encode(text);
        bool isLong = all.Count > maxLength;
        long[] kept = isLong ? tokenizer.Encode(text, maxLength).Ids : [.. all.Select(id => (long)id)];
        long[] ids = new long[paddedLength ?? Math.Max(1, kept.Length)];
        long[] mask = new long[ids.Length];
        int start = tokenizer.PadsLeft ? ids.Length - kept.Length : 0;
        Array.Fill(ids, padId);
        kept.CopyTo(ids, start);
        Array.Fill(mask, 1, start, kept.Length);
        string? notice = isLong
            ? string.Create(CultureInfo.InvariantCulture, $"The text has {all.Count} tokens; the model reads the first {maxLength}.")
            : null;
        return new TokenInput(
            ids, [ids.Length], mask, [.. ids.Select(id => tokenizer.DecodeToken((int)id))], notice, all.Count - kept.Length);
    }

    public override IReadOnlyList<int> Tokenize(string text) => tokenizer.Encode(text);
}
