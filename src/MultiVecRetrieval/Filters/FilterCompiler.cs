using System.Text;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Filters;

/// <summary>Turns a filter into SQL; every value becomes a parameter.</summary>
internal sealed class FilterCompiler
{
    /// <summary>SQLite's own limits are 1,000 levels of an expression and 32,766 parameters; these stay well below.</summary>
    private const int MaxDepth = 200;
    private const int MaxComparisons = 2000;

    private static readonly UnicodeNormalizer Composed = new(NormalizationForm.FormC);

    private readonly StringBuilder _sql = new();
    private readonly List<object?> _parameters = [];
    private readonly int _firstParameter;

    private FilterCompiler(int firstParameter) => _firstParameter = firstParameter;

    /// <summary>Compiles <paramref name="filter"/>; null passes everything.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="firstParameter">The number of the first parameter that is free.</param>
    /// <exception cref="ArgumentException">A comparison makes no sense, or the filter is too large.</exception>
    public static SqlCondition Compile(Filter? filter, int firstParameter)
    {
        FilterCompiler compiler = new(firstParameter);
        compiler.Append(filter ?? new AndFilter([]), depth: 0);
        return new SqlCondition(compiler._sql.ToString(), compiler._parameters);
    }

    private void Append(Filter filter, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"The filter has more than {MaxDepth} levels.", nameof(filter));
        }

        switch (filter)
        {
            case AndFilter and:
                AppendParts(and.Parts, 0, and.Parts.Count, " AND ", "1", depth);
                break;
            case OrFilter or:
                AppendParts(or.Parts, 0, or.Parts.Count, " OR ", "0", depth);
                break;
            case NotFilter not:
                _sql.Append("(NOT ");
                Append(not.Part, depth + 1);
                _sql.Append(')');
                break;
            case ComparisonFilter comparison:
                AppendComparison(comparison);
                break;
        }
    }

    // Halves keep a long list as shallow as its logarithm; SQLite counts a chain of ANDs as one level each.
    private void AppendParts(IReadOnlyList<Filter> parts, int start, int end, string word, string empty, int depth)
    {
        if (end - start == 1)
        {
            Append(parts[start], depth + 1);
            return;
        }

        _sql.Append('(');
        if (start == end)
        {
            _sql.Append(empty);
        }
        else
        {
            int middle = (start + end) / 2;
            AppendParts(parts, start, middle, word, empty, depth);
            _sql.Append(word);
            AppendParts(parts, middle, end, word, empty, depth);
        }

        _sql.Append(')');
    }

    private void AppendComparison(ComparisonFilter filter)
    {
        if (FilterFields.FindProblem(filter) is { } problem)
        {
            throw new ArgumentException($"Filter '{filter}': expected {problem}.", nameof(filter));
        }

        if (_parameters.Count > MaxComparisons)
        {
            throw new ArgumentException($"The filter has more than {MaxComparisons} comparisons.", nameof(filter));
        }

        // Missing values make SQL answer "unknown"; IS TRUE makes that false, and != the exact opposite of =.
        if (filter.Comparison == Comparison.NotEqual)
        {
            _sql.Append("(NOT ");
            AppendComparison(filter with { Comparison = Comparison.Equal });
            _sql.Append(')');
            return;
        }

        _sql.Append("((");
        switch (filter.Field)
        {
            case "type":
                _ = FilterFields.TryParseType(filter.Value, out MediaType type);
                _sql.Append("coalesce(e.media_type, d.media_type) = ").Append(Parameter((long)type));
                break;
            case "path" or "document":
                AppendOperator("d.key", filter);
                break;
            case "contentType":
                AppendOperator("d.content_type", filter);
                break;
            case "page":
                AppendOperator("e.page", filter);
                break;
            case "date":
                AppendDate(filter);
                break;
            default:
                AppendMetadata(filter);
                break;
        }

        _sql.Append(") IS TRUE)");
    }

    // Text is compared composed (NFC): file names come decomposed from some systems, and nobody sees the difference. What equals ASCII
    // needs no composing, so that an index finds it.
    private void AppendOperator(string column, ComparisonFilter filter)
    {
        object value = filter.Value.Value;
        if (value is string text)
        {
            column = filter.Comparison == Comparison.Equal && Ascii.IsValid(text) ? column : $"nfc({column})";
            text = Composed.Normalize(text);
            // GLOB has character classes besides * and ?; [[] is how it writes a bracket.
            value = filter.Comparison == Comparison.Like ? text.Replace("[", "[[]", StringComparison.Ordinal) : text;
        }

        string symbol = filter.Comparison == Comparison.Like ? "GLOB" : FilterFields.Print(filter.Comparison);
        _sql.Append(column).Append(' ').Append(symbol).Append(' ').Append(Parameter(value is bool truth ? (truth ? 1L : 0L) : value));
    }

    private void AppendDate(ComparisonFilter filter)
    {
        _ = FilterFields.TryParseDate(filter.Value, out DateInterval interval);
        const string Column = "d.modified_at";
        switch (filter.Comparison)
        {
            case Comparison.Equal:
                _sql.Append(Column).Append(" >= ").Append(Parameter(interval.Start)).Append(" AND ").Append(Column).Append(" < ")
                    .Append(Parameter(interval.End));
                break;
            case Comparison.Less:
                _sql.Append(Column).Append(" < ").Append(Parameter(interval.Start));
                break;
            case Comparison.LessOrEqual:
                _sql.Append(Column).Append(" < ").Append(Parameter(interval.End));
                break;
            case Comparison.Greater:
                _sql.Append(Column).Append(" >= ").Append(Parameter(interval.End));
                break;
            default:
                _sql.Append(Column).Append(" >= ").Append(Parameter(interval.Start));
                break;
        }
    }

    // Values of another kind than the stored one do not compare: text "7" is neither equal to nor less than the number 7.
    private void AppendMetadata(ComparisonFilter filter)
    {
        string kind = filter.Value.Value switch
        {
            string => "typeof(m.value) = 'text'",
            bool => "m.is_bool = 1",
            _ => "m.is_bool = 0 AND typeof(m.value) <> 'text'",
        };
        _sql.Append("EXISTS (SELECT 1 FROM metadata m WHERE m.document = d.id AND m.name = ")
            .Append(Parameter(filter.Field[FilterFields.MetadataPrefix.Length..])).Append(" AND ").Append(kind).Append(" AND ");
        AppendOperator("m.value", filter);
        _sql.Append(')');
    }

    private string Parameter(object value)
    {
        _parameters.Add(value);
        return $"${_firstParameter + _parameters.Count - 1}";
    }
}
