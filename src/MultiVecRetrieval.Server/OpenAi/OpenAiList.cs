namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Pages of lists as OpenAI's clients walk them: by the id of the last item, newest first unless asked otherwise.</summary>
internal static class OpenAiList
{
    private const int StandardLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>A page.</summary>
    /// <param name="items">All items, oldest first.</param>
    /// <param name="idOf">The id of an item.</param>
    /// <param name="toBody">What is shown of it.</param>
    /// <param name="after">The id of the item before the page; null for the first.</param>
    /// <param name="before">The id of the item behind the page; null for none.</param>
    /// <param name="limit">Items of a page.</param>
    /// <param name="order">asc or desc.</param>
    public static object Page<T>(
        IReadOnlyList<T> items, Func<T, string> idOf, Func<T, object> toBody, string? after, string? before, int? limit, string? order)
    {
        int count = limit ?? StandardLimit;
        if (count is < 1 or > MaxLimit)
        {
            throw RequestException.Invalid("limit", $"limit is {count}; it must be in [1, {MaxLimit}].");
        }

        T[] all = order switch
        {
            null or "desc" => [.. items.Reverse()],
            "asc" => [.. items],
            _ => throw RequestException.Invalid("order", $"order is '{order}'; it must be asc or desc."),
        };
        int start = after is null ? 0 : Find("after", after) + 1;
        int end = before is null ? all.Length : Find("before", before);

        // Before an item stand those that are next to it.
        start = before is not null && after is null ? Math.Max(start, end - count) : start;
        T[] page = [.. all.Take(end).Skip(start).Take(count)];
        return new
        {
            @object = "list",
            data = page.Select(toBody).ToArray(),
            first_id = page.Length > 0 ? idOf(page[0]) : null,
            last_id = page.Length > 0 ? idOf(page[^1]) : null,
            has_more = start + page.Length < end,
        };

        int Find(string name, string id)
        {
            int found = Array.FindIndex(all, item => idOf(item) == id);
            return found >= 0 ? found : throw RequestException.Invalid(name, $"{name} is '{id}', which is not in the list.");
        }
    }
}
