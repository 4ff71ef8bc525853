using System.Text;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Ingestion.Walking;

/// <summary>
/// A path pattern: <c>*</c> any run within a name, <c>**</c> any run across folders, <c>?</c> one character. Without a '/' it is
/// matched against the name alone, at any depth; with one, against the whole path relative to the root. A pattern that matches a
/// folder leaves out everything in it.
/// </summary>
internal sealed class GlobPattern
{
    private readonly Regex _regex;
    private readonly bool _matchesName;

    public GlobPattern(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Text = text;
        string pattern = text.TrimEnd('/');
        _matchesName = !pattern.Contains('/', StringComparison.Ordinal);
        // Without backtracking the time is linear in the path, whatever the pattern.
        _regex = new Regex(
            "^" + Translate(pattern.TrimStart('/')) + "$",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <param name="path">Relative to the root, '/' separated, without a '/' at its end.</param>
    public bool IsMatch(string path) => _regex.IsMatch(_matchesName ? path[(path.LastIndexOf('/') + 1)..] : path);

    private static string Translate(string glob)
    {
        StringBuilder regex = new();
        for (int i = 0; i < glob.Length; i++)
        {
            if (glob.AsSpan(i).StartsWith("**/"))
            {
                // `**/a` also means `a` itself.
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (glob.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(glob[i] switch { '*' => "[^/]*", '?' => "[^/]", char c => Regex.Escape(c.ToString()) });
            }
        }

        return regex.ToString();
    }
}
