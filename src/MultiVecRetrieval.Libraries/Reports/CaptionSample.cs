using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Pictures that captions of others are held against.</summary>
internal sealed class CaptionSample(EncoderModel model, IReadOnlyList<SamplePicture> pictures)
{
    private const double LeastSpread = 1e-6;

    /// <summary>Compares a caption with its own picture and with the others; null when the model reads nothing in it, or there are no
    /// others.</summary>
    public ComparedCaption? Compare(CaptionedPicture picture, MultiVector rows, CancellationToken cancellationToken)
    {
        MultiVector caption = model.EncodeText(picture.Caption, cancellationToken).Rows;
        double[] others = caption.RowCount == 0 ? [] : CompareOthers(caption, picture, picture);
        if (others.Length == 0)
        {
            return null;
        }

        double similarity = GetSimilarity(caption, rows);
        double mean = others.Average();
        double spread = Math.Sqrt(others.Average(other => (other - mean) * (other - mean)));
        return new ComparedCaption(
            picture, caption, similarity, Rank(others, similarity), mean, Math.Max(LeastSpread, spread));
    }

    /// <summary>The share of pictures, without two, that a caption fits less than by <paramref name="similarity"/>.</summary>
    public double GetPercentile(MultiVector caption, double similarity, CaptionedPicture owner, CaptionedPicture without) =>
        Rank(CompareOthers(caption, owner, without), similarity);

    /// <summary>The mean of the best inner product of each row of the caption.</summary>
    public static double GetSimilarity(MultiVector caption, MultiVector picture) =>
        MaxSim.Score(caption.View, picture.View) / caption.RowCount;

    // Pictures of the same caption are no others.
    private double[] CompareOthers(MultiVector caption, CaptionedPicture owner, CaptionedPicture without) =>
    [
        .. pictures.Where(other => other.Picture.Caption != owner.Caption && other.Picture.Key != without.Key)
            .Select(other => GetSimilarity(caption, other.Rows)),
    ];

    private static double Rank(double[] others, double similarity) => others.Length == 0
        ? 0.5
        : others.Sum(other => other < similarity ? 1 : other == similarity ? 0.5 : 0) / others.Length;
}
