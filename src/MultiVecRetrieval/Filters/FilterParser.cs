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

    private Filter ParseComparison()
    {
        SkipSpace();
        int fieldPosition = _position;
        string field = ReadField();
        if (field is "near" or "within" && TrySymbol("("))
        {
            return ParsePlace(field, fieldPosition);
        }

        if (FilterField.Find(field) is null)
        {
            throw Error(fieldPosition, FilterField.Known);
        }

        if (TryKeyword("exists"))
        {
            return new ExistsFilter(field);
        }

        if (TryKeyword("not"))
        {
            return TryKeyword("in") ? new NotFilter(ParseList(field)) : throw Error(_position, "in");
        }

        return TryKeyword("in") ? ParseList(field) : ParseComparison(field);
    }

    private string ReadField()
    {
        string field = ReadWord();
        return field == FilterField.MetadataPrefix && Peek() is '"' or '\'' ? field + ReadQuoted() : field;
    }

    private InFilter ParseList(string field)
    {
        if (!TrySymbol("("))
        {
            throw Error(_position, "( and values");
        }

        List<MetadataValue> values = [];
        do
        {
            SkipSpace();
            int position = _position;
            values.Add(ReadValue());
            if (FilterFields.FindProblem(new ComparisonFilter(field, Comparison.Equal, values[^1])) is { } problem)
            {
                throw Error(position, problem);
            }
        }
        while (TrySymbol(","));
        return TrySymbol(")") ? new InFilter(field, values) : throw Error(_position, ", or )");
    }

    private Filter ParsePlace(string name, int start)
    {
        SkipSpace();
        int fieldPosition = _position;
        string? field = null;
        if (Peek() is 'm')
        {
            field = ReadField();
            field = field.StartsWith(FilterField.MetadataPrefix, StringComparison.Ordinal) && TrySymbol(",")
                ? field[FilterField.MetadataPrefix.Length..]
                : throw Error(fieldPosition, "meta.NAME, or a latitude");
        }

        double[] numbers = new double[name == "near" ? 3 : 4];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (i > 0 && !TrySymbol(","))
            {
                throw Error(_position, ",");
            }

            SkipSpace();
            int position = _position;
            numbers[i] = ReadValue().Value is double number ? number : throw Error(position, "a number");
        }

        if (!TrySymbol(")"))
        {
            throw Error(_position, ")");
        }

        Filter filter;
        string? problem;
        if (name == "near")
        {
            NearFilter near = new(numbers[0], numbers[1], numbers[2], field);
            (filter, problem) = (near, FilterFields.FindProblem(near));
        }
        else
        {
            WithinFilter within = new(numbers[0], numbers[1], numbers[2], numbers[3], field);
            (filter, problem) = (within, FilterFields.FindProblem(within));
        }

        return problem is null ? filter : throw Error(start, problem);
    }

    private ComparisonFilter ParseComparison(string field)
    {
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

        return TryKeyword("like") ? Comparison.Like
            : TryKeyword("contains") ? Comparison.Contains
            : throw Error(_position, "=, !=, <, <=, >, >=, like, contains, in or exists");
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
