using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// What a learned head is worth: recall@10 of held-out queries by float, by closed form and by learned head, with 95 % intervals; of pairs
/// (text, picture), of pictures alone, and of a new model's texts on an old model's codes. And the time of a training step.
/// </summary>
internal static class BinarizerBenchmark
{
    private const int StepCount = 12;

    /// <summary>Prints the tables.</summary>
    public static int Run(string[] options)
    {
        (int count, int dimension, int steps) = (8_000, 256, 150);
        bool onlySeconds = false;
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--pictures" when i + 1 < options.Length:
                    count = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--dim" when i + 1 < options.Length:
                    dimension = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--steps" when i + 1 < options.Length:
                    steps = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--seconds-only":
                    onlySeconds = true;
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Unknown option {options[i]}; binarizer knows --pictures N, --dim N, --steps N and --seconds-only.");
                    return 2;
            }
        }

        Console.WriteLine(Machine.Describe());
        TimeSteps(256, 512);
        TimeSteps(512, 1_024);
        if (!onlySeconds)
        {
            MeasureRecall(count, dimension, steps);
        }

        return 0;
    }

    private static void MeasureRecall(int count, int dimension, int steps)
    {
        int threads = Environment.ProcessorCount;
        PictureVectors source = new(seed: 1, dimension);
        float[] pictures = source.GetPictures(0, count, threads), texts = new float[pictures.Length];
        Parallel.For(0, count, i => source.FillTextQuery(i, i, texts.AsSpan(i * dimension, dimension)));
        int[] positives = [.. Enumerable.Range(0, count)];
        BinarizerSample pairs = new() { Dimension = dimension, Documents = pictures, Queries = texts, Positives = positives };
        Console.WriteLine(
            $"{count:n0} generated pictures of d = {dimension}, a text each; a tenth of the queries held out for the figures, a tenth to choose the step of at most {steps}");
        Console.WriteLine(
            $"{"recall@10",-36}{"float",-23}{"closed form",-23}{"learned",-23}{"difference",-25}{"kept",-12}{"step",-9}cpu s");
        foreach (int bits in (int[])[1, 2])
        {
            BinarizerOptions options = new() { Bits = bits, Steps = steps };
            Print($"pairs, bits:{bits}", () => BinarizerTrainer.Train(pairs, options, null, default));
            Print($"texts unlabelled, bits:{bits}", () => BinarizerTrainer.Train(pairs with { Positives = [] }, options, null, default));
            Print($"pictures alone, bits:{bits}",
                () => BinarizerTrainer.Train(new BinarizerSample { Dimension = dimension, Documents = pictures }, options, null, default));
        }

        // The new model: half as many dimensions again.
        ModelChange change = new(seed: 2, dimension, dimension * 3 / 2);
        BinarizerSample changed = new()
        {
            Dimension = change.Dimension,
            Documents = change.Apply(pictures, 0, threads),
            Queries = change.Apply(texts, count, threads),
            Positives = positives,
        };
        foreach (int bits in (int[])[1, 2])
        {
            CodecSpec spec = CodecSpec.Parse($"bits:{bits}");
            EntryCodec old = Codecs.FindFamily(spec).Train(
                spec, new TrainingSample { Dimension = dimension, Rows = pictures, Queries = texts, Threads = threads }, default);
            CompatibleSample sample = new() { New = changed, OldDimension = dimension, OldDocuments = pictures };
            PrintCompatible($"{spec}, texts of the new model", old, sample, steps);
            PrintCompatible($"{spec}, texts of both models", old, sample with { OldQueries = texts }, steps);
        }
    }

    private static void Print(string name, Func<BinarizerTraining> train)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        BinarizerReport report = train().Report;
        Console.WriteLine(
            $"{name,-36}{report.Float,-23}{report.ClosedForm,-23}{report.Learned?.ToString() ?? "none was better",-23}{report.Difference?.ToString() ?? "",-25}"
            + $"{report.Kept,-12}{report.BestStep + "/" + report.StepCount,-9}{(Environment.CpuUsage.TotalTime - start).TotalSeconds:f0}");
    }

    private static void PrintCompatible(string name, EntryCodec old, CompatibleSample sample, int steps)
    {
        BinarizerReport? report = null;
        Print($"old {name}", () =>
        {
            BinarizerTraining training =
                BinarizerTrainer.TrainCompatible(old, sample, new BinarizerOptions { Steps = steps }, null, default);
            report = training.Report;
            return training;
        });
        Console.WriteLine(
            $"    (closed form = ridge map) ridge map on old float rows {report!.FloatAcross}; old texts on old codes {report.OldQueries?.ToString() ?? "not given"}; "
            + $"new documents in the same index {report.NewDocuments}");
    }

    private static void TimeSteps(int dimension, int hidden)
    {
        BinarizerOptions options = new() { Hidden = hidden, Steps = StepCount };
        PictureVectors source = new(seed: 1, dimension);
        BinarizerSample sample = new() { Dimension = dimension, Documents = source.GetPictures(0, 3_000, options.Threads) };
        HeadProblem problem = HeadProblems.Create(sample, options, default);
        HeadCoordinates coordinates = HeadCoordinates.Create(problem.Documents, new Random(1));
        Matrix rows = coordinates.Apply(problem.Documents, options.Threads);
        HeadTrainer trainer = new(problem, options, rows, rows, coordinates.Apply(new Matrix(1, dimension), 1).Values);
        Action step = trainer.CreateStep(default);
        for (int i = 0; i < StepCount; i++)
        {
            step();
        }

        List<double> wall = [], processor = [];
        for (int i = 0; i < StepCount; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            long watch = Stopwatch.GetTimestamp();
            step();
            wall.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            processor.Add((Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }

        Console.WriteLine($"a training step, d = {dimension}, h = {hidden}, {options.BatchSize} pairs, {options.Threads} threads: "
            + $"{Median(wall):f0} ms, processor time {Median(processor):f0} ms (medians of {StepCount})");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
