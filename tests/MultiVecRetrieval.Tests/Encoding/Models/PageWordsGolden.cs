using System.Globalization;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>A small page and what the PyTorch model made of it; written by tools/models/page-words/golden.py.</summary>
internal static class PageWordsGolden
{
    public const int Rows = 16;
    public const int Columns = 19;
    public const int Dimension = 128;

    private static readonly string Folder = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "page-words");

    public static float[] Vectors => ReadFloats("vectors.f32");

    public static float[] Saliency => ReadFloats("saliency.f32");

    public static float[] WordVectors => ReadFloats("words.f32");

    public static string[] Words => File.ReadAllLines(Path.Combine(Folder, "words.txt"));

    public static int[] Kept =>
        [.. File.ReadAllLines(Path.Combine(Folder, "kept.txt")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>The page as RGB, 300 × 120 pixels.</summary>
    public static RgbImage Page
    {
        get
        {
            byte[] file = File.ReadAllBytes(Path.Combine(Folder, "page.pgm"));
            Assert.StartsWith("P5\n300 120\n255\n", System.Text.Encoding.ASCII.GetString(file, 0, 20), StringComparison.Ordinal);
            byte[] rgb = new byte[300 * 120 * 3];
            for (int i = 0; i < rgb.Length; i++)
            {
                rgb[i] = file[file.Length - (300 * 120) + (i / 3)];
            }

            return new RgbImage(300, 120, rgb);
        }
    }

    private static float[] ReadFloats(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();
}
