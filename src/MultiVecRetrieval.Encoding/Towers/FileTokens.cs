using System.Globalization;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Tokens by the tokenizer files of a folder. Padded only where the graph or the family needs it.</summary>
/// <remarks>
/// Without padding a text gives the same vector whether or not the graph takes a mask: jina-clip's export takes none and would read
/// padding as text.
/// </remarks>
internal sealed class FileTokens(Tokenizer tokenizer, string filesHash, int maxLength, int? paddedLength, int padId) : TokenSource
{
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
        return new TokenInput(ids, [ids.Length], mask, [.. ids.Select(id => tokenizer.DecodeToken((int)id))], notice);
    }

    public override IReadOnlyList<int> Tokenize(string text) => tokenizer.Encode(text);
}
