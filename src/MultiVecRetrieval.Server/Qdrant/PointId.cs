using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>
/// Ids of points: of a record that a client stored its own number or UUID, which is its key; of anything else the UUID of version 5
/// (RFC 9562) of its key in the namespace of URLs.
/// </summary>
internal static class PointId
{
    private static readonly Guid UrlNamespace = new("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>The id of a key: a number or a text.</summary>
    public static object Of(string key) =>
        ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && number.ToString(CultureInfo.InvariantCulture) == key ? number
        : IsGuid(key) ? key
        : Hash(key).ToString();

    /// <summary>The key that an id stands for by itself.</summary>
    /// <exception cref="RequestException">It is neither a whole number from 0 nor a UUID.</exception>
    public static string ToKey(JsonElement id, string path) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetUInt64(out ulong number) ? number.ToString(CultureInfo.InvariantCulture)
        : id.ValueKind == JsonValueKind.String && Guid.TryParse(id.GetString(), out Guid guid) ? guid.ToString()
        : throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(id)}; an id is a whole number from 0 or a UUID.");

    /// <summary>The UUID of version 5 of a key.</summary>
    public static Guid Hash(string key)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(key);
        byte[] bytes = new byte[16 + name.Length];
        UrlNamespace.TryWriteBytes(bytes, bigEndian: true, out _);
        name.CopyTo(bytes, 16);
#pragma warning disable CA5350 // The version of the UUID says which hash; nothing is protected by it.
        Span<byte> hash = SHA1.HashData(bytes).AsSpan(0, 16);
#pragma warning restore CA5350
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((version & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    private static bool IsGuid(string key) => Guid.TryParseExact(key, "D", out Guid guid) && guid.ToString() == key;
}
