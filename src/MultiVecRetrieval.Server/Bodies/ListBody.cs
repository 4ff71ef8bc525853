namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A part of a list.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="Next">Give it as <c>after</c> to get the following items; null at the end.</param>
public sealed record ListBody<T>(IReadOnlyList<T> Items, string? Next = null)
{
    /// <summary>Maps items of which one more than <paramref name="limit"/> was asked for.</summary>
    internal static ListBody<T> From<TItem>(IReadOnlyList<TItem> items, int limit, Func<TItem, T> map, Func<TItem, string> key) =>
        new([.. items.Take(limit).Select(map)], items.Count > limit ? key(items[limit - 1]) : null);
}
