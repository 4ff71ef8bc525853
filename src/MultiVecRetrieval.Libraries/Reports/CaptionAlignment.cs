using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>
/// Makes the report on captions of one generation of a collection. What similarity a caption has with pictures that it says nothing of
/// depends on the caption, so each is compared with its own picture and with a sample of others, and what counts is how many of those it
/// fits less.
/// </summary>
internal sealed class CaptionAlignment(
    Snapshot snapshot, ModelShelf models, AlignmentRequest request, IProgress<ReportProgress>? progress,
    CancellationToken cancellationToken)
{
    private const int SampleSize = 256;
    private const int MinPictures = 10;
    private const int Seed = 1;

    // A better caption fits the picture better than nearly all others that it could belong to.
    private const double FittingPercentile = 0.95;

    // Below it every third caption or more is given to another picture.
    private const double TrustedPercentile = 0.65;

    private static readonly string[] Fields = ["description", "title"];

    private readonly List<string> _notices = [];

    public AlignmentReport Run()
    {
        List<CaptionedPicture> pictures = Read(out int without);
        AlignmentReport none = new() { PictureCount = 0, WithoutCaptionCount = without + pictures.Count };
        if (pictures.Count < MinPictures)
        {
            return none with
            {
                Notices = [$"{pictures.Count} pictures have a caption; comparing takes at least {MinPictures}. A caption is the description or the title in "
                    + "a picture's EXIF, IPTC or XMP, or the text beside it."],
            };
        }

        AlignmentReport? best = null;
        foreach (Space space in snapshot.Spaces.Where(space => space.State == SpaceState.Live))
        {
            if (FindModel(space) is { } contract && Compare(space, contract, pictures, without) is { } report
                && report.MeanPercentile > (best?.MeanPercentile ?? 0))
            {
                best = report;
            }
        }

        if (best is null)
        {
            _notices.Add("No model of this collection compares words with what pictures show; index with one (photos, CLIP, SigLIP).");
        }

        return (best ?? none) with { Notices = [.. best?.Notices ?? [], .. _notices] };
    }

    private List<CaptionedPicture> Read(out int without)
    {
        List<CaptionedPicture> captions = [];
        without = 0;
        string? after = null;
        while (snapshot.Documents.List(request.Filter, after, limit: 1_000) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Document document in page.Where(document => document.MediaType == MediaType.Image))
            {
                string? field = Fields.FirstOrDefault(name => document.Metadata.TryGetValue(name, out MetadataValue value)
                    && value.Value is string text && !string.IsNullOrWhiteSpace(text));
                string? caption = field is null ? document.Title : (string)document.Metadata[field].Value;
                if (string.IsNullOrWhiteSpace(caption))
                {
                    without++;
                }
                else
                {
                    captions.Add(new CaptionedPicture(document.Key, caption.Trim(), field ?? "title"));
                }
            }

            after = page[^1].Key;
        }

        return captions;
    }

    // The model that reads texts for a space that it, or another one, filled with what pictures show; null for another space.
    private ModelContract? FindModel(Space space)
    {
        try
        {
            ModelContract filled = models.GetContract(models.FindForSpace(space));
            ModelContract asked = models.GetContract(models.FindForQueries(space));
            return filled is { EncodesImages: true, IsSemantic: true } && asked.EncodesText ? asked : null;
        }
        catch (ModelNotFoundException missing)
        {
            _notices.Add(missing.Notice);
            return null;
        }
    }

    private AlignmentReport? Compare(Space space, ModelContract contract, List<CaptionedPicture> pictures, int without)
    {
        CaptionSample sample = new(models.Load(models.FindForQueries(space)), ReadSample(space, pictures));
        ReportStage stage = new(progress, $"comparing captions in {space.Name}", pictures.Count);
        List<ComparedCaption> compared = [];
        for (int i = 0; i < pictures.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (contract.CanRead(pictures[i].Caption) && snapshot.Entries.GetVectors(pictures[i].Key, space.Name) is { RowCount: > 0 } rows
                && sample.Compare(pictures[i], rows, cancellationToken) is { } found)
            {
                compared.Add(found);
            }

            stage.Report(i + 1);
        }

        if (compared.Count < MinPictures)
        {
            return null;
        }

        double mean = compared.Average(caption => caption.Percentile);
        ComparedCaption[] worst =
        [
            .. compared.OrderBy(caption => caption.Percentile).ThenBy(caption => caption.Deviation)
                .ThenBy(caption => caption.Picture.Key, StringComparer.Ordinal).Take(request.Limit),
        ];
        ReportStage looking = new(progress, "looking for better captions", worst.Length);
        List<CaptionFit> fits = [];
        foreach (ComparedCaption caption in worst)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fits.Add(ToFit(caption, contract, FindBetter(caption, compared, sample, space, contract)));
            looking.Report(fits.Count);
        }

        return new AlignmentReport
        {
            PictureCount = compared.Count,
            WithoutCaptionCount = without + pictures.Count - compared.Count,
            Space = space.Name,
            MeanPercentile = Math.Round(mean, 4),
            Worst = fits,
            Notices = [Judge(space, mean)],
        };
    }

    private List<SamplePicture> ReadSample(Space space, List<CaptionedPicture> pictures)
    {
        CaptionedPicture[] shuffled = [.. pictures];
        new Random(Seed).Shuffle(shuffled);
        List<SamplePicture> sample = [];
        foreach (CaptionedPicture picture in shuffled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (sample.Count < SampleSize && snapshot.Entries.GetVectors(picture.Key, space.Name) is { RowCount: > 0 } rows)
            {
                sample.Add(new SamplePicture(picture, rows));
            }
        }

        return sample;
    }

    // A caption that is unspecific fits everything a little; what counts is by how many standard deviations it fits this picture more
    // than others.
    // Nor does it fit what the model takes not to be there.
    private BetterCaption? FindBetter(
        ComparedCaption own, List<ComparedCaption> captions, CaptionSample sample, Space space, ModelContract contract)
    {
        MultiVector rows = snapshot.Entries.GetVectors(own.Picture.Key, space.Name)!;
        ComparedCaption? best = null;
        (double deviation, double similarity) = (own.Deviation, 0);
        foreach (ComparedCaption other in captions.Where(other => other.Picture.Caption != own.Picture.Caption))
        {
            double found = CaptionSample.GetSimilarity(other.Rows, rows);
            if (other.GetDeviation(found) > deviation
                && HeatMap.Judge(found, contract.PresenceSimilarity, contract.PresenceWidth) is null or >= SearchHit.LikelyEvidence)
            {
                (best, deviation, similarity) = (other, other.GetDeviation(found), found);
            }
        }

        if (best is null)
        {
            return null;
        }

        double percentile = sample.GetPercentile(best.Rows, similarity, best.Picture, own.Picture);
        return percentile >= FittingPercentile && percentile > own.Percentile
            ? new BetterCaption(best.Picture.Key, best.Picture.Caption, Math.Round(percentile, 4), Math.Round(similarity, 4))
            : null;
    }

    private static CaptionFit ToFit(ComparedCaption caption, ModelContract contract, BetterCaption? better) => new()
    {
        Key = caption.Picture.Key,
        Caption = caption.Picture.Caption,
        Field = caption.Picture.Field,
        Percentile = Math.Round(caption.Percentile, 4),
        Similarity = Math.Round(caption.Similarity, 4),
        Evidence = HeatMap.Judge(caption.Similarity, contract.PresenceSimilarity, contract.PresenceWidth) is { } evidence
            ? Math.Round(evidence, 4)
            : null,
        Better = better,
    };

    private static string Judge(Space space, double mean)
    {
        string share = mean.ToString("0.00", CultureInfo.InvariantCulture);
        return mean < TrustedPercentile
            ? $"'{space.Name}' gives a caption to its own picture rather than to another one with probability {share}; chance is 0.50. It hardly tells these "
                + "captions apart, so what it lists may be as right as the rest."
            : $"'{space.Name}' gives a caption to its own picture rather than to another one with probability {share}; chance is 0.50. A caption is "
                + "judged by what the model knows: names, places, doings and dates fit no picture for it.";
    }
}
