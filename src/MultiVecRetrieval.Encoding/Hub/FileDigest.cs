using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>The checksum of a file: SHA-256 of its bytes, or the SHA-1 that git names it by, where it is small enough to be in
/// git.</summary>
/// <param name="Hexadecimal">64 digits for SHA-256, 40 for git's SHA-1, lower case.</param>
internal sealed record FileDigest(string Hexadecimal)
{
    private const int Sha256Digits = 64;
    private const int Sha1Digits = 40;

    public string Kind => Hexadecimal.Length == Sha256Digits ? "SHA-256" : "git SHA-1";

    /// <summary>The checksum that a text writes; null when it is none.</summary>
    public static FileDigest? TryParse(string? text) =>
        text is { Length: Sha256Digits or Sha1Digits } && text.All(char.IsAsciiHexDigit) ? new FileDigest(text.ToLowerInvariant()) : null;

    /// <summary>Computes the checksum of the same kind of a file.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "SHA-1 is what git names its objects by; large files come with SHA-256.")]
    public async Task<string> ComputeAsync(string path, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(
            Hexadecimal.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            if (Hexadecimal.Length == Sha1Digits)
            {
                hash.AppendData(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {file.Length}\0")));
            }

            byte[] buffer = new byte[1 << 20];
            while (await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
