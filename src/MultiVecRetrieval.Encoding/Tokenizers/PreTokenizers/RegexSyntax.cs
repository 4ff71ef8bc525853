using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Translates regular expressions from Oniguruma's Ruby syntax, which tokenizer.json uses, to .NET's.</summary>
/// <remarks>
/// Possessive quantifiers become atomic groups, \u{…} a character, and \w Oniguruma's word characters. What the two read differently and no
/// translation is known for (set intersections, nested sets, POSIX classes, literals beyond U+FFFF) is refused.
/// </remarks>
internal static class RegexSyntax
{
    // Oniguruma's word characters: alphabetic, marks, decimal digits, connectors, and by its Latin-1 table six superscripts and fractions.
    private const string WordClass = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9\u00B2\u00B3\u00B9\u00BC-\u00BE";

    /// <exception cref="FormatException">The pattern uses a construct that is not supported; it is named.</exception>
    public static string Translate(string pattern)
    {
        StringBuilder result = new(pattern.Length + 16);
        Stack<int> groups = new();
        int atomStart = 0;
        for (int i = 0; i < pattern.Length;)
        {
            char c = pattern[i];
            switch (c)
            {
                case '(':
                    groups.Push(result.Length);
                    atomStart = result.Length;
                    result.Append(c);
                    i++;
                    break;
                case ')':
                    atomStart = groups.Count > 0 ? groups.Pop() : throw new FormatException($"pattern {pattern} has an unmatched )");
                    result.Append(c);
                    i++;
                    break;
                case '[':
                    atomStart = result.Length;
                    i = AppendSet(pattern, i, result);
                    break;
                case '?' or '*' or '+' when i + 1 < pattern.Length && pattern[i + 1] == '+' && !IsGroupMark(pattern, i):
                    result.Insert(atomStart, "(?>").Append(c).Append(')');
                    i += 2;
                    break;
                case '?' or '*' or '+' or '|':
                    result.Append(c);
                    i++;
                    break;
                case '{':
                    int end = pattern.IndexOf('}', i);
                    end = end < 0 ? i : end;
                    result.Append(pattern, i, end + 1 - i);
                    i = end + 1;
                    if (i < pattern.Length && pattern[i] == '+')
                    {
                        // After an interval a plus repeats it, it is not possessive.
                        result.Insert(atomStart, "(?:").Append(")+");
                        i++;
                    }

                    break;
                default:
                    atomStart = result.Length;
                    i = AppendCharacter(pattern, i, result);
                    break;
            }
        }

        return result.ToString();
    }

    private static bool IsGroupMark(string pattern, int index)
        => index > 0 && pattern[index - 1] == '(' && (index < 2 || pattern[index - 2] != '\\');

    private static int AppendSet(string pattern, int start, StringBuilder result)
    {
        int i = start + 1;
        result.Append('[');
        if (i < pattern.Length && pattern[i] == '^')
        {
            result.Append('^');
            i++;
        }

        for (bool first = true; i < pattern.Length && (first || pattern[i] != ']'); first = false)
        {
            if (pattern[i] == '[' || pattern.AsSpan(i).StartsWith("&&"))
            {
                throw new FormatException($"pattern {pattern} has a nested or intersected set, which is not supported");
            }

            // .NET reads "-[" as a subtraction; an opening bracket cannot follow here.
            i = AppendCharacter(pattern, i, result, insideSet: true);
        }

        result.Append(']');
        return i < pattern.Length ? i + 1 : throw new FormatException($"pattern {pattern} has a set without an end");
    }

    private static int AppendCharacter(string pattern, int i, StringBuilder result, bool insideSet = false)
    {
        char c = pattern[i];
        if (char.IsSurrogate(c))
        {
            throw new FormatException($"pattern {pattern} names a character beyond U+FFFF, which is not supported");
        }

        if (c != '\\' || i + 1 >= pattern.Length)
        {
            result.Append(c);
            return i + 1;
        }

        char escaped = pattern[i + 1];
        switch (escaped)
        {
            case 'h' or 'H' or 'R' or 'X' or 'K':
                throw new FormatException($"pattern {pattern} uses \\{escaped}, which is not supported");
            case 'w':
                result.Append(insideSet ? WordClass : $"[{WordClass}]");
                return i + 2;
            case 'W' when !insideSet:
                result.Append(CultureInfo.InvariantCulture, $"[^{WordClass}]");
                return i + 2;
            case 'W':
                throw new FormatException($"pattern {pattern} has \\W inside a set, which is not supported");
            case 'u' or 'x' when i + 2 < pattern.Length && pattern[i + 2] == '{':
                int close = pattern.IndexOf('}', i);
                int value = close > 0
                    && int.TryParse(pattern.AsSpan(i + 3, close - i - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out int hex)
                    ? hex
                    : throw new FormatException($"pattern {pattern} has a malformed \\{escaped}{{…}}");
                if (value > 0xFFFF)
                {
                    throw new FormatException($"pattern {pattern} names a character beyond U+FFFF, which is not supported");
                }

                result.Append(CultureInfo.InvariantCulture, $"\\u{value:X4}");
                return close + 1;
            case 'p' or 'P' when i + 2 < pattern.Length && pattern[i + 2] == '{':
                // The name is copied whole, so that its braces are not taken for an interval; \p{^L} is \P{L}.
                int brace = pattern.IndexOf('}', i);
                bool negated = i + 3 < pattern.Length && pattern[i + 3] == '^';
                string name = brace > 0
                    ? pattern[(negated ? i + 4 : i + 3)..brace]
                    : throw new FormatException($"pattern {pattern} has an open \\{escaped}{{");
                result.Append('\\').Append(negated == (escaped == 'p') ? 'P' : 'p').Append('{').Append(name).Append('}');
                return brace + 1;
            default:
                result.Append(c).Append(escaped);
                return i + 2;
        }
    }
}
