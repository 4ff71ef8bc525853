using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>A collection written straight through the engine: two documents, one of them with a key that needs escaping.</summary>
internal static class SampleCollection
{
    public const string Name = "sample";
    public const string PageKey = "a b/ä#1.pdf#page=2";
    public const string DocumentKey = "a b/ä#1.pdf";

    public static void Write(string dataFolder, string? file = null)
    {
        using Collection collection = Collection.Create(Path.Combine(dataFolder, Name), new CollectionOptions());
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(NewDocument(DocumentKey, MediaType.Page, "application/pdf", file));
            for (int page = 1; page <= 3; page++)
            {
                string text = $"page number {page}";
                writer.Add(new EntryContent
                {
                    Entry = new Entry
                    {
                        Key = $"{DocumentKey}#page={page}",
                        DocumentKey = DocumentKey,
                        MediaType = MediaType.Page,
                        Page = page,
                        Width = 595,
                        Height = 842,
                    },
                    Text = new TextLayer(text, [new TextWord(0, 4, new Place(0.1f, 0.1f, 0.2f, 0.12f))]),
                });
            }

            writer.BeginDocument(NewDocument("logo.svg", MediaType.Image, "image/svg+xml", file));
            writer.Add(new EntryContent
            {
                Entry = new Entry { Key = "logo.svg", DocumentKey = "logo.svg", MediaType = MediaType.Image, Width = 40, Height = 30 },
            });
            writer.Commit();
        }

        collection.Sources.Save([
            new SourceFile { Root = "/r", Path = "bad.pdf", State = SourceState.Failed, Reason = "It ends in the middle.",
                Setting = "media:maxPages" },
        ]);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        collection.Jobs.Save(
            new JobRecord { Id = "left", Kind = "index", State = "running", RequestJson = "{}", CreatedAt = now, UpdatedAt = now });
    }

    private static Document NewDocument(string key, MediaType type, string contentType, string? file) => new()
    {
        Key = key,
        MediaType = type,
        ContentType = contentType,
        ContentHash = new string('a', 64),
        SourcePath = file,
    };
}
