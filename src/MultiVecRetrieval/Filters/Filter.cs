using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>A condition on entries, applied before anything is scored.</summary>
/// <remarks>
/// Fields: <c>type</c> (image, page or video), <c>path</c> and <c>document</c> (the document's key), <c>date</c> (modification
/// time, ISO 8601; a year, month or day stands for all of it), <c>page</c>, <c>contentType</c>, <c>meta.NAME</c>. A comparison
/// with a field that an entry does not have is false, but <c>!=</c> is always the opposite of <c>=</c>.
/// <see cref="object.ToString"/> gives the expression that <see cref="Parse"/> reads.
/// </remarks>
public abstract record Filter
{
    private protected Filter()
    {
    }

    /// <summary>True where every part is; true without parts.</summary>
    public static Filter And(params Filter[] parts) => new AndFilter(parts);

    /// <summary>True where any part is; false without parts.</summary>
    public static Filter Or(params Filter[] parts) => new OrFilter(parts);

    /// <summary>True where the part is not.</summary>
    public static Filter Not(Filter part) => new NotFilter(part);

    /// <summary>True where the field has the value.</summary>
    public static Filter Equal(string field, MetadataValue value) => new ComparisonFilter(field, Comparison.Equal, value);

    /// <summary>
    /// Reads an expression such as <c>type = page and (page &gt;= 3 or path like "a/*") and not meta.lang = "de"</c>.
    /// </summary>
    /// <remarks>
    /// Comparisons: = != &lt; &lt;= &gt; &gt;= like. Values: "text" or 'text' with \ before a quote or a backslash, a word, a number, true
    /// or false, a date. <c>not</c> binds closest, then <c>and</c>, then <c>or</c>; words of the language in lower or upper case.
    /// </remarks>
    /// <exception cref="FilterSyntaxException">The expression is no filter; says where and what was expected.</exception>
    public static Filter Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new FilterParser(expression).Parse();
    }
}
