using System.Diagnostics;
using MultiVecRetrieval.Benchmarks.Generators;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>What the generated vectors are like, and how fast they are made: one operation is one page or one picture, on one
/// core.</summary>
internal static class GeneratorsBenchmark
{
    /// <summary>Prints both.</summary>
    public static int Run()
    {
        Console.WriteLine(Machine.Describe());
        PageVectors pages = new(seed: 1);
        Console.WriteLine($"pages, d = {pages.Dimension}: {PageStatistics.Measure(pages, 300)}");
        float[] page = new float[PageVectors.DefaultRowCount * pages.Dimension];
        PrintRate("pages", i => pages.Fill(i, page));

        PictureVectors pictures = new(seed: 1);
        Console.WriteLine($"pictures, d = {pictures.Dimension}: {PictureStatistics.Measure(pictures, 20_000)}");
        float[] picture = new float[pictures.Dimension];
        PrintRate("pictures", i => pictures.FillPicture(i, picture));
        return 0;
    }

    private static void PrintRate(string name, Action<int> make)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        int count = 0;
        while (watch.ElapsedMilliseconds < 2000)
        {
            make(count++);
        }

        Console.WriteLine($"{count / (Environment.CpuUsage.TotalTime - start).TotalSeconds:n0} {name} a second of one core");
    }
}
