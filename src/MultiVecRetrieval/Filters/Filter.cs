using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>A condition on entries, applied before anything is scored.</summary>
/// <remarks>
/// Fields: <c>type</c> (image, page, video, text or record), <c>path</c> and <c>document</c> (the document's key), <c>key</c> (the
/// entry's), <c>folder</c> and <c>extension</c> of the path, <c>title</c>, <c>contentType</c>, <c>date</c> (modification time),
/// <c>indexed</c> (when it was committed), <c>page</c>, <c>width</c>, <c>height</c>, <c>duration</c> (seconds), <c>size</c> (bytes of the
/// file), <c>meta.NAME</c>, <c>attribute.NAME</c> (values of an <see cref="AttributeDefinition"/>), and of the metadata that files bring <c>taken</c>, <c>created</c>, <c>camera</c>, <c>author</c>, <c>place</c>,
/// <c>tags</c> and <c>keywords</c>; <c>year</c> is that of <c>taken</c>, else of <c>created</c>, else of <c>date</c>. Dates are
/// ISO 8601, a year, month or day standing for all of it, or <c>now</c> or <c>today</c>, also <c>now-12h</c>, <c>today-30d</c> (hours,
/// days, weeks, months, years; UTC). A comparison with a field that an entry does not have is false, but <c>!=</c> is always the opposite
/// of <c>=</c>; with a list it is true where it is for any element. Of <c>meta.NAME</c> order is compared as dates where the value is a
/// day or less, <c>now</c> or <c>today</c>.
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

    /// <summary>True where the field has one of the values.</summary>
    public static Filter In(string field, params MetadataValue[] values) => new InFilter(field, values);

    /// <summary>True where the field has a value.</summary>
    public static Filter Exists(string field) => new ExistsFilter(field);

    /// <summary>
    /// Reads an expression such as <c>type = page and (page &gt;= 3 or path like "a/*") and not meta.lang = "de"</c>.
    /// </summary>
    /// <remarks>
    /// Comparisons: = != &lt; &lt;= &gt; &gt;= like contains, <c>FIELD in (a, b)</c>, <c>FIELD not in (a, b)</c>, <c>FIELD exists</c>, and
    /// of places <c>near(LATITUDE, LONGITUDE, KILOMETERS)</c> and <c>within(SOUTH, WEST, NORTH, EAST)</c>, both with <c>meta.FIELD,</c>
    /// first for other places than those of pictures. Values: "text" or 'text' with \ before a quote or a backslash, a word, a number, true
    /// or false, a date. <c>not</c> binds closest, then <c>and</c>, then <c>or</c>; words of the language in lower or upper case.
    /// </remarks>
    /// <exception cref="FilterSyntaxException">The expression is no filter; says where and what was expected.</exception>
    public static Filter Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new FilterParser(expression).Parse();
    }
}
