using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Shared;

/// <summary>The machine that figures were measured on, in one line.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, vectors, memory, how busy it is with other work, and runtime; what the system does not tell is left
    /// out.</summary>
    public static string Describe()
    {
        List<string> parts = [];
        if (ReadField("/proc/cpuinfo", "model name") is { } processor)
        {
            parts.Add(processor);
        }

        parts.Add($"{Environment.ProcessorCount} cores");
        parts.Add($"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)}-bit vectors");
        parts.Add(string.Create(CultureInfo.InvariantCulture,
            $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.0} GiB"));
        if (File.Exists("/proc/loadavg"))
        {
            parts.Add($"load {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}");
        }

        parts.Add(RuntimeInformation.FrameworkDescription);
        parts.Add(RuntimeInformation.OSDescription);
        return string.Join("; ", parts);
    }

    private static string? ReadField(string path, string name) => !File.Exists(path) ? null :
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
}
