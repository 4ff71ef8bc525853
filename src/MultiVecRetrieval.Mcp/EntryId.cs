namespace MultiVecRetrieval.Mcp;

/// <summary>Names an entry or a document of any collection by one text: <c>COLLECTION/KEY</c>. Names of collections have no '/'.</summary>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Key">Key of the entry or document.</param>
internal sealed record EntryId(string Collection, string Key)
{
    private const string Shape = "ids come from search and look like COLLECTION/KEY";

    /// <exception cref="ToolException">The text is no id.</exception>
    public static EntryId Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1
            ? new EntryId(text[..slash], text[(slash + 1)..])
            : throw new ToolException($"'{Shorten(text)}' is no id; {Shape}.");
    }

    /// <summary>The entry that it names, with its document.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public (Collection Store, Document Document, Entry Entry) FindEntry(ToolRoom room)
    {
        Collection store = Open(room);
        return store.Entries.Find(Key) is { } entry && store.Documents.Get(entry.DocumentKey) is { } document
            ? (store, document, entry)
            : throw Unknown();
    }

    /// <summary>The document that it names, where it names no entry.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public (Collection Store, Document Document) FindDocument(ToolRoom room)
    {
        Collection store = Open(room);
        return store.Documents.Find(Key) is { } document ? (store, document) : throw Unknown();
    }

    /// <summary>True where there is an entry of this id.</summary>
    /// <exception cref="ToolException">There is no such collection.</exception>
    public bool IsEntry(ToolRoom room) => Open(room).Entries.Find(Key) is not null;

    public override string ToString() => $"{Collection}/{Key}";

    private Collection Open(ToolRoom room)
    {
        try
        {
            return room.Open(Collection);
        }
        catch (Exception wrong) when (wrong is CollectionNotFoundException or ArgumentException or ToolException)
        {
            throw new ToolException($"There is no collection '{Shorten(Collection)}'; {Shape}.");
        }
    }

    private ToolException Unknown() => new($"Collection '{Collection}' has no entry or document '{Shorten(Key)}'; {Shape}.");

    private static string Shorten(string text) => text.Length <= 200 ? text : $"{text[..200]}...";
}
