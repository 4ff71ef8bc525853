using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Makes the report on recompression of one generation of a collection.</summary>
internal sealed class VectorDrift(
    string collection, Snapshot snapshot, ModelShelf models, PictureSource pictures, MediaLimits limits, RecompressionRequest request,
    IProgress<ReportProgress>? progress, CancellationToken cancellationToken)
{
    private const int Seed = 1;

    // As many rows as a search by an example takes.
    private const int MaxQueryRows = 256;

    private readonly ImageDecoder _decoder = new(limits);
    private readonly Dictionary<(string Space, string Change), List<(double Similarity, bool IsFirst)>> _found = [];
    private readonly List<string> _notices = [];

    public RecompressionReport Run()
    {
        List<(Space Space, EncoderModel Model)> spaces = FindModels();
        (string Name, Func<RgbImage, RgbImage> Apply)[] changes = GetChanges();
        EntryReader reader = new(snapshot, request.Filter, cancellationToken);
        ReportEntry[] entries = [.. reader.Read().Where(entry => entry.Entry.MediaType == MediaType.Image)];
        new Random(Seed).Shuffle(entries);
        ReportStage stage = new(progress, "encoding", Math.Min(entries.Length, request.SampleSize));
        (int done, int missing) = (0, 0);
        foreach (ReportEntry entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (done == request.SampleSize || spaces.Count == 0)
            {
                break;
            }

            if (TryRead(entry) is { } picture)
            {
                Array.ForEach(changes, change => Measure(entry, change.Name, change.Apply(picture), spaces));
                stage.Report(++done);
            }
            else
            {
                missing++;
            }
        }

        if (missing > 0)
        {
            _notices.Add($"{missing} pictures were passed over, because their files are gone, have changed or cannot be read.");
        }

        if (done == 0)
        {
            _notices.Add("There was no picture to encode anew.");
        }

        return new RecompressionReport
        {
            PictureCount = done,
            Measurements = [.. spaces.SelectMany(space => changes.Select(change => Summarize(space.Space.Name, change.Name)))
                .OfType<RecompressionMeasurement>()],
            Notices = _notices,
        };
    }

    private (string Name, Func<RgbImage, RgbImage> Apply)[] GetChanges()
    {
        (string, Func<RgbImage, RgbImage>) Jpeg(int quality) => ($"JPEG {quality}", picture =>
            _decoder.Decode(_decoder.EncodeJpeg(picture, Math.Max(picture.Width, picture.Height), quality)));
        return
        [
            ("none", picture => picture), Jpeg(95), Jpeg(75), Jpeg(50), Jpeg(30),
            ("half size", picture => PillowResampler.Resize(
                picture, Math.Max(1, picture.Width / 2), Math.Max(1, picture.Height / 2), ResampleFilter.Lanczos)),
        ];
    }

    private List<(Space Space, EncoderModel Model)> FindModels()
    {
        List<(Space, EncoderModel)> found = [];
        foreach (Space space in snapshot.Spaces.Where(space => space.State == SpaceState.Live))
        {
            try
            {
                string folder = models.FindForSpace(space);
                if (models.GetContract(folder).EncodesImages)
                {
                    found.Add((space, models.Load(folder)));
                }
            }
            catch (ModelNotFoundException missing)
            {
                _notices.Add(missing.Notice);
            }
        }

        return found;
    }

    private RgbImage? TryRead(ReportEntry entry)
    {
        try
        {
            return pictures.Read(collection, snapshot.Documents.Get(entry.Document.Key)!, entry.Entry, Place.Whole, cancellationToken);
        }
        catch (Exception error) when (error is SourceMissingException or MediaException)
        {
            return null;
        }
    }

    private void Measure(ReportEntry entry, string change, RgbImage picture, List<(Space Space, EncoderModel Model)> spaces)
    {
        IReadOnlyList<EncodedImage> encoded = EncoderModel.EncodeImage(
            [.. spaces.Select(space => space.Model)], picture, ImageRole.Picture, cancellationToken);
        for (int i = 0; i < spaces.Count; i++)
        {
            Space space = spaces[i].Space;
            MultiVector rows = encoded[i].Rows;
            if (rows.RowCount > 0 && snapshot.Entries.GetVectors(entry.Key, space.Name) is { RowCount: > 0 } stored)
            {
                if (!_found.TryGetValue((space.Name, change), out List<(double, bool)>? list))
                {
                    _found[(space.Name, change)] = list = [];
                }

                list.Add((EntrySimilarity.Compute(ToUnit(rows), ToUnit(stored)), IsFirst(entry, space, rows)));
            }
        }
    }

    private bool IsFirst(ReportEntry entry, Space space, MultiVector rows)
    {
        int count = Math.Min(rows.RowCount, MaxQueryRows);
        float[] taken = [.. Enumerable.Range(0, count).SelectMany(i => rows.Row((int)((long)i * rows.RowCount / count)).ToArray())];
        SearchRequest search = new()
        {
            Vectors = [new VectorQuery { Space = space.Name, SpaceId = space.Id, Rows = new MultiVector(rows.Dimension, taken) }],
            Top = 1,
        };
        return snapshot.Search(search, cancellationToken).Hits is [{ } first, ..]
            && (first.Entry.Key == entry.Key
                || snapshot.Documents.Get(first.Entry.DocumentKey)?.ContentHash == entry.Document.ContentHash);
    }

    private RecompressionMeasurement? Summarize(string space, string change)
    {
        if (!_found.TryGetValue((space, change), out List<(double Similarity, bool IsFirst)>? list))
        {
            return null;
        }

        double[] sorted = [.. list.Select(one => one.Similarity).Order()];
        return new RecompressionMeasurement(
            space, change, list.Count, Math.Round(sorted.Average(), 5), Math.Round(sorted[sorted.Length / 20], 5), Math.Round(sorted[0], 5),
            Math.Round(list.Average(one => one.IsFirst ? 1.0 : 0), 4));
    }

    // Some models give rows whose length says something; what is compared here is their direction.
    private static MultiVector ToUnit(MultiVector rows) => new(
        rows.Dimension, [.. Enumerable.Range(0, rows.RowCount).SelectMany(row => EntrySimilarity.SumOf(rows, [row]))]);
}
