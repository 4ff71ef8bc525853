namespace MultiVecRetrieval.Filters;

/// <summary>A condition over <c>entries e</c> and <c>documents d</c> with its parameters.</summary>
internal sealed record SqlCondition(string Sql, IReadOnlyList<object?> Parameters);
