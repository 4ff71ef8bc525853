using System.Numerics;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class PerceptualHashTests
{
    private static readonly ImageDecoder Decoder = new(new MediaLimits());

    [Fact]
    public void Compute_RescaledRecompressedAndBrightened_StaysClose()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            RgbImage picture = Scene(seed, 400, 300);
            ulong hash = PerceptualHash.Compute(picture);

            int recompressed = Distance(hash, Decoder.Decode(Decoder.EncodeJpeg(picture, 400, quality: 40)));
            int reduced = Distance(hash, Decoder.Decode(Decoder.EncodeJpeg(picture, 130)));
            int brightened = Distance(hash, new RgbImage(400, 300, [.. picture.Pixels.Select(v => (byte)Math.Min(255, (v * 0.9) + 12))]));

            Assert.InRange(Math.Max(Math.Max(recompressed, reduced), brightened), 0, 6);
        }
    }

    [Fact]
    public void Compute_DifferentPictures_AreFarApart()
    {
        ulong[] hashes = [.. Enumerable.Range(0, 40).Select(seed => PerceptualHash.Compute(Scene(seed, 200, 150)))];

        List<int> distances = [];
        for (int i = 0; i < hashes.Length; i++)
        {
            distances.AddRange(hashes[..i].Select(other => BitOperations.PopCount(other ^ hashes[i])));
        }

        // 780 pairs of unrelated pictures: independent fair bits would give 32 ± 4.
        Assert.InRange(distances.Average(), 28, 36);
        Assert.InRange(distances.Min(), 11, 64);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(31, 33)]
    [InlineData(97, 13)]
    public void Compute_FlatPictureOfAnySize_IsZero(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)200);

        Assert.Equal(0UL, PerceptualHash.Compute(new RgbImage(width, height, pixels)));
    }

    private static int Distance(ulong hash, RgbImage image) => BitOperations.PopCount(hash ^ PerceptualHash.Compute(image));

    // Soft blobs of light on a slope: like photographs, most of their power lies in low frequencies.
    private static RgbImage Scene(int seed, int width, int height)
    {
        Random random = new(seed);
        (double X, double Y, double R, double Light)[] blobs =
            [.. Enumerable.Range(0, 14)
                .Select(_ =>
                (random.NextDouble(), random.NextDouble(), 0.04 + (0.16 * random.NextDouble()), random.Next(-110, 110) * 1.0))];
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            double x = (i % width + 0.5) / width;
            double y = (i / width + 0.5) / height;
            double light = 128 + blobs.Sum(b => b.Light * Math.Exp(-(((x - b.X) * (x - b.X)) + ((y - b.Y) * (y - b.Y))) / (b.R * b.R)));
            pixels.AsSpan(i * 3, 3).Fill((byte)Math.Clamp(light, 0, 255));
        }

        return new RgbImage(width, height, pixels);
    }
}
