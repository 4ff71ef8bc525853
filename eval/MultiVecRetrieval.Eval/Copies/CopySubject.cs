using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Copies;

/// <summary>A picture as each measure of likeness sees it.</summary>
/// <param name="Rows">Rows of the model.</param>
/// <param name="Hash">The perceptual hash.</param>
/// <param name="Colours">The colour histogram.</param>
internal sealed record CopySubject(MultiVector Rows, ulong Hash, float[] Colours)
{
    public static CopySubject Of(EncoderModel model, ImageRole role, RgbImage picture) => new(
        model.Encode([model.Prepare(picture, role)])[0], PerceptualHash.Compute(picture), ColourHistogram.Compute(picture));
}
