using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>One operation is the reduction of one page of 1,030 x 128 rows with their places and saliencies, on one core.</summary>
internal static class ReduceBenchmark
{
    private const int PageCount = 4;

    private static readonly string[] DefaultSpecs =
    [
        "random:3", "grid:2", "average:2", "ward:3", "ward:9", "colpali:3", "merge:0.8", "duplicates", "blank",
        "saliency:33%", "saliency:25%,rest=80", "saliency:33%,by=density", "saliency:33%,by=distance", "saliency:33%,by=rarity",
            "feather:33%",
        "agc:3", "order", "order+prefix:64", "blank+ward:3",
    ];

    /// <summary>Prints milliseconds per page and the rows that are left.</summary>
    public static int Run(string[] options)
    {
        (int roundCount, int rowCount, int dimension) = (5, 1030, 128);
        List<string> specs = [];
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--rounds" when i + 1 < options.Length:
                    roundCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--shape" when i + 1 < options.Length:
                    int[] parts = [.. options[++i].Split('x').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
                    (rowCount, dimension) = (parts[0], parts[1]);
                    break;
                case "--spec" when i + 1 < options.Length:
                    specs.Add(options[++i]);
                    break;
                default:
                    Console.Error.WriteLine($"Unknown option {options[i]}; reduce knows --rounds N, --shape RxD and --spec SPEC.");
                    return 2;
            }
        }

        PageVectors samples = new(seed: 1, dimension);
        MultiVector[] pages = [.. Enumerable.Range(0, PageCount).Select(i => samples.GetPage(i, rowCount))];
        Random random = new(Seed: 2);
        float[] saliency = [.. Enumerable.Range(0, rowCount).Select(_ => random.NextSingle())];
        List<RowReducer> reducers = [.. (specs.Count > 0 ? specs : [.. DefaultSpecs]).Select(Reductions.Parse)];
        Measurement[] measurements = [.. reducers.Select(reducer => new Measurement(reducer.Spec, PageCount, () =>
        {
            foreach (MultiVector page in pages)
            {
                reducer.Reduce(new ReductionSource { Rows = page.View, Places = page.Places, Saliency = saliency });
            }
        }))];
        Measurement.RunInTurns(measurements, roundCount);

        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"pages of {rowCount} x {dimension}, one core, {roundCount} rounds");
        Console.WriteLine($"{"reduction",-32}{"ms/page cpu",12}{"ms/page wall",14}{"rows left",11}{"MB allocated",14}");
        for (int i = 0; i < reducers.Count; i++)
        {
            MultiVector page = pages[0];
            ReducedRows left = reducers[i].Reduce(new ReductionSource { Rows = page.View, Places = page.Places, Saliency = saliency });
            Measurement measurement = measurements[i];
            Console.WriteLine(
                $"{measurement.Name,-32}{1000 / measurement.MedianProcessorRate,12:f2}{1000 / measurement.MedianRate,14:f2}{left.RowCount,11}"
                + $"{measurement.AllocatedBytesPerOperation / 1e6,14:f2}");
        }

        return 0;
    }
}
