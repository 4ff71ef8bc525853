using System.Numerics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Reports;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Segments;

/// <summary>Two videos, what is copied, and how alike their frames are by each measure, [first × second]; of fingerprints by the bits in
/// which they differ.</summary>
internal sealed record VideoPair(
    string Change, AlignedSpans? Truth, IReadOnlyList<Moment> First, IReadOnlyList<Moment> Second, float[] Similarities, float[] Colours,
    float[] Bits)
{
    /// <summary>As the product compares frames: by vectors, or by fingerprints where those are more alike.</summary>
    public float[] Join(double threshold) =>
        [.. Similarities.Select((similarity, i) => Math.Max(similarity, FrameTrack.ToSimilarity((int)Bits[i], threshold)))];

    public static VideoPair Create(
        EncoderModel model, string change, AlignedSpans? truth, List<RgbImage> first, List<RgbImage> second)
    {
        float[][] Encode(List<RgbImage> frames) => [.. frames.Select(frame => EntrySimilarity.SumOf(model.EncodeImage(frame)))];
        float[][] Colours(List<RgbImage> frames) => [.. frames.Select(ColourHistogram.Compute)];
        ulong[] Hash(List<RgbImage> frames) => [.. frames.Select(PerceptualHash.Compute)];
        Moment[] Spans(List<RgbImage> frames) => [.. Enumerable.Range(0, frames.Count).Select(i => new Moment(i, i + 1, 1))];
        float Dot(float[] a, float[] b) => TensorPrimitives.Dot<float>(a, b);
        return new VideoPair(
            change, truth, Spans(first), Spans(second), Compare(Encode(first), Encode(second), Dot),
            Compare(Colours(first), Colours(second), Dot),
            Compare(Hash(first), Hash(second), (a, b) => (float)BitOperations.PopCount(a ^ b)));
    }

    private static float[] Compare<T>(T[] first, T[] second, Func<T, T, float> compare) =>
        [.. first.SelectMany(a => second.Select(b => compare(a, b)))];
}
