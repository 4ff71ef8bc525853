using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.PageWords;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// At which sizes should a picture be read? Encodes drawn scenes (tools/models/page-words/scenes.py) at each longer side, joins the words
/// of several, and looks for every word among all pictures.
/// </summary>
internal static class PictureScalesBenchmark
{
    private static readonly int[] Sides = [320, 480, 640, 960, 1280, 1760, 2560];

    private static readonly int[][] Choices =
    [
        [640], [1280], [1760], [2560], [640, 1760], [480, 1280], [480, 960, 1760], [640, 1280, 2560], [320, 640, 1280], [480, 1280, 2560],
    ];

    private sealed record Scene(string File, IReadOnlyList<SceneWord> Words);

    private sealed record SceneWord(string Word, int Em, float[] Box);

    private sealed record Picture(Scene Scene, int LongSide, Dictionary<int, ScaleWords> Scales);

    public static int Run(string[] options)
    {
        if (options.Length != 1 || !File.Exists(Path.Combine(options[0], "scenes.json")))
        {
            Console.Error.WriteLine("scales FOLDER: the folder is one that tools/models/page-words/scenes.py wrote.");
            return 2;
        }

        using EncoderModel model = EncoderModel.Load(BundledModels.DefaultFolder);
        InkGridDescription description = EncoderDescription.Read(BundledModels.DefaultFolder).Vision!.InkGrid!;
        Scene[] scenes =
            JsonSerializer.Deserialize<Scene[]>(File.ReadAllText(Path.Combine(options[0], "scenes.json")), JsonSerializerOptions.Web)!;
        List<Picture> pictures = [];
        using OnnxSessions sessions = new(BundledModels.DefaultFolder, new EncoderOptions());
        OnnxGraphHeader graph = OnnxGraphHeader.Read(Path.Combine(BundledModels.DefaultFolder, "onnx", "vision_model.onnx"));
        InkGridTower tower = new(sessions, new InkGridPlan(graph, "ink", "patches", 128, 1754, description));
        foreach (Scene scene in scenes)
        {
            RgbImage image = ReadPpm(Path.Combine(options[0], scene.File));
            Picture picture = new(scene, Math.Max(image.Width, image.Height), []);
            foreach (int side in Sides.Select(side => Math.Min(side, (int)(picture.LongSide * description.MaxEnlargement))).Distinct())
            {
                picture.Scales[side] = Encode(tower, image, side, description);
            }

            pictures.Add(picture);
        }

        Console.WriteLine($"{pictures.Count} pictures, {scenes.Sum(scene => scene.Words.Count)} words, one right picture each");
        Console.WriteLine("longer sides              R@1    R@10   em<20  em<40  em<80  em>=80  at its place  rows");
        foreach (int[] choice in Choices)
        {
            Report(choice, pictures, model, description);
        }

        return 0;
    }

    private static void Report(int[] choice, List<Picture> pictures, EncoderModel model, InkGridDescription description)
    {
        MultiVector[] rows = [.. pictures.Select(picture => ScaleMerger.Merge(
            [.. PictureScales.Choose(choice.Length == 1
                ? [Math.Min(choice[0], picture.LongSide * 2)]
                : choice, picture.LongSide, description.MaxEnlargement).Select(side => picture.Scales[side])],
            description))];
        List<(int Em, int Rank, bool IsAtPlace)> results = [];
        for (int i = 0; i < pictures.Count; i++)
        {
            foreach (SceneWord word in pictures[i].Scene.Words)
            {
                float[] query = model.EncodeText(word.Word).Rows.Values.ToArray();
                (float own, int row) = Best(rows[i], query);
                int rank = rows.Count(other => Best(other, query).Similarity > own);
                bool isAtPlace = row >= 0 && Overlaps(rows[i].Places[row], word.Box);
                results.Add((word.Em, rank, isAtPlace));
            }
        }

        double Share(Func<(int Em, int Rank, bool IsAtPlace), bool> among, Func<(int Em, int Rank, bool IsAtPlace), bool> hit) =>
            results.Where(among).Select(result => hit(result) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
        double First(int from, int to) => Share(result => result.Em >= from && result.Em < to, result => result.Rank == 0);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join('+', choice),-24}  {First(0, 9999):F3}  {Share(_ => true, result => result.Rank < 10):F3}  {First(0, 20):F3}  {First(20, 40):F3}  {First(40, 80):F3}  {First(80, 9999):F3}   {Share(_ => true, result => result.Rank == 0 && result.IsAtPlace):F3}         {rows.Average(vector => vector.RowCount):F0}"));
    }

    // Keeps the words only: the vectors of all cells of all pictures would not fit into memory.
    private static ScaleWords Encode(InkGridTower tower, RgbImage image, int side, InkGridDescription description)
    {
        double factor = (double)side / Math.Max(image.Width, image.Height);
        GrayPlane plane = GrayPlane.From(PillowResampler.Resize(
            image, (int)Math.Round(image.Width * factor), (int)Math.Round(image.Height * factor), ResampleFilter.Bicubic));
        InkGrid grid = tower.EncodeGrid(plane, CancellationToken.None);
        List<WordCells> words = CellMerger.Merge(grid, description.KeepSaliency, description.MergeCosine);
        float[] vectors = [.. words.SelectMany(word => grid.Vector(word.Cell).ToArray())];
        InkGrid compact = new(1, words.Count, grid.Dimension, vectors, [.. words.Select(word => word.Saliency)]);
        return new ScaleWords(plane with { Pixels = [] }, compact, [.. words.Select((word, i) => word with { Cell = i })]);
    }

    private static (float Similarity, int Row) Best(MultiVector rows, float[] query)
    {
        (float Similarity, int Row) best = (float.NegativeInfinity, -1);
        for (int row = 0; row < rows.RowCount; row++)
        {
            float similarity = TensorPrimitives.Dot(rows.Row(row), query);
            if (similarity > best.Similarity)
            {
                best = (similarity, row);
            }
        }

        return best;
    }

    private static bool Overlaps(Place place, float[] box) =>
        place.Left < box[2] && box[0] < place.Right && place.Top < box[3] && box[1] < place.Bottom;

    private static RgbImage ReadPpm(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        string[] header = System.Text.Encoding.ASCII.GetString(file, 0, Math.Min(file.Length, 40)).Split((char[]?)null, 5);
        (int width, int height) = (int.Parse(header[1], CultureInfo.InvariantCulture), int.Parse(header[2], CultureInfo.InvariantCulture));
        return new RgbImage(width, height, file[^(width * height * 3)..]);
    }
}
