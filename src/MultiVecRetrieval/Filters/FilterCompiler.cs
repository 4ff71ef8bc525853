using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Filters;

/// <summary>Turns a filter into SQL; every value becomes a parameter.</summary>
internal sealed class FilterCompiler
{
    /// <summary>SQLite's own limits are 1,000 levels of an expression and 32,766 parameters; these stay well below.</summary>
    private const int MaxDepth = 200;
    private const int MaxConditions = 2000;

    private static readonly UnicodeNormalizer Composed = new(NormalizationForm.FormC);
    private static readonly UnicodeNormalizer Decomposed = new(NormalizationForm.FormD);

    private readonly StringBuilder _sql = new();
    private readonly List<object?> _parameters = [];
    private readonly int _firstParameter;
    private readonly DateTimeOffset _now;
    private int _conditionCount;

    private FilterCompiler(int firstParameter, DateTimeOffset now) => (_firstParameter, _now) = (firstParameter, now);

    /// <summary>Compiles <paramref name="filter"/>; null passes everything.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="firstParameter">The number of the first parameter that is free.</param>
    /// <param name="now">What <c>now</c> means. Null, the default: the time of the call.</param>
    /// <exception cref="SearchOptionException">A comparison makes no sense, or the filter is too large.</exception>
    public static SqlCondition Compile(Filter? filter, int firstParameter, DateTimeOffset? now = null)
    {
        FilterCompiler compiler = new(firstParameter, now ?? DateTimeOffset.UtcNow);
        compiler.Append(filter ?? new AndFilter([]), depth: 0);
        return new SqlCondition(compiler._sql.ToString(), compiler._parameters);
    }

    private void Append(Filter filter, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new SearchOptionException("filter", $"The filter has more than {MaxDepth} levels.");
        }

