using System.Globalization;

namespace MultiVecRetrieval.VectorData;

/// <summary>A library in the shapes of Microsoft.Extensions.AI and of what is built on it.</summary>
public static class LibraryExtensions
{
    private const int DefaultTexts = 5;

    /// <summary>The collections of a library as a vector store.</summary>
    public static MultiVecVectorStore AsVectorStore(this Library library, MultiVecVectorStoreOptions? options = null) =>
        new(library, options);

    /// <summary>A model that gives one vector an input, as a generator of embeddings.</summary>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    /// <exception cref="ArgumentException">The model gives many vectors an input.</exception>
    public static LibraryEmbeddingGenerator AsEmbeddingGenerator(
        this Library library, string model, LibraryEmbeddingOptions? options = null) => new(library, model, options);

    /// <summary>A model as a generator of embeddings of many vectors.</summary>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    public static MultiVectorEmbeddingGenerator AsMultiVectorEmbeddingGenerator(
        this Library library, string model, LibraryEmbeddingOptions? options = null) => new(library, model, options);

    /// <summary>A search of a collection as a function from a question to texts, as agents are given one.</summary>
    /// <param name="library">The library; it must outlive the function.</param>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="top">Texts at most; at least 1.</param>
    /// <param name="filter">What is searched; null: everything.</param>
    /// <returns>The function. It leaves out what has no text, and what is only the nearest of what there is and no answer; it throws what
    /// <see cref="Library.SearchAsync"/> throws.</returns>
    public static Func<string, CancellationToken, Task<IEnumerable<FoundText>>> AsTextSearch(
        this Library library, string collection, int top = DefaultTexts, Filter? filter = null) =>
        library.AsTextSearch(collection, found => found, top, filter);

    /// <summary>The same with results of another type: for <c>TextSearchProvider</c> of Microsoft.Agents.AI its
    /// <c>TextSearchResult</c>.</summary>
    /// <typeparam name="TResult">The type of a result.</typeparam>
    /// <param name="library">The library; it must outlive the function.</param>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="select">Makes a result of a text.</param>
    /// <param name="top">Texts at most; at least 1.</param>
    /// <param name="filter">What is searched; null: everything.</param>
    public static Func<string, CancellationToken, Task<IEnumerable<TResult>>> AsTextSearch<TResult>(
        this Library library, string collection, Func<FoundText, TResult> select, int top = DefaultTexts, Filter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(select);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return async (question, cancellationToken) =>
        {
            if (string.IsNullOrWhiteSpace(question))
            {
                return [];
            }

            LibraryQuery query = new() { Collection = collection, Text = question, Top = top, Filter = filter };
            SearchResult result = await library.SearchAsync(query, cancellationToken).ConfigureAwait(false);
            CollectionEntries entries = library.GetCollection(collection).Entries;
            return [.. result.Hits.Where(hit => hit.IsLikely).Select(hit => ToText(entries, hit)).OfType<FoundText>().Select(select)];
        };
    }

    // The passage is what matched; a hit by sight has none, and its page is read.
    private static FoundText? ToText(CollectionEntries entries, SearchHit hit)
    {
        string? text = hit.Passage?.Text ?? entries.GetText(hit.Entry.Key)?.Text;
        string name = hit.Document.Title is { Length: > 0 } title ? title : hit.Document.Key;
        return string.IsNullOrWhiteSpace(text) ? null : new FoundText(
            hit.Entry.Page is { } page ? string.Create(CultureInfo.InvariantCulture, $"{name}, page {page}") : name, hit.Entry.Key, text, hit);
    }
}
