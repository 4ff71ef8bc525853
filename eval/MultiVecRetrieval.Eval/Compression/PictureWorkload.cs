using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>
/// Pictures that the demonstration image-text pair never saw (two icon sets from npm), one vector each, and their names as text queries:
/// a real modality gap.
/// </summary>
internal static class PictureWorkload
{
    private const int Side = 72;
    private const int RecordSize = 4 + (Side * Side * 3);

    // The package, and the set in it.
    private static readonly (string Package, string Set)[] Sets =
        [("@iconify-json/openmoji@1.2.29", "openmoji"), ("@iconify-json/lucide@1.2.137", "lucide")];

    /// <summary>The workload, or null where the graphs of the pair are not to be had, after saying so.</summary>
    public static Workload? Load(CompressionOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        if (FindModel(options) is not { } model)
        {
            log("pictures are left out: vision.onnx and text.onnx of the demonstration pair are not there (--pictures FOLDER)");
            return null;
        }

        string folder = Directory.CreateDirectory(Path.Combine(options.CacheFolder, "compression", "pictures")).FullName;
        using EncoderModel encoder = EncoderModel.Load(PutTogether(model, folder));
        List<MultiVector> entries = [];
        List<string> sources = [];
        Dictionary<string, HashSet<int>> named = new(StringComparer.Ordinal);
        foreach ((_, string set) in Render(folder, log))
        {
            string[] names = ReadNames(folder, set);
            log($"encoding {set}");
            byte[] records = File.ReadAllBytes(Path.Combine(folder, set + ".rgb"));
            for (int offset = 0; offset + RecordSize <= records.Length; offset += RecordSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string name = names[BinaryPrimitives.ReadInt32LittleEndian(records.AsSpan(offset))];
                // Five skins of a hand are one name with a colour each: near copies that no name tells apart.
                if (name.Contains("skin", StringComparison.Ordinal))
                {
                    continue;
                }

                MultiVector vector =
                    encoder.EncodeImage(new RgbImage(Side, Side, records[(offset + 4)..(offset + RecordSize)]), cancellationToken);
                string caption = name.Replace('-', ' ');
                if (!named.TryGetValue(caption, out HashSet<int>? holders))
                {
                    named[caption] = holders = [];
                }

                holders.Add(entries.Count);
                entries.Add(new MultiVector(vector.Dimension, vector.Row(0).ToArray()));
                sources.Add(set);
            }
        }

        List<WorkloadQuery> queries = [];
        string[] captions = [.. named.Keys.Order(StringComparer.Ordinal)];
        new Random(options.Seed).Shuffle(captions);
        foreach (string caption in captions)
        {
            MultiVector rows = encoder.EncodeText(caption, cancellationToken).Rows;
            if (rows.RowCount > 0)
            {
                queries.Add(new WorkloadQuery(rows, named[caption]));
            }
        }

        (IReadOnlyList<WorkloadQuery> heldOut, IReadOnlyList<WorkloadQuery> tuning) = Workload.Split(queries);
        return new Workload
        {
            Name = "pictures",
            Origin = string.Create(CultureInfo.InvariantCulture,
                $"{entries.Count:n0} pictures of {string.Join(" and ", Sets.Select(set => set.Package))}, which the pair was not trained on, one vector of {entries[0].Dimension} each; "
                + $"{heldOut.Count:n0} held-out names as text queries, {tuning.Count:n0} others for codecs that learn from queries"),
            Dimension = entries[0].Dimension,
            Entries = entries,
            Sources = sources,
            HeldOut = heldOut,
            Tuning = tuning,
        };
    }

    private static string? FindModel(CompressionOptions options)
    {
        string?[] folders = options.PictureModelFolder is { } given
            ? [given]
            : ["../shared/models/pictures", Path.Combine(SourceFolder(), "../../../../shared/models/pictures")];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder!, "vision.onnx"))
            && File.Exists(Path.Combine(folder!, "text.onnx")));
    }

    // Graphs from one folder, descriptions from the checkout.
    private static string PutTogether(string graphs, string folder)
    {
        string model = Directory.CreateDirectory(Path.Combine(folder, "model")).FullName;
        foreach (string file in Directory.GetFiles(graphs, "*.onnx")
            .Concat(Directory.GetFiles(Path.Combine(SourceFolder(), "../../../tools/models/pictures"), "*.json")))
        {
            string target = Path.Combine(model, Path.GetFileName(file));
            File.Delete(target);
            File.Copy(file, target);
        }
        return model;
    }

    private static (string Package, string Set)[] Render(string folder, Action<string> log)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@resvg")))
        {
            log("fetching icon sets");
            ExternalCommand.Run(
                "npm",
                ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, "@resvg/resvg-js@2.6.2",
                    .. Sets.Select(set => set.Package)],
                folder);
        }

        foreach ((_, string set) in Sets)
        {
            string target = Path.Combine(folder, set + ".rgb");
            string at = target + ".at";
            while (!File.Exists(at) || File.ReadAllText(at) != "end")
            {
                int from = File.Exists(at) ? int.Parse(File.ReadAllText(at), CultureInfo.InvariantCulture) + 1 : 0;
                log($"rendering {set} from {from}");
                try
                {
                    ExternalCommand.Run("node",
                        [Path.Combine(SourceFolder(), "pictures.mjs"), set, from.ToString(CultureInfo.InvariantCulture), target], folder);
                }
                catch (ExternalCommandException) when (File.Exists(at) && File.ReadAllText(at) is not "end" and { } now
                    && int.Parse(now, CultureInfo.InvariantCulture) >= from)
                {
                    // The renderer aborts on a drawing without a shape; the next round begins behind it.
                }
            }
        }
        return Sets;
    }

    private static string[] ReadNames(string folder, string set)
    {
        using JsonDocument icons =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "node_modules", "@iconify-json", set, "icons.json")));
        return [.. icons.RootElement.GetProperty("icons").EnumerateObject().Select(icon => icon.Name)];
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
