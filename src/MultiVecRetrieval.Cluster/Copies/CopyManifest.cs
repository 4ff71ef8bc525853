using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Cluster.Copies;

/// <summary>What a copy holds: the last object of a push. Without it there is no copy.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Generation">The generation that was copied.</param>
/// <param name="Folder">Where the collection lay: paths of its own files in the catalog begin with it.</param>
/// <param name="CreatedAt">When the push began.</param>
/// <param name="BlockSize">Bytes of every block of a file but its last.</param>
/// <param name="Files">Its files.</param>
internal sealed record CopyManifest(
    [property: JsonRequired] int Format,
    long Generation,
    [property: JsonRequired] string Folder,
    DateTimeOffset CreatedAt,
    [property: JsonRequired] int BlockSize,
    [property: JsonRequired] IReadOnlyList<CopyManifest.File> Files)
{
    public const int NewestFormat = 1;

    /// <summary>Larger blocks than any version makes are refused before memory is taken for them.</summary>
    public const int MaxBlockSize = 1 << 26;

    private const int HashLength = 64;

    /// <param name="Name">Path within the collection.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Blocks">SHA-256 of each block, lower-case hexadecimal, in order.</param>
    public sealed record File(
        [property: JsonRequired] string Name, [property: JsonRequired] long Size, [property: JsonRequired] IReadOnlyList<string> Blocks);

    [JsonIgnore]
    public long SizeInBytes => Files.Sum(file => file.Size);

    /// <summary>Bytes of a block of a file.</summary>
    public int GetLength(File file, int block) => (int)Math.Min(BlockSize, file.Size - ((long)block * BlockSize));

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>The end of the name of a manifest, by which damage shows.</summary>
    public static string GetHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public static CopyManifest Parse(string key, ReadOnlySpan<byte> bytes)
    {
        CopyManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<CopyManifest>(bytes, JsonSerializerOptions.Web);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{key}' is no list of a copy: {error.Message}", error);
        }

        if (manifest is { Format: > NewestFormat })
        {
            throw new UnsupportedFormatException(key, manifest.Format, NewestFormat);
        }

        return manifest is { Folder: not null, Files: not null, BlockSize: > 0 and <= MaxBlockSize } && manifest.Files.All(manifest.IsWhole)
            ? manifest
            : throw new InvalidDataException($"'{key}' is no list of a copy: a member is missing or a file has other blocks than its size says.");
    }

    private bool IsWhole(File file) =>
        file is { Name: not null, Size: >= 0, Blocks: not null }
        && file.Blocks.Count == (file.Size + BlockSize - 1) / BlockSize
        && file.Blocks.All(hash => hash is { Length: HashLength } && hash.All(char.IsAsciiHexDigitLower));
}
