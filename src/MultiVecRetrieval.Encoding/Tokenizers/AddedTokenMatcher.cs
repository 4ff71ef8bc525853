using System.Text;
using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Finds added tokens in a text: leftmost, then longest, without overlap.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, (string Text, AddedToken Token)[]> _byFirst;

    /// <summary>Prepares a search for the tokens, each by the text that <paramref name="textOf"/> gives for it.</summary>
    public AddedTokenMatcher(IEnumerable<AddedToken> tokens, Func<AddedToken, string> textOf) =>
        _byFirst = tokens.Select(token => (Text: textOf(token), token)).Where(pair => pair.Text.Length > 0)
            .GroupBy(pair => pair.Text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(pair => pair.Text.Length).ToArray());

    /// <summary>Parts from left to right: an id where a token was found, null for the text between.</summary>
    public IEnumerable<(int Start, int End, int? Id)> Split(string text)
    {
        int done = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (!TryMatch(text, at, out AddedToken? token, out int length))
            {
                continue;
            }

            int start = at, end = at + length;
            at = end - 1;
            if (token!.IsSingleWord && (EndsInWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(end))))
            {
                continue;
            }

            if (token.StripsLeft)
            {
                start = Math.Max(done, text.AsSpan(0, start).TrimEnd().Length);
            }

            if (token.StripsRight)
            {
                end = text.Length - text.AsSpan(end).TrimStart().Length;
                at = end - 1;
            }

            if (start > done)
            {
                yield return (done, start, null);
            }

            yield return (start, end, token.Id);
            done = end;
        }

        if (done < text.Length)
        {
            yield return (done, text.Length, null);
        }
    }

    private bool TryMatch(string text, int at, out AddedToken? token, out int length)
    {
        if (_byFirst.TryGetValue(text[at], out (string Text, AddedToken Token)[]? candidates))
        {
            foreach ((string content, AddedToken candidate) in candidates)
            {
                if (text.AsSpan(at).StartsWith(content))
                {
                    (token, length) = (candidate, content.Length);
                    return true;
                }
            }
        }

        (token, length) = (null, 0);
        return false;
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && CharacterRules.IsWord(rune);

    private static bool EndsInWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && CharacterRules.IsWord(rune);
}
