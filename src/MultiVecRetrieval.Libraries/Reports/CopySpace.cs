using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>A space by which copies are found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Threshold">Similarity from which two entries are near duplicates.</param>
/// <param name="ComparesPictures">True where it compares what pictures show, false where it reads words.</param>
/// <param name="Sketch">Codes of its rows.</param>
internal sealed record CopySpace(string Name, double Threshold, bool ComparesPictures, SignSketch Sketch)
{
    // Two pages that have a few words are not copies for that.
    private const int MinWords = 12;

    /// <summary>What is taken off the threshold of words for pages that look alike.</summary>
    public const double LookShare = 0.1;

    private const double FrameLeeway = 1 / 3.0;

    public string Source => $"vectors:{Name}";

    /// <summary>Similarity from which two frames are taken for the same. A run of frames in the same order is surer than one picture, and
    /// frames of a copy are taken at other moments of a second.</summary>
    public double FrameThreshold => Threshold - ((1 - Threshold) * FrameLeeway);

    /// <summary>Similarity from which two entries are near duplicates: of pages less where they also look alike.</summary>
    public double GetThreshold(bool looksAlike) => looksAlike && !ComparesPictures ? Threshold - LookShare : Threshold;

    /// <summary>False for an entry of which the space knows too little. What a model reads in a picture that is no page may be shapes
    /// that it takes for words.</summary>
    public bool Knows(Entry entry, MultiVector rows) =>
        ComparesPictures ? rows.RowCount > 0 : entry.MediaType == MediaType.Page && rows.RowCount >= MinWords;

    /// <summary>
    /// The spaces in which a picture is compared with a picture: of models that compare what is shown, and of those that read words.
    /// Models that only words are asked of, and sentence encoders, say nothing of copies.
    /// </summary>
    /// <param name="spaces">The spaces of a collection.</param>
    /// <param name="models">Their models.</param>
    /// <param name="threshold">In place of what each model says; null for that.</param>
    /// <param name="notices">Told of spaces whose model is not there.</param>
    public static IReadOnlyList<CopySpace> Choose(
        IReadOnlyList<Space> spaces, ModelShelf models, double? threshold, List<string> notices)
    {
        List<CopySpace> chosen = [];
        foreach (Space space in spaces.Where(space => space.State == SpaceState.Live))
        {
            try
            {
                ModelContract contract = models.GetContract(models.FindForSpace(space));
                if (contract.EncodesImages && (contract.ComparesPictures || !contract.IsSemantic))
                {
                    chosen.Add(new CopySpace(
                        space.Name, threshold ?? contract.CopySimilarity, contract.ComparesPictures, new SignSketch(space.Dimension)));
                }
            }
            catch (ModelNotFoundException missing)
            {
                notices.Add($"Space '{space.Name}' was not compared, because its model says what its similarities mean: {missing.Notice}");
            }
        }

        return [.. chosen.OrderByDescending(space => space.ComparesPictures)];
    }
}
