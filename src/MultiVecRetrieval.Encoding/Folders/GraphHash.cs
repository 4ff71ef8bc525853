using System.Collections.Concurrent;
using System.Security.Cryptography;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>SHA-256 of a graph and of the files that hold its weights; computed once per file, size and modification time.</summary>
internal static class GraphHash
{
    private static readonly ConcurrentDictionary<(string Path, long Size, DateTime ModifiedAt), string> Hashes = new();

    /// <summary>Lower-case hexadecimal hash of the graph's bytes and then of each weights file's.</summary>
    public static string Compute(OnnxGraphHeader graph) =>
        string.Join('+', new[] { graph.Path }.Concat(graph.ExternalFiles).Select(ComputeFile));

    /// <summary>Lower-case hexadecimal hash of one file.</summary>
    public static string ComputeFile(string path)
    {
        FileInfo file = new(path);
        return Hashes.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), static key =>
        {
            using FileStream stream =
                new(key.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        });
    }
}
