using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

internal static class EvidenceSamples
{
    /// <summary>A unit row with this cosine to (1, 0).</summary>
    public static MultiVector Row(double cosine) => new(2, [(float)cosine, (float)Math.Sqrt(1 - (cosine * cosine))]);

    public static void AddBoth(this Collection collection, string key, double meaning, double seen) =>
        Samples.AddDocument(collection, key, Samples.Content(key) with
        {
            Vectors = new Dictionary<string, MultiVector> { ["meaning"] = Row(meaning), ["seen"] = Row(seen) },
        });
}
