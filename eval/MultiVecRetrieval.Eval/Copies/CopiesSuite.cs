using System.Globalization;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Duplicates;
using MultiVecRetrieval.Eval.Pages;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Reports;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Copies;

/// <summary>
/// How well changed copies are told from different pictures of the same kinds, by the measures of the report on duplicates and by controls:
/// each measure is given the threshold at which as many pairs of different pictures pass, and what it then finds is compared.
/// </summary>
/// <param name="cacheFolder">Holds what is fetched.</param>
/// <param name="picturesFolder">Pictures in place of the photographs; null for those.</param>
/// <param name="pagesOfDocument">Pages taken of each manual; 0 for none.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class CopiesSuite(string cacheFolder, string? picturesFolder, int pagesOfDocument, Action<string> log)
{
    private const int SpeedCount = 50_000;

    private static readonly double[] FalseShares = [1e-4, 1e-3];
    private static readonly double[] Thresholds = [0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98];

    private readonly ImageDecoder _decoder = new(new MediaLimits());
    private readonly StringBuilder _report = new();

    public string Run()
    {
        ComparePhotos();
        if (pagesOfDocument > 0)
        {
            ComparePages();
        }

        AddSpeed();
        return _report.Append(Machine.Describe()).ToString();
    }

    // What the look-up of candidates costs, which is all that grows with the square of a collection.
    private void AddSpeed()
    {
        ulong[] codes = new ulong[SpeedCount * SignSketch.WordCount];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(codes.AsSpan()));
        int radius = SignSketch.GetRadius(0.9);
        long close = 0;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Parallel.For(0, SpeedCount, i =>
        {
            long found = 0;
            for (int j = i + 1; j < SpeedCount; j++)
            {
                found += SignSketch.Distance(
                    codes.AsSpan(i * SignSketch.WordCount, SignSketch.WordCount),
                    codes.AsSpan(j * SignSketch.WordCount, SignSketch.WordCount)) <= radius ? 1 : 0;
            }

            Interlocked.Add(ref close, found);
        });
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        _report.AppendLine(CultureInfo.InvariantCulture,
            $"all pairs of {SpeedCount:n0} codes: {seconds:0.0} s on {Environment.ProcessorCount} cores, {close} of unrelated ones close");
    }

    private void ComparePhotos()
    {
        using EncoderModel model = EncoderModel.Load(Path.Combine(BundledModels.Folder, "photos-alike"));
        List<(RgbImage Picture, string Kind)> pictures = [];
        string origin;
        if (picturesFolder is null)
        {
            string folder = Path.GetFullPath(Path.Combine(cacheFolder, "packages", StampPhoto.Package));
            string version = DebianPackage.Unpack(StampPhoto.Package, folder, package => log($"fetching {package}"));
            pictures.AddRange(StampPhoto.Read(folder).Select(photo => (_decoder.DecodeFile(photo.Path), photo.Kind)));
            origin = $"photographs of {StampPhoto.Package} {version}";
        }
        else
        {
            foreach (string path in Directory.EnumerateFiles(picturesFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(path => MediaSniffer.GetMediaType(MediaSniffer.DetectFile(path)) == MediaType.Image))
            {
                pictures.Add((_decoder.DecodeFile(path), Path.GetDirectoryName(path)!));
            }

            origin = $"pictures of {Path.GetFileName(Path.TrimEndingDirectorySeparator(picturesFolder))}";
        }

        PictureChange[] changes =
        [
            .. PictureChange.All(_decoder),
            new PictureChange("10 % cropped on each side", picture => PictureChange.Crop(picture, 0.10)),
            .. PhotoCopies.All(_decoder),
        ];
        Compare($"{pictures.Count} {origin}, by {model.Contract.Name}", model, ImageRole.Picture, pictures, changes);
    }

    private void ComparePages()
    {
        using EncoderModel model = EncoderModel.Load(Path.Combine(BundledModels.Folder, "page-words"));
        SuiteFiles files = new(cacheFolder, cacheFolder, log);
        files.Fetch(SuiteDocument.All);
        PdfReader reader = new(new MediaLimits());
        List<(RgbImage Picture, string Kind)> pages = [];
        foreach (string path in Directory.EnumerateFiles(files.PdfFolder, "*.pdf").Order(StringComparer.Ordinal))
        {
            int count = reader.ReadInformation(path).PageCount;
            int first = Math.Max(1, (count - pagesOfDocument) / 2);
            for (int page = first; page < first + pagesOfDocument && page <= count; page++)
            {
                pages.Add((reader.RenderPage(path, page, model.Contract.PageLongSideInPixels), path));
            }
        }

        PictureChange[] changes = [.. PictureChange.All(_decoder).Where(change => change.Name
            is "half size" or "half size, JPEG quality 30" or "brighter by 20 %" or "2 % cropped on each side" or "5 % cropped on each side")];
        Compare($"{pages.Count} pages of manuals, {pagesOfDocument} behind each other, by {model.Contract.Name}", model, ImageRole.Page, pages, changes);
    }

    private void Compare(
        string title, EncoderModel model, ImageRole role, List<(RgbImage Picture, string Kind)> pictures, PictureChange[] changes)
    {
        log($"encoding {pictures.Count} originals and {changes.Length} copies of each");
        CopySubject[] originals = [.. pictures.Select(picture => CopySubject.Of(model, role, picture.Picture))];
        bool[] isUsed = [.. originals.Select(original => original.Rows.RowCount > 0)];
        CopySubject[][] copies =
            [.. changes.Select(change => pictures.Select(picture => CopySubject.Of(model, role, change.Apply(picture.Picture))).ToArray())];
        _report.AppendLine(title).AppendLine();
        foreach (double share in FalseShares)
        {
            _report.AppendLine(CultureInfo.InvariantCulture, $"Share of copies found where {share:0.####} of the pairs of different pictures pass:");
            _report.AppendLine($"| measure | threshold | same kind | {string.Join(" | ", changes.Select(change => change.Name))} |");
            _report.AppendLine($"|---|---|---|{string.Concat(changes.Select(_ => "---|"))}");
            foreach (CopyMeasure measure in CopyMeasure.All)
            {
                (double[] all, double[] kin) = CompareDifferent(measure, originals, isUsed, pictures);
                double threshold = all[(int)(all.Length * share)];
                AddRow(measure, threshold, kin, originals, isUsed, copies);
            }

            _report.AppendLine();
        }

        _report.AppendLine("The product's measures by threshold:");
        foreach (CopyMeasure measure in CopyMeasure.All.Take(4))
        {
            (double[] all, double[] kin) = CompareDifferent(measure, originals, isUsed, pictures);
            foreach (double threshold in Thresholds)
            {
                AddRow(measure with { Name = FormattableString.Invariant($"{measure.Name}, {Share(all, threshold):0.00000} of all pairs") },
                    threshold, kin, originals, isUsed, copies);
            }
        }

        AddCodes(originals, isUsed, copies);
        _report.AppendLine();
    }

    private void AddRow(CopyMeasure measure, double threshold, double[] kin, CopySubject[] originals, bool[] isUsed, CopySubject[][] copies)
    {
        IEnumerable<string> found = copies.Select(changed => ConfidenceInterval.OfShares(
            [.. Enumerable.Range(0, originals.Length).Where(i => isUsed[i])
                .Select(i => changed[i].Rows.RowCount > 0 && measure.Compare(originals[i], changed[i]) >= threshold ? 1.0 : 0)])
            .ToString());
        _report.AppendLine(CultureInfo.InvariantCulture,
            $"| {measure.Name} | {threshold:0.000} | {Share(kin, threshold):0.0000} | {string.Join(" | ", found)} |");
    }

    // Of pairs that the sum of rows takes for copies, the share that codes of 512 bits do not lose.
    private void AddCodes(CopySubject[] originals, bool[] isUsed, CopySubject[][] copies)
    {
        SignSketch sketch = new(originals[0].Rows.Dimension);
        foreach (double threshold in Thresholds)
        {
            List<double> kept = [];
            foreach (CopySubject[] changed in copies)
            {
                kept.AddRange(Enumerable.Range(0, originals.Length)
                    .Where(i => isUsed[i] && CopyMeasure.All[0].Compare(originals[i], changed[i]) >= threshold)
                    .Select(i => SignSketch.Distance(Encode(originals[i]), Encode(changed[i])))
                    .Select(distance => distance <= SignSketch.GetRadius(threshold) ? 1.0 : 0));
            }

            _report.AppendLine(CultureInfo.InvariantCulture,
                $"codes keep {(kept.Count > 0 ? kept.Average() : 1):0.0000} of {kept.Count} copies at {threshold:0.00} (radius {SignSketch.GetRadius(threshold)})");
        }

        ulong[] Encode(CopySubject subject)
        {
            ulong[] code = new ulong[SignSketch.WordCount];
            sketch.Encode(EntrySimilarity.SumOf(subject.Rows), code);
            return code;
        }
    }

    // All pairs and those of one kind, highest first.
    private static (double[] All, double[] Kin) CompareDifferent(
        CopyMeasure measure, CopySubject[] subjects, bool[] isUsed, List<(RgbImage Picture, string Kind)> pictures)
    {
        List<double> all = [], kin = [];
        object gate = new();
        Parallel.For(0, subjects.Length, i =>
        {
            for (int j = i + 1; j < subjects.Length; j++)
            {
                if (isUsed[i] && isUsed[j])
                {
                    double similarity = measure.Compare(subjects[i], subjects[j]);
                    lock (gate)
                    {
                        all.Add(similarity);
                        if (pictures[i].Kind == pictures[j].Kind)
                        {
                            kin.Add(similarity);
                        }
                    }
                }
            }
        });
        return ([.. all.OrderDescending()], [.. kin.OrderDescending()]);
    }

    private static double Share(double[] similarities, double threshold) =>
        similarities.Length == 0 ? 0 : similarities.Count(similarity => similarity >= threshold) / (double)similarities.Length;
}
