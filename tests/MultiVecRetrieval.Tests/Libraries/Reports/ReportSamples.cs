using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

/// <summary>Files for reports, whose vectors by <see cref="PlantedEncoder"/> are known.</summary>
internal static class ReportSamples
{
    /// <summary>The planted encoder with another similarity of copies.</summary>
    public static PlantedEncoder CreateEncoder(double copySimilarity)
    {
        PlantedEncoder encoder = PlantedEncoder.CreateSplit();
        encoder.Write("encoder.json", FormattableString.Invariant($$"""{ "copySimilarity": {{copySimilarity}} }"""));
        return encoder;
    }

    /// <summary>A picture of one colour.</summary>
    public static void WriteColour(this SampleLibrary sample, string name, byte red, byte green, byte blue, int width = 40) =>
        sample.Write(name, SampleLibrary.Png(PlantedEncoder.Plain(width, 30, (red, green, blue))));

    /// <summary>The cosine of what the planted encoder gives for two colours.</summary>
    public static double GetCosine((int Red, int Green, int Blue) a, (int Red, int Green, int Blue) b)
    {
        double[] Vector((int Red, int Green, int Blue) color) =>
            [3 * ((color.Red / 127.5) - 1), 3 * ((color.Green / 127.5) - 1), 3 * ((color.Blue / 127.5) - 1), 0.3];
        (double[] x, double[] y) = (Vector(a), Vector(b));
        double Dot(double[] u, double[] v) => u.Zip(v, (p, q) => p * q).Sum();
        return Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y));
    }

    public static RgbImage Half(RgbImage picture) => MultiVecRetrieval.Encoding.Preprocessing.PillowResampler.Resize(
        picture, picture.Width / 2, picture.Height / 2, MultiVecRetrieval.Encoding.Preprocessing.ResampleFilter.Lanczos);
}
