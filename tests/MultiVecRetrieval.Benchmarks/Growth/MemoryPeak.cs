using System.Globalization;

namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>Watches how much memory of its own the process has, every 50 ms. Mapped files are not in it: they are the system's to give
/// back.</summary>
internal sealed class MemoryPeak : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Timer _timer;

    public MemoryPeak()
    {
        _timer = new Timer(_ => Megabytes = Math.Max(Megabytes, Read()), null, TimeSpan.Zero, Interval);
    }

    /// <summary>The most so far, in MiB; 0 where the system does not say.</summary>
    public double Megabytes { get; private set; }

    public void Dispose() => _timer.Dispose();

    private static double Read()
    {
        string? line = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
            : null;
        return line is null
            ? 0
            : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
