using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Eval.Regions;

/// <summary>
/// How well small things in large pictures are found by their names: photographs pasted into larger ones at known places, encoded as a
/// whole and by tiles beside it.
/// </summary>
/// <param name="cacheFolder">Holds the package of photographs.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class RegionsSuite(string cacheFolder, Action<string> log)
{
    private const int Scenes = 180;
    private const int Width = 1600;
    private const int Height = 1200;

    private static readonly int[] TileCounts = [0, 4, 9, 16];

    // The thing's longer side as a share of the scene's shorter one.
    private static readonly double[] Sizes = [0.5, 0.3, 0.18];

    private readonly ImageDecoder _decoder = new(new MediaLimits());

    public string Run()
    {
        StampPhoto[] photos =
            [.. StampPhoto.Fetch(cacheFolder, log).DistinctBy(photo => photo.Name)];
        new Random(1).Shuffle(photos);
        using EncoderModel model = EncoderModel.Load(Path.Combine(BundledModels.Folder, "photos"));
        Scene[] scenes = [.. Enumerable.Range(0, Scenes)
            .Select(i => Compose(photos[i], photos[Scenes + i], Sizes[i % Sizes.Length], new Random(i)))];
        log($"encoding {Scenes} scenes");
        MultiVector[][] encoded = [.. TileCounts.Select(_ => new MultiVector[Scenes])];
        for (int i = 0; i < Scenes; i++)
        {
            RgbImage picture = scenes[i].Picture!;
            MultiVector whole = model.EncodeImage(picture);
            for (int way = 0; way < TileCounts.Length; way++)
            {
                encoded[way][i] = Join([(Place.Whole, whole), .. PictureTiles
                    .Cut(picture.Width, picture.Height, model.Contract.PicturePixels!.Value, TileCounts[way])
                    .Select(box => (box, model.EncodeImage(picture.Crop(box))))]);
            }

            scenes[i] = scenes[i] with { Picture = null };
        }

        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Scenes} scenes of {Width} x {Height}, each a photograph with another one pasted in; asked for by name, among all scenes");
        report.AppendLine()
            .AppendLine("| encoded | the small thing, hit@1 | hit@10 | middle of the best row's box within it | the large thing, hit@10 | rows |")
            .AppendLine("|---|---|---|---|---|---|");
        for (int way = 0; way < TileCounts.Length; way++)
        {
            string name = TileCounts[way] == 0 ? "the whole" : $"the whole and up to {TileCounts[way]} tiles";
            report.AppendLine(Measure(model, name, scenes, encoded[way]));
        }

        double chance = scenes.Average(scene => (scene.Box.Right - scene.Box.Left) * (scene.Box.Bottom - scene.Box.Top));
        report.AppendLine(CultureInfo.InvariantCulture,
            $"| chance | {1.0 / Scenes:0.000} | {10.0 / Scenes:0.000} | {chance:0.000} | {10.0 / Scenes:0.000} | |");
        report.AppendLine().AppendLine("The small thing by its size (longer side as a share of the scene's height), hit@10")
            .AppendLine($"| encoded | {string.Join(" | ", Sizes.Select(size => size.ToString("0.00", CultureInfo.InvariantCulture)))} |")
            .AppendLine($"|---|{string.Concat(Sizes.Select(_ => "---|"))}");
        for (int way = 0; way < TileCounts.Length; way++)
        {
            int own = way;
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {(TileCounts[way] == 0 ? "the whole" : $"and {TileCounts[way]} tiles")} | {string.Join(" | ", Sizes.Select((_, s) =>
                    ConfidenceInterval.OfShares([.. Enumerable.Range(0, Scenes).Where(i => i % Sizes.Length == s)
                        .Select(i => Hit(10, Rank(model, scenes[i].Small, encoded[own]), i))])))} |");
        }

        return report.Append(Machine.Describe()).ToString();
    }

    private static string Measure(EncoderModel model, string name, Scene[] scenes, MultiVector[] encoded)
    {
        List<double> first = [], tenth = [], placed = [], large = [];
        for (int i = 0; i < scenes.Length; i++)
        {
            int[] ranking = Rank(model, scenes[i].Small, encoded);
            first.Add(Hit(1, ranking, i));
            tenth.Add(Hit(10, ranking, i));
            MultiVector query = model.EncodeText(scenes[i].Small).Rows;
            int best = Enumerable.Range(0, encoded[i].RowCount)
                .MaxBy(row => Enumerable.Range(0, query.RowCount).Sum(q => TensorPrimitives.Dot(query.Row(q), encoded[i].Row(row))));
            placed.Add(Contains(scenes[i].Box, encoded[i].Places[best]) ? 1 : 0);
            large.Add(Hit(10, Rank(model, scenes[i].Large, encoded), i));
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {ConfidenceInterval.OfShares([.. first])} | {ConfidenceInterval.OfShares([.. tenth])} | ")
            + string.Create(CultureInfo.InvariantCulture, $"{ConfidenceInterval.OfShares([.. placed])} | ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{ConfidenceInterval.OfShares([.. large])} | {encoded.Average(rows => rows.RowCount):0} |");
    }

    private static double Hit(int k, int[] ranking, int expected) => Array.IndexOf(ranking, expected) < k ? 1 : 0;

    private static int[] Rank(EncoderModel model, string words, MultiVector[] encoded)
    {
        MultiVector query = model.EncodeText(words).Rows;
        return [.. Enumerable.Range(0, encoded.Length).OrderByDescending(i => MaxSim.Score(query.View, encoded[i].View)).ThenBy(i => i)];
    }

    private static bool Contains(Place thing, Place box)
    {
        (float x, float y) = ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);
        return thing.Left <= x && x <= thing.Right && thing.Top <= y && y <= thing.Bottom;
    }

    private static MultiVector Join((Place Box, MultiVector Rows)[] parts) => new(
        parts[0].Rows.Dimension,
        [.. parts.SelectMany(part => part.Rows.Values.ToArray())],
        [.. parts.SelectMany(part => part.Rows.Places.ToArray().Select(place => Within(part.Box, place)))]);

    private static Place Within(Place box, Place place)
    {
        (float width, float height) = (box.Right - box.Left, box.Bottom - box.Top);
        return new Place(box.Left + (place.Left * width), box.Top + (place.Top * height),
            box.Left + (place.Right * width), box.Top + (place.Bottom * height));
    }

    private Scene Compose(StampPhoto large, StampPhoto small, double size, Random random)
    {
        RgbImage scene = PillowResampler.Resize(_decoder.DecodeFile(large.Path), Width, Height, ResampleFilter.Bicubic);
        RgbImage thing = _decoder.DecodeFile(small.Path);
        double scale = size * Height / Math.Max(thing.Width, thing.Height);
        thing = PillowResampler.Resize(
            thing, Math.Max(1, (int)(thing.Width * scale)), Math.Max(1, (int)(thing.Height * scale)), ResampleFilter.Bicubic);
        (int left, int top) = (random.Next(Width - thing.Width), random.Next(Height - thing.Height));
        byte[] pixels = [.. scene.Pixels];
        for (int y = 0; y < thing.Height; y++)
        {
            thing.Pixels.AsSpan(y * thing.Width * 3, thing.Width * 3).CopyTo(pixels.AsSpan((((top + y) * Width) + left) * 3));
        }

        return new Scene(new RgbImage(Width, Height, pixels), large.Name, small.Name,
            new Place((float)left / Width, (float)top / Height, (float)(left + thing.Width) / Width, (float)(top + thing.Height) / Height));
    }

    private sealed record Scene(RgbImage? Picture, string Large, string Small, Place Box);
}
