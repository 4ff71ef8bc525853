using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Libraries.Answers;

/// <summary>A collection of pages whose texts a test gives, written straight through the engine.</summary>
internal static class TextCollection
{
    public const string Name = "texts";

    /// <summary>Writes documents of pages; each line of a page is a line on it.</summary>
    public static void Write(string dataFolder, params (string Document, string[] Pages)[] documents)
    {
        using Collection collection = Collection.Create(Path.Combine(dataFolder, Name), new CollectionOptions());
        using CollectionWriter writer = collection.BeginWrite();
        foreach ((string key, string[] pages) in documents)
        {
            writer.BeginDocument(NewDocument(key, MediaType.Page, "application/pdf"));
            foreach ((int i, string text) in pages.Index())
            {
                writer.Add(new EntryContent
                {
                    Entry = new Entry
                    {
                        Key = $"{key}#page={i + 1}",
                        DocumentKey = key,
                        MediaType = MediaType.Page,
                        Page = i + 1,
                        Width = 595,
                        Height = 842,
                    },
                    Text = Layer(text),
                });
            }
        }

        writer.Commit();
    }

    /// <summary>A video in which a word is said each second.</summary>
    public static void WriteVideo(string dataFolder, string key, string[] words)
    {
        using Collection collection = Collection.Create(Path.Combine(dataFolder, Name), new CollectionOptions());
        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(NewDocument(key, MediaType.Video, "video/mp4"));
        List<TextWord> said = [];
        int offset = 0;
        foreach ((int i, string word) in words.Index())
        {
            said.Add(new TextWord(offset, word.Length, new Place(0, 0, 1, 1, i, i + 1)));
            offset += word.Length + 1;
        }

        writer.Add(new EntryContent
        {
            Entry = new Entry
            {
                Key = key,
                DocumentKey = key,
                MediaType = MediaType.Video,
                Width = 64,
                Height = 48,
                DurationSeconds = words.Length,
            },
            Text = new TextLayer(string.Join(' ', words), said),
        });
        writer.Commit();
    }

    private static TextLayer Layer(string text)
    {
        List<TextWord> words = [];
        int line = 0;
        for (int at = 0; at < text.Length; at++)
        {
            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                int column = words.Count % 20;
                words.Add(new TextWord(
                    start, at - start, new Place(column * 0.05f, line * 0.01f, (column * 0.05f) + 0.04f, (line * 0.01f) + 0.008f)));
                line += column == 19 ? 1 : 0;
            }
        }

        return new TextLayer(text, words);
    }

    private static Document NewDocument(string key, MediaType type, string contentType) => new()
    {
        Key = key,
        MediaType = type,
        ContentType = contentType,
        ContentHash = new string('a', 64),
    };
}
