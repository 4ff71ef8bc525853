using System.Text.Json;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>Files that grow by a line of JSON at a time and may end in half a line.</summary>
internal static class JsonLines
{
    /// <summary>Reads the whole lines and cuts the file after the last of them, so that the next line begins a line. None without a
    /// file.</summary>
    public static IReadOnlyList<T> ReadWhole<T>(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        byte[] bytes = File.ReadAllBytes(path);
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (end < bytes.Length)
        {
            using FileStream file = File.OpenWrite(path);
            file.SetLength(end);
        }

        return
        [
            .. System.Text.Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<T>(line)!),
        ];
    }
}
