using System.Globalization;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The arguments of one reduction as written: <c>first,name=value,…</c>; every one must be asked for, or it is an error.</summary>
internal sealed class ReductionArguments
{
    private readonly string _spec;
    private readonly string _usage;
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);
    private string? _first;

    public ReductionArguments(string spec, string arguments, string usage)
    {
        _spec = spec;
        _usage = usage;
        foreach (string argument in arguments.Length == 0 ? [] : arguments.Split(','))
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && _first is null && _named.Count == 0 && argument.Length > 0)
            {
                _first = argument;
            }
            else if (equals <= 0 || !_named.TryAdd(argument[..equals], argument[(equals + 1)..]))
            {
                throw Refuse($"'{argument}' is out of place");
            }
        }
    }

    /// <summary>True when the argument without a name, or that of <paramref name="name"/>, was not taken yet.</summary>
    public bool Has(string? name = null) => name is null ? _first is not null : _named.ContainsKey(name);

    /// <summary>The number of an argument, of the first one without <paramref name="name"/>; <paramref name="missing"/> when it is not
    /// there.</summary>
    public double TakeNumber(string? name, double minimum, double maximum, double? missing = null)
    {
        if (Take(name) is not { } text)
        {
            return missing ?? throw Refuse(name is null ? "it lacks its argument" : $"it lacks {name}");
        }

        if (!TryParse(text, out double value) || !(value >= minimum && value <= maximum))
        {
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"'{text}' is no number from {minimum} to {maximum}"));
        }

        return value;
    }

    /// <summary>A whole number; see <see cref="TakeNumber"/>.</summary>
    public int TakeCount(string? name, int minimum, int? missing = null)
    {
        double value = TakeNumber(name, minimum, int.MaxValue, missing);
        return value == Math.Floor(value) ? (int)value : throw Refuse($"{name ?? "its argument"} is a whole number");
    }

    /// <summary><c>N%</c> or a factor, and <c>max=rows</c>; one of them is enough.</summary>
    public RowBudget TakeBudget()
    {
        int max = TakeCount("max", 1, int.MaxValue);
        if (_first?.EndsWith('%') == true)
        {
            _first = _first[..^1];
            double percent = TakeNumber(null, 0, 100);
            return percent > 0 ? new RowBudget(1, percent / 100, max) : throw Refuse("a share is above 0 %");
        }

        return new RowBudget(TakeNumber(null, 1, int.MaxValue, max < int.MaxValue ? 1 : null), 0, max);
    }

    /// <summary>One of <paramref name="choices"/>, by name; the first when it is not there.</summary>
    public T TakeChoice<T>(string name, params (string Name, T Value)[] choices)
    {
        if (Take(name) is not { } text)
        {
            return choices[0].Value;
        }

        foreach ((string known, T value) in choices)
        {
            if (known == text)
            {
                return value;
            }
        }

        throw Refuse($"{name} is one of {string.Join(", ", choices.Select(choice => choice.Name))}");
    }

    /// <summary>Throws when an argument is left that nobody asked for.</summary>
    public void CheckAllTaken()
    {
        if (_first is not null || _named.Count > 0)
        {
            throw Refuse($"it has no '{_first ?? _named.Keys.First()}'");
        }
    }

    public SpecException Refuse(string reason) => new("reduction", _spec, $"{reason}. It is written {_usage}.");

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private string? Take(string? name)
    {
        string? text = _first;
        if (name is null)
        {
            _first = null;
            return text;
        }

        return _named.Remove(name, out text) ? text : null;
    }
}
