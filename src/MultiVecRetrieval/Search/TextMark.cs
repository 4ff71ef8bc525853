namespace MultiVecRetrieval.Search;

/// <summary>A place of a text at which a clause is met.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Offset">Start in UTF-16 units.</param>
/// <param name="Length">Length in UTF-16 units.</param>
internal readonly record struct TextMark(TextClause Clause, int Offset, int Length);
