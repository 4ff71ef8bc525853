using System.Security.Cryptography;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

/// <summary>The synthetic picture p(x, y, c) = (7x + 13y + 29c + (x·y mod 31)) mod 256, whose resized bytes are known from
/// Pillow.</summary>
internal static class PlantedImage
{
    public static RgbImage Create(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++, i++)
                {
                    pixels[i] = (byte)((7 * x) + (13 * y) + (29 * c) + (x * y % 31));
                }
            }
        }

        return new RgbImage(width, height, pixels);
    }

    public static byte[] CreateGray(int width, int height) => [.. Create(width, height).Pixels.Where((_, i) => i % 3 == 0)];

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
