
namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Checks what requests bring; every refusal names the parameter, and the setting that drew the line.</summary>
internal static class Parameters
{
    private const int MaxNameLength = 128;

    /// <summary>The number of items asked for, in [1, server:maxTop].</summary>
    public static int Limit(string parameter, int? value, int standard, ServerOptions options)
    {
        int limit = value ?? Math.Min(standard, options.MaxTop);
        return limit < 1
            ? throw RequestException.Invalid(parameter, $"{parameter} is {limit}; it must be at least 1.")
            : limit > options.MaxTop ? throw RequestException.OverLimit(parameter, "server:maxTop", options.MaxTop, limit) : limit;
    }

    /// <summary>A parameter that must be there.</summary>
    public static string Required(string parameter, string? value) =>
        string.IsNullOrEmpty(value) ? throw RequestException.Invalid(parameter, $"The parameter '{parameter}' is missing.") : value;

    /// <summary>The filter of a request, or null.</summary>
    public static Filter? ParseFilter(string? expression, ServerOptions options)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return null;
        }

        if (expression.Length > options.MaxQueryLength)
        {
            throw RequestException.OverLimit("filter", "server:maxQueryLength", options.MaxQueryLength, expression.Length);
        }

        try
        {
            return Filter.Parse(expression);
        }
        catch (Exception e) when (e is FilterSyntaxException or ArgumentException)
        {
            throw RequestException.Invalid("filter", e.Message);
        }
    }

    /// <summary>A number in [0, 1]; 0 where there is none.</summary>
    public static double Share(string parameter, double? value) => value is null or (>= 0 and <= 1)
        ? value ?? 0
        : throw RequestException.Invalid(parameter, $"{parameter} is {value}; it must be in [0, 1].");

    /// <summary>The parts of a list with commas between them.</summary>
    public static IReadOnlyList<string> List(string? value) =>
        (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A value of an enumeration by its lower-case name, or null when there is none.</summary>
    public static TEnum? Name<TEnum>(string parameter, string? value)
        where TEnum : struct, Enum
    {
        if (value is null)
        {
            return null;
        }

        foreach (TEnum known in Enum.GetValues<TEnum>())
        {
            if (known.ToString().Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        string names = string.Join(", ", Enum.GetNames<TEnum>().Select(name => name.ToLowerInvariant()));
        throw RequestException.Invalid(parameter, $"{parameter} is '{value}'; it must be one of {names}.");
    }

    /// <summary>The names of models and of profiles, each known. A path is none: it would let a caller make the server read any
    /// folder.</summary>
    public static IReadOnlyList<string> CheckModels(IReadOnlyList<string> names, Library library)
    {
        foreach (string name in names.Where(name => !ModelProfiles.Names.Contains(name)
            && library.ListModels().All(model => model.Contract?.Name != name)))
        {
            throw RequestException.Invalid("models", $"There is no usable model '{name}'; GET /v1/models lists them; {string.Join(" and ", ModelProfiles.Names)} stand for several.");
        }

        return names;
    }

    /// <summary>Refuses a space that the collection does not have.</summary>
    public static void CheckSpace(Collection store, string space)
    {
        if (store.Spaces.All(known => known.Name != space))
        {
            throw RequestException.NotFound("unknown-space",
                $"There is no space '{space}'; the collection has {string.Join(", ", store.Spaces.Select(known => known.Name))}.");
        }
    }

    /// <summary>True for what may be a folder of its own.</summary>
    public static bool IsCollectionName(string name) => name.Length is > 0 and <= MaxNameLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>Refuses a name that could not be a folder of its own.</summary>
    public static void CheckCollectionName(string name)
    {
        if (!IsCollectionName(name))
        {
            throw RequestException.Invalid("collection",
                $"'{name}' is no name for a collection: up to {MaxNameLength} letters, digits, '-', '_' and '.', beginning with a letter or digit.");
        }
    }
}
