using System.Security.Cryptography;
using System.Text.Json;

namespace MultiVecRetrieval.Server.Access;

/// <summary>
/// The keys: <c>server:apiKey</c>, which may do everything, and those of <c>server:keysFile</c>, which is read anew when it changes, so
/// that keys are added and withdrawn without a restart. Thread-safe.
/// </summary>
internal sealed class AccessKeys
{
    private const long TimeBetweenLooksInMs = 1000;
    private const int HashLength = 32;
    private const int MaxSessions = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _sessions = new(StringComparer.Ordinal);
    private readonly string? _session;
    private readonly string? _file;
    private readonly AccessKey? _first;
    private readonly ILogger<AccessKeys> _logger;
    private IReadOnlyList<AccessKey> _others = [];
    private (DateTime Time, long Length) _seen;
    private long _lookedAt;

    /// <exception cref="ServerOptionsException">The file cannot be read.</exception>
    public AccessKeys(ServerOptions options, ILogger<AccessKeys> logger)
    {
        _logger = logger;
        _file = options.KeysFile;
        _first = options.ApiKey is { } key ? new AccessKey("server:apiKey", HashOf(key), CanWrite: true, []) : null;
        _session = options.ApiKey is null ? null : SessionOf(options.ApiKey);
        if (_file is not null)
        {
            _seen = Look(_file);
            _others = Read(_file);
        }
    }

    /// <summary>True when requests need a key.</summary>
    public bool AreNeeded => _first is not null || _file is not null;

    /// <summary>The key that was given; null when there is no such key. In time that does not depend on where keys differ.</summary>
    public AccessKey? Find(string given)
    {
        byte[] hash = HashOf(given);
        AccessKey? found = null;
        foreach (AccessKey key in All())
        {
            found = CryptographicOperations.FixedTimeEquals(hash, key.Hash) ? key : found;
        }

        return found;
    }

    /// <summary>The value of a cookie that stands for a key: proves that it was given without holding it. Of a key of the file it is
    /// forgotten with the process.</summary>
    public string OpenSession(string given)
    {
        if (_first is not null && Find(given) == _first)
        {
            return SessionOf(given);
        }

        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(HashLength));
        lock (_lock)
        {
            if (_sessions.Count >= MaxSessions)
            {
                _sessions.Clear();
            }

            _sessions[Convert.ToHexStringLower(HashOf(token))] = HashOf(given);
        }

        return token;
    }

    /// <summary>The key that a session stands for; null when there is none, or the key was withdrawn.</summary>
    public AccessKey? FindSession(string cookie)
    {
        if (_session is not null && CryptographicOperations.FixedTimeEquals(HashOf(cookie), HashOf(_session)))
        {
            return _first;
        }

        byte[]? hash;
        lock (_lock)
        {
            _sessions.TryGetValue(Convert.ToHexStringLower(HashOf(cookie)), out hash);
        }

        return hash is null ? null : All().FirstOrDefault(key => CryptographicOperations.FixedTimeEquals(hash, key.Hash));
    }

    private static string SessionOf(string key) => Convert.ToHexStringLower(
        HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key), "multivecretrieval page session"u8));

    /// <summary>Reads a file of keys.</summary>
    /// <exception cref="ServerOptionsException">It is none.</exception>
    public static IReadOnlyList<AccessKey> Read(string file)
    {
        try
        {
            KeyLine[] lines = JsonSerializer.Deserialize<KeyLine[]>(File.ReadAllText(file), Json)
                ?? throw new JsonException("It is null; a list was expected.");
            return [.. lines.Select(Read)];
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ServerOptionsException("server:keysFile", $"{file} cannot be used: {wrong.Message}");
        }
    }

    private static AccessKey Read(KeyLine? line)
    {
        if (line is not { Name.Length: > 0, Sha256: not null })
        {
            throw new JsonException("A key has a name and sha256.");
        }

        byte[] hash = Convert.FromHexString(line.Sha256);
        return line.Access is not (null or "read" or "write")
            ? throw new JsonException($"The access of '{line.Name}' is '{line.Access}'; it is read or write.")
            : hash.Length != HashLength ? throw new JsonException($"sha256 of '{line.Name}' has {hash.Length} bytes; it has {HashLength}.")
            : new AccessKey(line.Name, hash, line.Access == "write", line.Collections ?? []);
    }

    private IEnumerable<AccessKey> All()
    {
        Refresh();
        return _first is null ? _others : _others.Prepend(_first);
    }

    // A file that cannot be read leaves the keys as they were: half of a file must not open or close anything.
    private void Refresh()
    {
        if (_file is null || Environment.TickCount64 - Volatile.Read(ref _lookedAt) < TimeBetweenLooksInMs)
        {
            return;
        }

        lock (_lock)
        {
            Volatile.Write(ref _lookedAt, Environment.TickCount64);
            (DateTime, long) now = Look(_file);
            if (now == _seen)
            {
                return;
            }

            try
            {
                _others = Read(_file);
                _logger.LogInformation("{Count} keys were read from {File}", _others.Count, _file);
            }
            catch (ServerOptionsException wrong)
            {
                _logger.LogError("{Message}; the keys stay as they were", wrong.Message);
            }

            _seen = now;
        }
    }

    private static (DateTime Time, long Length) Look(string file) =>
        new FileInfo(file) is { Exists: true } info ? (info.LastWriteTimeUtc, info.Length) : default;

    private static byte[] HashOf(string key) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));

    private sealed record KeyLine(string? Name, string? Sha256, string? Access, IReadOnlyList<string>? Collections);
}
