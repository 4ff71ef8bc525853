using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Lists, gets and deletes documents and entries. A key is always the query parameter <c>key</c>.</summary>
internal static class DocumentEndpoints
{
    private const int StandardLimit = 50;

    public static void Map(IEndpointRouteBuilder collections)
    {
        collections.MapGet("/documents", ListDocuments)
            .WithName("listDocuments").WithSummary("Lists documents in the order of their keys.").WithTags("documents")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapGet("/document", GetDocument)
            .WithName("getDocument").WithSummary("Gets a document.").WithTags("documents")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapDelete("/document", DeleteDocumentAsync)
            .WithName("deleteDocument").WithSummary("Removes a document and its entries; of a file only an uploaded one.")
                .WithTags("documents")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        collections.MapGet("/entries", ListEntries)
            .WithName("listEntries").WithSummary("Lists entries by document, pages in their order, of one document or of all; or sorted by a field.").WithTags("entries")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapGet("/facets", CountValues)
            .WithName("countValues").WithSummary("Counts the values of fields over the entries that meet a filter.").WithTags("entries")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        collections.MapGet("/entry", GetEntry)
            .WithName("getEntry").WithSummary("Gets an entry with its text.").WithTags("entries")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The document <paramref name="key"/>, or a problem that names it.</summary>
    public static Document FindDocument(Collection collection, string? key) =>
        collection.Documents.Find(Parameters.Required("key", key))
            ?? throw RequestException.NotFound("unknown-document", $"There is no document '{key}'.");

    /// <summary>The entry <paramref name="key"/>, or a problem that names it.</summary>
    public static Entry FindEntry(Collection collection, string? key) =>
        collection.Entries.Find(Parameters.Required("key", key))
            ?? throw RequestException.NotFound("unknown-entry", $"There is no entry '{key}'.");

    private static ListBody<DocumentBody> ListDocuments(
        string collection, string? filter, string? after, int? limit, Library library, ServerOptions options)
    {
        int count = Parameters.Limit("limit", limit, StandardLimit, options);
        EntryLinks links = new(collection);
        IReadOnlyList<Document> documents = library.GetCollection(collection)
            .Documents.List(Parameters.ParseFilter(filter, options), after, count + 1);
        return ListBody<DocumentBody>.From(documents, count, document => DocumentBody.From(document, links), document => document.Key);
    }

    private static DocumentBody GetDocument(string collection, string? key, Library library) =>
        DocumentBody.From(FindDocument(library.GetCollection(collection), key), new EntryLinks(collection));

    private static async Task<NoContent> DeleteDocumentAsync(
        string collection, string? key, Library library, CancellationToken cancellationToken) =>
        await library.RemoveDocumentAsync(collection, Parameters.Required("key", key), cancellationToken)
            ? TypedResults.NoContent()
            : throw RequestException.NotFound("unknown-document", $"There is no document '{key}'.");

    private static ListBody<EntryBody> ListEntries(
        string collection, string? document, string? filter, string? sort, string? after, int? limit, Library library,
        ServerOptions options)
    {
        int count = Parameters.Limit("limit", limit, StandardLimit, options);
        Collection store = library.GetCollection(collection);
        EntryLinks links = new(collection);
        Dictionary<string, Document> documents = new(StringComparer.Ordinal);
        string? key = document is null ? null : store.Documents.Find(document)?.Key ?? document;
        Filter? condition = Parameters.ParseFilter(filter, options);
        if (string.IsNullOrWhiteSpace(sort))
        {
            return ListBody<EntryBody>.From(
                store.Entries.List(key, condition, after, count + 1), count, ToBody, entry => entry.Key);
        }

        // In an order that is not that of the keys a page begins after so many entries.
        if (!int.TryParse(after ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out int skipped) || skipped > options.MaxOffset)
        {
            throw RequestException.Invalid("after",
                $"after is '{after}'; of a sorted list it is the 'next' of the answer before, at most {options.MaxOffset} (setting server:maxOffset).");
        }

        Filter? all = key is null ? condition
            : condition is null ? Filter.Equal("document", key)
            : Filter.And(Filter.Equal("document", key), condition);
        return ListBody<EntryBody>.From(
            store.Entries.ListInOrder(EntryOrder.Parse(sort), all, skipped, count + 1), count, ToBody,
            _ => (skipped + count).ToString(CultureInfo.InvariantCulture));

        EntryBody ToBody(Entry entry) => EntryBody.From(entry, DocumentOf(entry), links, excerpt: TextExcerpt.Of(entry, store));

        Document DocumentOf(Entry entry)
        {
            if (!documents.TryGetValue(entry.DocumentKey, out Document? found))
            {
                documents[entry.DocumentKey] = found = FindDocument(store, entry.DocumentKey);
            }

            return found;
        }
    }

    private static FacetsBody CountValues(
        string collection, string? fields, string? filter, int? limit, Library library, ServerOptions options)
    {
        int count = Parameters.Limit("limit", limit, StandardLimit, options);
        IReadOnlyList<string> names = Parameters.List(Parameters.Required("fields", fields));
        CollectionEntries entries = library.GetCollection(collection).Entries;
        Filter? condition = Parameters.ParseFilter(filter, options);
        return new FacetsBody(
            entries.Count(condition), [.. names.Select(name => FacetBody.From(entries.CountValues(name, condition, count)))]);
    }

    private static EntryBody GetEntry(string collection, string? key, Library library)
    {
        Collection store = library.GetCollection(collection);
        Entry entry = FindEntry(store, key);
        Document document = FindDocument(store, entry.DocumentKey);
        return EntryBody.From(entry, document, new EntryLinks(collection), store.Entries.GetText(entry.Key)?.Text) with
        {
            Attributes = [.. store.Entries.GetAttributes(entry.Key)
                .Select(found => new EntryAttributeBody(found.Key, found.Value.Value, found.Value.Similarity))],
        };
    }
}
