using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>An order of entries by a field; entries without a value come last.</summary>
/// <remarks>Numbers stand before texts, texts in ordinal order; of a list its first element counts.</remarks>
public sealed record EntryOrder
{
    /// <summary>An order by a field.</summary>
    /// <param name="field">One of the fields named at <see cref="Filter"/>.</param>
    /// <param name="isDescending">Largest first.</param>
    /// <exception cref="SearchOptionException">There is no such field.</exception>
    public EntryOrder(string field, bool isDescending = false)
    {
        ArgumentNullException.ThrowIfNull(field);
        Field = FilterField.Find(field) is not null
            ? field
            : throw new SearchOptionException("sort", $"There is no field '{field}' to sort by; there are {FilterField.Known}.");
        IsDescending = isDescending;
    }

    /// <summary>The field.</summary>
    public string Field { get; }

    /// <summary>True where the largest comes first.</summary>
    public bool IsDescending { get; }

    /// <summary>Reads <c>taken</c>, <c>taken asc</c> or <c>taken desc</c>.</summary>
    /// <exception cref="SearchOptionException">The text is no order.</exception>
    public static EntryOrder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string order = text.Trim();
        int space = order.LastIndexOf(' ');
        string direction = space < 0 ? "asc" : order[(space + 1)..];
        return direction is "asc" or "desc"
            ? new EntryOrder(space < 0 ? order : order[..space].TrimEnd(), direction == "desc")
            : throw new SearchOptionException("sort", $"'{text}' is no order: expected a field, and asc or desc after it.");
    }

    /// <summary>The expression that <see cref="Parse"/> reads.</summary>
    public override string ToString() => IsDescending ? $"{Field} desc" : Field;
}
