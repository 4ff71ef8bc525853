using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Filters;

/// <summary>Recursive descent over <c>or := and {or and}; and := not {and not}; not := "not" not | "(" or ")" | comparison</c>.</summary>
internal sealed class FilterParser(string expression)
{
    /// <summary>Deeper nesting than anyone writes; bounds the stack.</summary>
    private const int MaxDepth = 200;

    private int _position;
    private int _depth;

    public Filter Parse()
    {
        Filter filter = ParseOr();
        SkipSpace();
        return _position == expression.Length ? filter : throw Error(_position, "and, or, or the end");
    }

    private Filter ParseOr()
    {
        List<Filter> parts = [ParseAnd()];
        while (TryKeyword("or"))
        {
            parts.Add(ParseAnd());
        }

        return parts.Count == 1 ? parts[0] : new OrFilter(parts);
    }

    private Filter ParseAnd()
    {
        List<Filter> parts = [ParseNot()];
        while (TryKeyword("and"))
        {
            parts.Add(ParseNot());
        }

        return parts.Count == 1 ? parts[0] : new AndFilter(parts);
    }

    private Filter ParseNot()
    {
        SkipSpace();
        if (++_depth > MaxDepth)
        {
            throw Error(_position, $"at most {MaxDepth} levels of not and parentheses");
        }

        try
        {
            if (TryKeyword("not"))
            {
                return new NotFilter(ParseNot());
            }

            return TrySymbol("(") ? ParseGroup() : ParseComparison();
        }
        finally
        {
            _depth--;
        }
    }

    private Filter ParseGroup()
    {
        Filter inner = ParseOr();
        return TrySymbol(")") ? inner : throw Error(_position, "and, or, or )");
    }

    private ComparisonFilter ParseComparison()
    {
        SkipSpace();
        int fieldPosition = _position;
        string field = ReadWord();
        if (field == FilterFields.MetadataPrefix && Peek() is '"' or '\'')
        {
            field += ReadQuoted();
        }

        if (!FilterFields.IsKnown(field))
        {
            throw Error(fieldPosition, FilterFields.Known);
        }

        SkipSpace();
        int comparisonPosition = _position;
        Comparison comparison = ReadComparison();
        SkipSpace();
        int valuePosition = _position;
        ComparisonFilter filter = new(field, comparison, ReadValue());
        if (FilterFields.FindProblem(filter) is { } problem)
        {
            throw Error(problem.StartsWith("= or", StringComparison.Ordinal)
                || problem.StartsWith("a comparison", StringComparison.Ordinal) ? comparisonPosition : valuePosition, problem);
        }

        return filter;
    }

    private Comparison ReadComparison()
    {
        // Two characters before one, so that <= is not read as <.
        if (TrySymbol("!="))
        {
            return Comparison.NotEqual;
        }

        if (TrySymbol("<="))
        {
            return Comparison.LessOrEqual;
        }

        if (TrySymbol(">="))
        {
            return Comparison.GreaterOrEqual;
        }

        if (TrySymbol("="))
        {
            return Comparison.Equal;
        }

        if (TrySymbol("<"))
        {
            return Comparison.Less;
        }

        if (TrySymbol(">"))
        {
            return Comparison.Greater;
        }

        return TryKeyword("like") ? Comparison.Like : throw Error(_position, "=, !=, <, <=, >, >= or like");
    }

    private MetadataValue ReadValue()
    {
        if (Peek() is '"' or '\'')
        {
            return ReadQuoted();
        }

        int start = _position;
        string word = ReadWord();
        if (word.Length == 0 || IsKeyword(word))
        {
            throw Error(start, "a value");
        }

        // What double would also read but nobody means as a number ("Infinity", "NaN") stays a word.
        if ((char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.')
            && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number))
        {
            return number;
        }

        return word switch
        {
            "true" => true,
            "false" => false,
            _ => word,
        };
    }

    private string ReadQuoted()
    {
        int start = _position;
        char quote = expression[_position++];
        StringBuilder text = new();
        while (_position < expression.Length && expression[_position] != quote)
        {
            if (expression[_position] == '\\' && _position + 1 < expression.Length && expression[_position + 1] is '\\' or '"' or '\'')
            {
                _position++;
            }

            text.Append(expression[_position++]);
        }

        if (_position == expression.Length)
        {
            throw Error(start, $"text that ends with {quote}");
        }

        _position++;
        return text.ToString();
    }

    private string ReadWord()
    {
        int start = _position;
        while (_position < expression.Length && FilterFields.IsWordCharacter(expression[_position]))
        {
            _position++;
        }

        return expression[start.._position];
    }

    private bool TryKeyword(string keyword)
    {
        SkipSpace();
        int start = _position;
        if (string.Equals(ReadWord(), keyword, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        _position = start;
        return false;
    }

    private bool TrySymbol(string symbol)
    {
        SkipSpace();
        if (string.CompareOrdinal(expression, _position, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        _position += symbol.Length;
        return true;
    }

    private static bool IsKeyword(string word) =>
        word.Equals("and", StringComparison.OrdinalIgnoreCase) || word.Equals("or", StringComparison.OrdinalIgnoreCase)
        || word.Equals("not", StringComparison.OrdinalIgnoreCase) || word.Equals("like", StringComparison.OrdinalIgnoreCase);

    private char? Peek() => _position < expression.Length ? expression[_position] : null;

    private void SkipSpace()
    {
        while (_position < expression.Length && char.IsWhiteSpace(expression[_position]))
        {
            _position++;
        }
    }

    private FilterSyntaxException Error(int position, string expected) => new(
        position, expected, position >= expression.Length
            ? "the end"
            : $"'{expression[position..Math.Min(expression.Length, position + 20)]}'");
}
