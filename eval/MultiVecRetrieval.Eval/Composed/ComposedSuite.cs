using System.Globalization;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Composed;

/// <summary>
/// Questions of a picture and words that change it: every photograph stands in the collection as it is and in several styles; asked for is
/// the one that is like the photograph and has the style. The photograph itself is left out.
/// </summary>
/// <param name="cacheFolder">Holds the package of photographs.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class ComposedSuite(string cacheFolder, Action<string> log)
{
    private const int Photographs = 110;

    private static readonly (string Words, Func<double, double, double, (double Red, double Green, double Blue)> Map)[] Styles =
    [
        ("black and white", (r, g, b) => Grey((0.299 * r) + (0.587 * g) + (0.114 * b))),
        ("red", (r, g, b) => (Math.Min(255, (r * 0.5) + 120), g * 0.35, b * 0.35)),
        ("blue", (r, g, b) => (r * 0.35, g * 0.45, Math.Min(255, (b * 0.5) + 120))),
        ("at night", (r, g, b) => (r * 0.2, g * 0.22, b * 0.35)),
        ("negative", (r, g, b) => (255 - r, 255 - g, 255 - b)),
    ];

    private readonly ImageDecoder _decoder = new(new MediaLimits());

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        StampPhoto[] photos =
            [.. StampPhoto.Fetch(cacheFolder, log, cancellationToken).DistinctBy(photo => photo.Name)];
        new Random(1).Shuffle(photos);
        photos = photos[..Photographs];
        string folder = Directory.CreateTempSubdirectory("mvr-composed-").FullName;
        try
        {
            return await RunAsync(photos, folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> RunAsync(StampPhoto[] photos, string folder, CancellationToken cancellationToken)
    {
        string files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        for (int i = 0; i < photos.Length; i++)
        {
            RgbImage picture = _decoder.DecodeFile(photos[i].Path);
            await File.WriteAllBytesAsync(Path.Combine(files, $"{i:000}-0.jpg"), _decoder.EncodeJpeg(picture, 640), cancellationToken);
            for (int style = 0; style < Styles.Length; style++)
            {
                byte[] changed = _decoder.EncodeJpeg(Map(picture, Styles[style].Map), 640);
                await File.WriteAllBytesAsync(Path.Combine(files, $"{i:000}-{style + 1}.jpg"), changed, cancellationToken);
            }
        }

        using Library library = new(new LibraryOptions { DataFolder = Path.Combine(folder, "data") });
        log($"indexing {photos.Length * (Styles.Length + 1)} pictures");
        IndexReport indexed = await library.IndexAsync(
            new IndexRequest { Collection = "composed", Paths = [files], Models = ["photos", "photos-alike"] }, null, cancellationToken);
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture,
            $"{photos.Length} photographs, each in {Styles.Length} styles, {indexed.Indexed} pictures, ")
            .AppendLine(CultureInfo.InvariantCulture, $"{photos.Length * Styles.Length} questions: a photograph and a style");
        report.AppendLine()
            .AppendLine("| asked by | R@1 | R@5 | of the photograph, R@5 | of the style, P@5 | median ms to compose |")
            .AppendLine("|---|---|---|---|---|---|");
        foreach ((string name, Func<int, int, LibraryQuery, LibraryQuery> ask) in Ways(photos))
        {
            log(name);
            report.AppendLine(await MeasureAsync(library, name, photos.Length, ask, cancellationToken));
        }

        double chance = 1.0 / (indexed.Indexed - 1);
        report.AppendLine(
            CultureInfo.InvariantCulture, $"| chance | {chance:0.000} | {5 * chance:0.000} | | {1.0 / (Styles.Length + 1):0.000} | |");
        return report.Append(Machine.Describe()).ToString();
    }

    private static IEnumerable<(string Name, Func<int, int, LibraryQuery, LibraryQuery> Ask)> Ways(StampPhoto[] photos)
    {
        static QueryPart Change(int style, double weight = 1) =>
            new() { Text = Styles[style].Words, Role = QueryRole.Modifier, Weight = weight };

        yield return ("the picture alone", (photo, _, query) => query with { LikeEntry = Key(photo, 0) });
        yield return ("the words alone", (photo, style, query) => query with { Text = Styles[style].Words });
        yield return ("both", (photo, style, query) => query with { LikeEntry = Key(photo, 0), Parts = [Change(style)] });
        yield return ("both, the words a third", (photo, style, query) => query with
        {
            LikeEntry = Key(photo, 0),
            Parts = [Change(style, 0.5)],
        });
        yield return ("any of both", (photo, style, query) => query with
        {
            LikeEntry = Key(photo, 0),
            Parts = [Change(style)],
            Combine = QueryCombination.Any,
        });
        yield return ("both, and what it shows", (photo, style, query) => query with
        {
            LikeEntry = Key(photo, 0),
            Parts = [new QueryPart { Text = photos[photo].Name, Role = QueryRole.Context }, Change(style)],
        });
        yield return ("control: both, the words of another style", (photo, style, query) => query with
        {
            LikeEntry = Key(photo, 0),
            Parts = [Change((style + 1) % Styles.Length)],
        });
    }

    private static async Task<string> MeasureAsync(
        Library library, string name, int photographs, Func<int, int, LibraryQuery, LibraryQuery> ask, CancellationToken cancellationToken)
    {
        List<double> first = [], fifth = [], ofPhotograph = [], ofStyle = [], compose = [];
        for (int photo = 0; photo < photographs; photo++)
        {
            for (int style = 0; style < Styles.Length; style++)
            {
                SearchResult result = await library.SearchAsync(
                    ask(photo, style, new LibraryQuery { Collection = "composed", Using = SearchSide.Vectors, Explain = false, Top = 6 }),
                    cancellationToken);
                string[] keys = [.. result.Hits.Select(hit => hit.Entry.Key).Where(key => key != Key(photo, 0)).Take(5)];
                first.Add(keys[0] == Key(photo, style + 1) ? 1 : 0);
                fifth.Add(keys.Contains(Key(photo, style + 1)) ? 1 : 0);
                ofPhotograph.Add(keys.Count(key => key.StartsWith($"{photo:000}-", StringComparison.Ordinal)) / 5.0);
                ofStyle.Add(keys.Count(key => key.EndsWith($"-{style + 1}.jpg", StringComparison.Ordinal)) / 5.0);
                compose.Add(result.TimingsMs["compose"]);
            }
        }

        compose.Sort();
        string found = $"{ConfidenceInterval.OfShares(first)} | {ConfidenceInterval.OfShares(fifth)}";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {found} | {ofPhotograph.Average():0.000} | {ofStyle.Average():0.000} | {compose[compose.Count / 2]:0.000} |");
    }

    private static string Key(int photo, int style) => $"{photo:000}-{style}.jpg";

    private static (double, double, double) Grey(double value) => (value, value, value);

    private static RgbImage Map(RgbImage picture, Func<double, double, double, (double Red, double Green, double Blue)> map)
    {
        byte[] pixels = new byte[picture.Pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (double red, double green, double blue) = map(picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ((byte)red, (byte)green, (byte)blue);
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }
}
