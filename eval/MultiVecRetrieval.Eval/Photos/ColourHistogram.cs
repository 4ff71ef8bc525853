using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Eval.Photos;

/// <summary>The control for picture to picture: how often each of 64 colours occurs.</summary>
internal static class ColourHistogram
{
    /// <summary>A unit vector: the square roots of the shares, so that the inner product of two is their Bhattacharyya
    /// coefficient.</summary>
    public static float[] Compute(RgbImage picture)
    {
        float[] counts = new float[64];
        for (int i = 0; i < picture.Pixels.Length; i += 3)
        {
            counts[(picture.Pixels[i] >> 6 << 4) | (picture.Pixels[i + 1] >> 6 << 2) | (picture.Pixels[i + 2] >> 6)]++;
        }

        TensorPrimitives.Divide(counts, picture.Pixels.Length / 3, counts);
        TensorPrimitives.Sqrt(counts, counts);
        return counts;
    }
}
