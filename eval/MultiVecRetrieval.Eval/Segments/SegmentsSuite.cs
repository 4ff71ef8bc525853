using System.Globalization;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Duplicates;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Segments;

/// <summary>
/// How well copied segments are found between videos: pairs of videos spliced of moving shots, in half of which a stretch of the first,
/// over several cuts, is changed and put into the second, between shots of the same kinds.
/// </summary>
/// <param name="cacheFolder">Holds the package of photographs.</param>
/// <param name="pairsOfChange">Pairs with a copy, and as many without, for each change.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class SegmentsSuite(string cacheFolder, int pairsOfChange, Action<string> log)
{
    private const int ShotsOfVideo = 8;
    private const double Overlap = 0.5;

    private static readonly double[] Thresholds = [0.75, 0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.96];

    private readonly ImageDecoder _decoder = new(new MediaLimits());

    public string Run()
    {
        StampPhoto[] photos = [.. StampPhoto.Fetch(cacheFolder, log)];
        using EncoderModel model = EncoderModel.Load(Path.Combine(BundledModels.Folder, "photos-alike"));
        List<VideoPair> pairs = [];
        Random random = new(1);
        foreach ((string change, double speed, Func<RgbImage, RgbImage> apply) in GetChanges())
        {
            log($"splicing and encoding {2 * pairsOfChange} pairs: {change}");
            for (int i = 0; i < 2 * pairsOfChange; i++)
            {
                pairs.Add(CreatePair(model, photos, random, change, speed, apply, isCopied: i % 2 == 0));
            }
        }

        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{pairs.Count} pairs of videos of {ShotsOfVideo} shots and more, a frame a second; in half of them 8 to 30 s are copied. A segment counts when both its spans overlap the truth by IoU {Overlap}.");
        report.AppendLine("| by | threshold | precision | recall | F1 | mean IoU of those found | pairs without a copy that have a segment |")
            .AppendLine("|---|---|---|---|---|---|---|");
        foreach (double threshold in Thresholds)
        {
            AddRow(report, "alignment of R-MAC and perceptual hashes", pairs, threshold, pair => Align(pair.Join(threshold), pair, threshold));
        }

        foreach (double threshold in Thresholds)
        {
            AddRow(report, "alignment of R-MAC alone", pairs, threshold, pair => Align(pair.Similarities, pair, threshold));
        }

        foreach (double threshold in Thresholds)
        {
            AddRow(report, "control: alignment of colour histograms", pairs, threshold, pair => Align(pair.Colours, pair, threshold));
        }

        foreach (int bits in new[] { 6, 10, 14 })
        {
            AddRow(report, "alignment of perceptual hashes alone, bits", pairs, bits,
                pair => Align([.. pair.Bits.Select(distance => 1 - (distance / 2 / bits))], pair, threshold: 0.5));
        }

        foreach (double threshold in Thresholds)
        {
            AddRow(report, "control: span of all like frames", pairs, threshold, pair => Cover(pair, threshold));
        }

        AddChanges(report, pairs);
        return report.Append(Machine.Describe()).ToString();
    }

    private (string Name, double Speed, Func<RgbImage, RgbImage> Apply)[] GetChanges()
    {
        RgbImage Recompress(RgbImage picture, double share, int quality) => _decoder.Decode(_decoder.EncodeJpeg(
            picture, Math.Max(16, (int)(share * Math.Max(picture.Width, picture.Height))), quality));
        return
        [
            ("other frames of the same", 1, picture => picture),
            ("recompressed (JPEG 30)", 1, picture => Recompress(picture, 1, 30)),
            ("half size, recompressed", 1, picture => Recompress(picture, 0.5, 50)),
            ("5 % cropped on each side", 1, picture => PictureChange.Crop(picture, 0.05)),
            ("1.25 times as fast", 1.25, picture => picture),
            ("0.8 times as fast, half size", 0.8, picture => Recompress(picture, 0.5, 50)),
        ];
    }

    private VideoPair CreatePair(EncoderModel model, StampPhoto[] photos, Random random, string change, double speed,
        Func<RgbImage, RgbImage> apply, bool isCopied)
    {
        StampPhoto[] shuffled = [.. photos];
        random.Shuffle(shuffled);
        SplicedVideo first = Splice(shuffled[..ShotsOfVideo], random);

        // Shots of the same kinds, of other photographs.
        HashSet<string> kinds = [.. shuffled[..ShotsOfVideo].Select(photo => photo.Kind)];
        StampPhoto[] kin = [.. shuffled[ShotsOfVideo..].OrderByDescending(photo => kinds.Contains(photo.Kind)).Take(ShotsOfVideo)];
        random.Shuffle(kin);
        SplicedVideo second = Splice(kin, random);
        AlignedSpans? truth = null;
        if (isCopied)
        {
            double length = 8 + (22 * random.NextDouble());
            double start = random.NextDouble() * (first.Seconds - length);
            int place = random.Next(1, second.Shots.Count);
            double before = second.Shots.Take(place).Sum(shot => shot.Seconds);
            second = new SplicedVideo(
                [.. second.Shots.Take(place), .. first.Cut(start, start + length, speed), .. second.Shots.Skip(place)]);
            truth = new AlignedSpans(new Moment(start, start + length, 1), new Moment(before, before + (length / speed), 1), 1, 1);
        }

        // The change is one of the whole second video, as it is where somebody recompresses what he cut together.
        return VideoPair.Create(model, change, truth, Sample(first, picture => picture), Sample(second, apply));
    }

    private SplicedVideo Splice(StampPhoto[] photos, Random random) => new(
        [.. photos.Select(photo => new CameraShot(_decoder.DecodeFile(photo.Path), random))
            .Select(shot => new SplicedShot(shot, 2.3 + (7 * random.NextDouble())))]);

    private static List<RgbImage> Sample(SplicedVideo video, Func<RgbImage, RgbImage> apply) =>
        [.. Enumerable.Range(0, (int)video.Seconds).Select(i => apply(video.Take(i + 0.5)))];

    private static IReadOnlyList<AlignedSpans> Align(float[] similarities, VideoPair pair, double threshold) =>
        SegmentAligner.Align(pair.First, pair.Second, similarities, new SegmentAlignment { Threshold = threshold });

    // From the first to the last frame of each that is like one of the other.
    private static IReadOnlyList<AlignedSpans> Cover(VideoPair pair, double threshold)
    {
        int width = pair.Second.Count;
        int[] like = [.. Enumerable.Range(0, pair.Similarities.Length).Where(i => pair.Similarities[i] >= threshold)];
        if (like.Length == 0)
        {
            return [];
        }

        return
        [
            new AlignedSpans(
                new Moment(like.Min(i => i / width), like.Max(i => i / width) + 1, 1),
                new Moment(like.Min(i => i % width), like.Max(i => i % width) + 1, 1), 1, 1),
        ];
    }

    private static void AddRow(
        StringBuilder report, string name, List<VideoPair> pairs, double threshold, Func<VideoPair, IReadOnlyList<AlignedSpans>> find)
    {
        (int found, int right, int wanted, int wrong, List<double> overlaps) = (0, 0, 0, 0, []);
        foreach (VideoPair pair in pairs)
        {
            IReadOnlyList<AlignedSpans> segments = find(pair);
            found += segments.Count;
            wrong += pair.Truth is null && segments.Count > 0 ? 1 : 0;
            wanted += pair.Truth is null ? 0 : 1;
            if (pair.Truth is not null && segments.Count > 0
                && segments.Max(segment => GetOverlap(segment, pair.Truth)) is >= Overlap and var best)
            {
                right++;
                overlaps.Add(best);
            }
        }

        double precision = found == 0 ? 1 : (double)right / found;
        double recall = (double)right / wanted;
        double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        report.AppendLine(CultureInfo.InvariantCulture,
            $"| {name} | {threshold:0.000} | {precision:0.000} | {recall:0.000} | {f1:0.000} | {(overlaps.Count > 0 ? overlaps.Average() : 0):0.000} | {wrong} of {pairs.Count - wanted} |");
    }

    private static void AddChanges(StringBuilder report, List<VideoPair> pairs)
    {
        report.AppendLine().AppendLine($"| change | {string.Join(" | ", Thresholds.Select(threshold => FormattableString.Invariant($"recall at {threshold:0.00}")))} |")
            .AppendLine($"|---|{string.Concat(Thresholds.Select(_ => "---|"))}");
        foreach (IGrouping<string, VideoPair> change in pairs.Where(pair => pair.Truth is not null).GroupBy(pair => pair.Change))
        {
            IEnumerable<string> recalls = Thresholds.Select(threshold => change.Average(pair => Align(pair.Join(threshold), pair, threshold)
                .Any(segment => GetOverlap(segment, pair.Truth!) >= Overlap) ? 1.0 : 0).ToString("0.00", CultureInfo.InvariantCulture));
            report.AppendLine($"| {change.Key} | {string.Join(" | ", recalls)} |");
        }
    }

    // A segment is as right as the worse of its spans.
    private static double GetOverlap(AlignedSpans segment, AlignedSpans truth) =>
        Math.Min(MomentFinder.Overlap(segment.First, truth.First), MomentFinder.Overlap(segment.Second, truth.Second));
}