        if (filter is not (AndFilter or OrFilter or NotFilter or InFilter) && ++_conditionCount > MaxConditions)
        {
            throw new SearchOptionException("filter", $"The filter has more than {MaxConditions} conditions.");
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
            case InFilter { Field: "key" or "document" or "path" } list when list.Values.All(value => value.Value is string):
                // Keys that another step found; one parameter holds any number of them. As they are compared with an index, the forms
                // that a key may be stored in are listed.
                _sql.Append(list.Field == "key" ? "e.key" : "d.key").Append(" IN (SELECT value FROM json_each(")
                    .Append(Parameter(JsonSerializer.Serialize(list.Values.SelectMany(value => FormsOf((string)value.Value))))).Append("))");
                break;
            case InFilter list:
                Filter[] comparisons = [.. list.Values.Select(value => new ComparisonFilter(list.Field, Comparison.Equal, value))];
                AppendParts(comparisons, 0, comparisons.Length, " OR ", "0", depth);
                break;
            case ExistsFilter exists:
                AppendExists(exists);
                break;
            case NearFilter near:
                CheckProblem(near, FilterFields.FindProblem(near));
                AppendPlace(near.Field, (latitude, longitude) =>
                    $"kilometers({latitude}, {longitude}, {Parameter(near.Latitude)}, {Parameter(near.Longitude)}) <= "
                    + Parameter(near.Kilometers));
                break;
            case WithinFilter within:
                CheckProblem(within, FilterFields.FindProblem(within));
                AppendPlace(within.Field, (latitude, longitude) =>
                    $"{latitude} BETWEEN {Parameter(within.South)} AND {Parameter(within.North)} "
                    + $"AND ({longitude} >= {Parameter(within.West)} {(within.West <= within.East ? "AND" : "OR")} {longitude} <= {Parameter(within.East)})");
                break;
        }
    }

    private static string[] FormsOf(string text) =>
        Ascii.IsValid(text) ? [text] : [text, Composed.Normalize(text), Decomposed.Normalize(text)];

    private static void CheckProblem(Filter filter, string? problem)
    {
        if (problem is not null)
        {
            throw new SearchOptionException("filter", $"Filter '{filter}': expected {problem}.");
        }
    }

    private static FilterField FindField(Filter filter, string name) => FilterField.Find(name)
        ?? throw new SearchOptionException("filter", $"Filter '{filter}': expected {FilterField.Known}.");

    private void AppendExists(ExistsFilter filter)
    {
        FilterField field = FindField(filter, filter.Field);
        _sql.Append(field.Column is { } column
            ? $"({column} IS NOT NULL AND {column} <> '')"
            : $"EXISTS (SELECT 1 FROM {field.Rows} m WHERE {field.Link} {Parameter(field.StoredName)})");
    }

    // Where there are several places, the latitude and the longitude of the same one count.
    private void AppendPlace(string? field, Func<string, string, string> condition)
    {
        _sql.Append("EXISTS (SELECT 1 FROM metadata a JOIN metadata o ON o.document = a.document AND o.ordinal = a.ordinal ")
            .Append("WHERE a.document = d.id AND a.name = ").Append(Parameter(field is null ? "latitude" : $"{field}.lat"))
            .Append(" AND o.name = ").Append(Parameter(field is null ? "longitude" : $"{field}.lon"))
            .Append(" AND typeof(a.value) <> 'text' AND typeof(o.value) <> 'text' AND ")
            .Append(condition("a.value", "o.value")).Append(')');
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
        CheckProblem(filter, FilterFields.FindProblem(filter));

        // Missing values make SQL answer "unknown"; IS TRUE makes that false, and != the exact opposite of =.
        if (filter.Comparison == Comparison.NotEqual)
        {
            _sql.Append("(NOT ");
            AppendComparison(filter with { Comparison = Comparison.Equal });
            _sql.Append(')');
            return;
        }

        FilterField field = FindField(filter, filter.Field);
        _sql.Append("((");
        switch (field)
        {
            case { Kind: FieldKind.MediaType }:
                _ = FilterFields.TryParseType(filter.Value, out MediaType type);
                _sql.Append(field.Column).Append(" = ").Append(Parameter((long)type));
                break;
            case { Kind: FieldKind.Date, Column: { } column }:
                AppendDate(column, filter);
                break;
            case { Column: { } column }:
                AppendOperator(column, filter);
                break;
            default:
                AppendStored(field, filter);
                break;
        }

        _sql.Append(") IS TRUE)");
    }

    // Text is compared composed (NFC): file names come decomposed from some systems, and nobody sees the difference. What equals ASCII
    // needs no composing, so that an index finds it.
    private void AppendOperator(string column, ComparisonFilter filter)
    {
        object value = filter.Value.Value;
        if (filter.Comparison == Comparison.Contains)
        {
            _sql.Append("instr(fold(").Append(column).Append("), ").Append(Parameter(TextFolding.Fold((string)value))).Append(") > 0");
            return;
        }

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

    private void AppendDate(string column, ComparisonFilter filter)
    {
        _ = FilterFields.TryParseDate(filter.Value, _now, out DateInterval interval);
        _sql.Append(filter.Comparison switch
        {
            Comparison.Equal => $"{column} >= {Parameter(interval.Start)} AND {column} < {Parameter(interval.End)}",
            Comparison.Less => $"{column} < {Parameter(interval.Start)}",
            Comparison.LessOrEqual => $"{column} < {Parameter(interval.End)}",
            Comparison.Greater => $"{column} >= {Parameter(interval.End)}",
            _ => $"{column} >= {Parameter(interval.Start)}",
        });
    }

    // Values of another kind than the stored one do not compare: text "7" is neither equal to nor less than the number 7.
    private void AppendStored(FilterField field, ComparisonFilter filter)
    {
        _sql.Append("EXISTS (SELECT 1 FROM ").Append(field.Rows).Append(" m WHERE ").Append(field.Link).Append(' ')
            .Append(Parameter(field.StoredName)).Append(" AND ");
        bool isOrder = filter.Comparison is Comparison.Less or Comparison.LessOrEqual or Comparison.Greater or Comparison.GreaterOrEqual;
        if (field.Kind == FieldKind.Date || (isOrder && filter.Value.Value is string word && IsDate(word)))
        {
            AppendDate("ticks(m.value)", filter);
            _sql.Append(')');
            return;
        }

        string kind = filter.Value.Value switch
        {
            string => "typeof(m.value) = 'text'",
            bool => "m.is_bool = 1",
            _ => "m.is_bool = 0 AND typeof(m.value) <> 'text'",
        };
        _sql.Append(kind).Append(" AND ");
        AppendOperator("m.value", filter);
        _sql.Append(')');
    }

    // A year or a month alone may be any text.
    private static bool IsDate(string text) =>
        DateWords.IsMatch(text) || (text.Length >= "2024-05-31".Length && DateInterval.TryParse(text, out _));

    private string Parameter(object value)
    {
        _parameters.Add(value);
        return $"${_firstParameter + _parameters.Count - 1}";
    }
}
