using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.PageWords;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// Pages per second of the bundled model: bare inference on ready tensors, Prepare and Encode on one thread, and on one thread per
/// processor, in the same run; and the memory it took. A page is 1,240 × 1,754 pixels of printed text.
/// </summary>
internal static class EncodeBenchmark
{
    private const int Width = 1240;
    private const int Height = 1754;

    public static int Run(string[] options)
    {
        int pages = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 12;
        RgbImage page = DrawPage();
        using EncoderModel model = EncoderModel.Load(BundledModels.DefaultFolder);
        Report("before the first page", 0, 0);
        int rows = model.Encode([model.Prepare(page, ImageRole.Page)])[0].RowCount;
        Console.WriteLine($"{rows} rows a page");

        double bare = Measure("bare inference, 1 thread", pages, RunBare(page));
        double encode = Measure("prepare and encode, 1 thread", pages, () => model.Encode([model.Prepare(page, ImageRole.Page)]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"prepare and encode runs at {encode / bare:P1} of bare inference"));
        int threads = Environment.ProcessorCount;
        Stopwatch clock = Stopwatch.StartNew();
        Parallel.For(0, pages, new ParallelOptions { MaxDegreeOfParallelism = threads },
            _ => model.Encode([model.Prepare(page, ImageRole.Page)]));
        Report($"prepare and encode, {threads} threads", pages, clock.Elapsed.TotalSeconds);
        return 0;
    }

    private static Action RunBare(RgbImage page)
    {
        InkGridDescription description = EncoderDescription.Read(BundledModels.DefaultFolder).Vision!.InkGrid!;
        OnnxGraphHeader graph = OnnxGraphHeader.Read(Path.Combine(BundledModels.DefaultFolder, "onnx", "vision_model.onnx"));
        OnnxSessions sessions = new(BundledModels.DefaultFolder, new EncoderOptions());
        InkGridTower tower = new(sessions, new InkGridPlan(graph, "ink", "patches", 128, Height, description));
        TensorFeed[] bands = [.. tower.ReadBands(GrayPlane.From(page)).Select(band => band.Feed)];
        OnnxSession session = sessions.Get(graph);
        return () =>
        {
            foreach (TensorFeed band in bands)
            {
                session.Run([band], ["patches", "saliency"]);
            }
        };
    }

    private static double Measure(string name, int pages, Action encode)
    {
        encode();
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < pages; i++)
        {
            encode();
        }

        Report(name, pages, clock.Elapsed.TotalSeconds);
        return pages / clock.Elapsed.TotalSeconds;
    }

    private static void Report(string name, int pages, double seconds)
    {
        using Process process = Process.GetCurrentProcess();
        string rate = pages == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{pages / seconds:F2} pages/s, ");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {rate}peak {process.PeakWorkingSet64 >> 20} MiB resident"));
    }

    // The golden page of the tests, side by side.
    private static RgbImage DrawPage()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MultiVecRetrieval.sln")))
        {
            folder = folder.Parent;
        }

        byte[] tile = File.ReadAllBytes(Path.Combine(folder!.FullName, "tests", "golden", "page-words", "page.pgm"))[^(300 * 120)..];
        byte[] pixels = new byte[Width * Height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x) = (i / 3 / Width, i / 3 % Width);
            pixels[i] = tile[(y % 120 * 300) + (x % 300)];
        }

        return new RgbImage(Width, Height, pixels);
    }
}
