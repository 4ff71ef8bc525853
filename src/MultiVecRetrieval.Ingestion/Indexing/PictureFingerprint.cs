using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What a picture is compared with others by.</summary>
internal static class PictureFingerprint
{
    /// <summary>The perceptual hash; null for a picture without structure, because all black frames would be duplicates of each
    /// other.</summary>
    public static Fingerprint? Of(RgbImage image, Place place)
        => PerceptualHash.Compute(image) is not 0 and var hash ? new Fingerprint(hash, place) : null;
}
