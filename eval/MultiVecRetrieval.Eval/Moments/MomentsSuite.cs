using System.Globalization;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Eval.Moments;

/// <summary>
/// How well the moment of a video is found at which something is shown: videos spliced of shots whose cuts are known, each of them a
/// photograph that the camera moves over, asked for by the photograph's name; and whether a video is told from the same shots in the
/// opposite order when one thing is asked for after another.
/// </summary>
/// <param name="cacheFolder">Holds the package of photographs.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class MomentsSuite(string cacheFolder, Action<string> log)
{
    private const int Videos = 30;
    private const int ShotsOfVideo = 10;
    private const int PairsOfVideo = 10;
    private const double FramesPerSecond = 2;
    private const double WindowSeconds = 6;

    private readonly ImageDecoder _decoder = new(new MediaLimits());

    public string Run()
    {
        StampPhoto[] photos =
            [.. StampPhoto.Fetch(cacheFolder, log).DistinctBy(photo => photo.Name)];
        using EncoderModel model = EncoderModel.Load(Path.Combine(BundledModels.Folder, "photos"));
        Random random = new(1);
        string[] methods =
        [
            "the best frame", $"the best {WindowSeconds:0} s", "inside minus outside", "least-squares box", "control: a shot by chance",
        ];
        Dictionary<string, List<double>> overlaps = methods.ToDictionary(method => method, _ => new List<double>());
        List<double> ordered = [], first = [], second = [];
        int questions = 0;
        for (int video = 0; video < Videos; video++)
        {
            log($"video {video + 1} of {Videos}");
            random.Shuffle(photos);
            (List<MultiVector> frames, List<Moment> shots) = Splice(model, photos.AsSpan(0, ShotsOfVideo), random);
            double[] starts = [.. Enumerable.Range(0, frames.Count).Select(i => i / FramesPerSecond)];
            double[] ends = [.. starts.Select(start => start + (1 / FramesPerSecond))];
            for (int shot = 0; shot < ShotsOfVideo; shot++)
            {
                double[] scores = Score(model, photos[shot].Name, frames);
                questions++;
                Moment truth = shots[shot];
                int best = Array.IndexOf(scores, scores.Max());
                overlaps[methods[0]].Add(MomentFinder.Overlap(new Moment(starts[best], ends[best], 0), truth));
                overlaps[methods[1]].Add(MomentFinder.Overlap(BestWindow(scores, (int)(WindowSeconds * FramesPerSecond)), truth));
                overlaps[methods[2]].Add(MomentFinder.Overlap(Contrast(scores), truth));
                overlaps[methods[3]].Add(
                    MomentFinder.Find(starts, ends, scores, 1) is [{ } found] ? MomentFinder.Overlap(found, truth) : 0);
                overlaps[methods[4]].Add(MomentFinder.Overlap(shots[random.Next(ShotsOfVideo)], truth));
            }

            for (int pair = 0; pair < PairsOfVideo; pair++)
            {
                int earlier = random.Next(ShotsOfVideo - 1);
                int later = random.Next(earlier + 1, ShotsOfVideo);
                double[][] scores = [.. new[] { earlier, later }.Select(shot => Score(model, photos[shot].Name, frames))];
                int[] turned = [.. shots.AsEnumerable().Reverse().SelectMany(shot => Enumerable.Range(
                    (int)(shot.StartSeconds * FramesPerSecond), (int)(shot.Length * FramesPerSecond)))];
                double[] lengths = [.. frames.Select(_ => 1 / FramesPerSecond)];
                EventSequence found = SequenceFinder.Find(lengths, scores)!;
                EventSequence other = SequenceFinder.Find(
                    lengths, [.. scores.Select(own => turned.Select(frame => own[frame]).ToArray())])!;
                ordered.Add(found.Share > other.Share ? 1 : found.Share == other.Share ? 0.5 : 0);
                first.Add(MomentFinder.Overlap(ToMoment(found.Events[0]), shots[earlier]));
                second.Add(MomentFinder.Overlap(ToMoment(found.Events[1]), shots[later]));
            }
        }

        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Videos} videos of {ShotsOfVideo} shots of 2 to 12 s, {FramesPerSecond} frames a second, {questions} questions by name");
        report.AppendLine().AppendLine("| the first moment by | R@1 IoU .5 | R@1 IoU .7 | mean IoU |").AppendLine("|---|---|---|---|");
        foreach (string method in methods)
        {
            List<double> found = overlaps[method];
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {method} | {Share(found, 0.5)} | {Share(found, 0.7)} | {found.Average():0.000} |");
        }

        report.AppendLine()
            .Append(CultureInfo.InvariantCulture, $"{ordered.Count} questions for one thing after another: the video comes before the same shots in ")
            .Append(CultureInfo.InvariantCulture, $"the opposite order in {ConfidenceInterval.OfShares([.. ordered])} (the parts alone: 0.5); ")
            .AppendLine(CultureInfo.InvariantCulture, $"mean IoU of the first {first.Average():0.000}, of the second {second.Average():0.000}");
        return report.Append(Machine.Describe()).ToString();
    }

    private static double[] Score(EncoderModel model, string name, List<MultiVector> frames)
    {
        MultiVector query = model.EncodeText(name).Rows;
        return [.. frames.Select(frame => (double)MaxSim.Score(query.View, frame.View))];
    }

    private static Moment ToMoment(FrameSpan span) => new(span.First / FramesPerSecond, span.End / FramesPerSecond, span.Score);

    private static string Share(List<double> overlaps, double least) =>
        ConfidenceInterval.OfShares([.. overlaps.Select(overlap => overlap >= least ? 1.0 : 0)]).ToString();

    // Every frame is another part of the photograph, in a light that changes a little.
    private (List<MultiVector> Frames, List<Moment> Shots) Splice(EncoderModel model, ReadOnlySpan<StampPhoto> photos, Random random)
    {
        List<MultiVector> frames = [];
        List<Moment> shots = [];
        foreach (StampPhoto photo in photos)
        {
            RgbImage picture = _decoder.DecodeFile(photo.Path);
            int count = random.Next(4, 25);
            shots.Add(new Moment(frames.Count / FramesPerSecond, (frames.Count + count) / FramesPerSecond, 0));
            (double x, double y) = (random.NextDouble(), random.NextDouble());
            for (int i = 0; i < count; i++)
            {
                double size = 0.6 + (0.35 * random.NextDouble());
                x = Math.Clamp(x + (0.3 * (random.NextDouble() - 0.5)), 0, 1);
                y = Math.Clamp(y + (0.3 * (random.NextDouble() - 0.5)), 0, 1);
                RgbImage frame = picture.Crop(new Place(
                    (float)(x * (1 - size)), (float)(y * (1 - size)), (float)((x * (1 - size)) + size), (float)((y * (1 - size)) + size)));
                double light = 0.8 + (0.4 * random.NextDouble());
                RgbImage lit = new(frame.Width, frame.Height, [.. frame.Pixels.Select(value => (byte)Math.Min(255, value * light))]);
                frames.Add(model.EncodeImage(lit));
            }
        }

        return (frames, shots);
    }

    private static Moment BestWindow(double[] scores, int width)
    {
        width = Math.Min(width, scores.Length);
        int best = Enumerable.Range(0, scores.Length - width + 1).MaxBy(first => scores.AsSpan(first, width).ToArray().Sum());
        return new Moment(best / FramesPerSecond, (best + width) / FramesPerSecond, 0);
    }

    // TFVTG's static score: windows of multiples of 2 s up to half of the video.
    private static Moment Contrast(double[] scores)
    {
        int step = (int)(2 * FramesPerSecond);
        (double Score, int First, int Width) best = (double.NegativeInfinity, 0, step);
        for (int width = step; width <= scores.Length / 2; width += step)
        {
            for (int first = 0; first + width <= scores.Length; first++)
            {
                double inside = scores.AsSpan(first, width).ToArray().Average();
                double outside = (scores.Sum() - (inside * width)) / (scores.Length - width);
                if (inside - outside > best.Score)
                {
                    best = (inside - outside, first, width);
                }
            }
        }

        return new Moment(best.First / FramesPerSecond, (best.First + best.Width) / FramesPerSecond, 0);
    }
}
