using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Presence;

/// <summary>Measures how similar words are to pictures that show them and to pictures that do not.</summary>
internal sealed class PresenceCalibration(PresenceOptions options, Action<string> log)
{
    /// <summary>Words on fewer pages are names and misprints rather than what is searched for.</summary>
    private const int MinPagesOfAWord = 2;

    private readonly List<PresenceSample> _samples = [];
    private readonly Dictionary<string, int> _pictureCounts = [];

    /// <summary>The samples of every group, and how many pages or pictures each group has.</summary>
    /// <exception cref="ArgumentException">The collection has no page with a text layer.</exception>
    public (IReadOnlyList<PresenceSample> Samples, IReadOnlyDictionary<string, int> PictureCounts) Run()
    {
        using Library library = new(new LibraryOptions { DataFolder = options.DataFolder });
        Collection collection = library.GetCollection(options.Collection);
        Space space = collection.Spaces.FirstOrDefault(space => space.Name == options.Space)
            ?? throw new ArgumentException($"The collection {options.Collection} has no space {options.Space}.");
        EncoderModel model = library.GetEncoder(space);
        WordVectors vectors = new(model);

        (IReadOnlyList<PageText> pages, _) = CollectionPages.Read(collection);
        if (pages.Count == 0)
        {
            throw new ArgumentException($"The collection {options.Collection} has no page with a text layer.");
        }

        (string Key, HashSet<string> Words)[] texts = [.. pages.Select(page => (page.Key, page.Words.ToHashSet(StringComparer.Ordinal)))];
        string[] vocabulary =
        [
            .. texts.SelectMany(page => page.Words).Where(PresenceWords.IsUsable).GroupBy(word => word, StringComparer.Ordinal)
                .Where(word => word.Count() >= MinPagesOfAWord).Select(word => word.Key).Order(StringComparer.Ordinal),
        ];
        PresenceWords words = new(vocabulary, new Random(options.Seed));
        int pageCount = Math.Min(options.PageCount, texts.Length);
        for (int i = 0; i < pageCount; i++)
        {
            (string key, HashSet<string> printed) = texts[(int)((long)i * texts.Length / pageCount)];
            if (collection.Entries.GetVectors(key, space.Name) is { RowCount: > 0 } rows)
            {
                Add("pages", rows, printed, words, vectors);
            }
        }

        log($"{_pictureCounts.GetValueOrDefault("pages")} of {pageCount} pages have rows and were measured; the collection has {texts.Length} with text");
        if (options.ScenesFolder is { } folder)
        {
            AddScenes(folder, model, words, vectors);
        }

        return (_samples, _pictureCounts);
    }

    private void AddScenes(string folder, EncoderModel model, PresenceWords words, WordVectors vectors)
    {
        foreach ((string path, IReadOnlySet<string> printed) in Scenes.Read(folder, options.SceneCount))
        {
            Add("pictures", Encode(Scenes.ReadPicture(path)), printed, words, vectors);
            Add("frames", Encode(Scenes.ReadFrame(path)), printed, words, vectors);
            log($"{Path.GetFileName(path)} measured");
        }

        MultiVector Encode(RgbImage image) => model.Encode([model.Prepare(image, ImageRole.Picture)])[0];
    }

    private void Add(string group, MultiVector rows, IReadOnlySet<string> printed, PresenceWords words, WordVectors vectors)
    {
        _pictureCounts[group] = _pictureCounts.GetValueOrDefault(group) + 1;
        foreach ((string word, PresenceKind kind) in words.Choose(printed, options.WordCount))
        {
            _samples.Add(new PresenceSample(group, kind, vectors.Best(word, rows)));
        }
    }
}
