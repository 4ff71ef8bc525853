using System.Security.Cryptography;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
internal static class ContentHash
{
    private const int BufferLength = 1 << 20;

    /// <exception cref="MediaException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string OfFile(string path, CancellationToken cancellationToken)
    {
        using FileStream stream = MediaFile.Open(path);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferLength];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
