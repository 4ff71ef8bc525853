namespace MultiVecRetrieval.Server;

/// <summary>How the HTTP server listens and what it allows; section <c>server</c> of appsettings.json.</summary>
public sealed record ServerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "server";

    /// <summary>Addresses to listen on, separated by ';': http, and https with <see cref="Certificate"/>. Default
    /// http://127.0.0.1:8080.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>A PEM file with the certificate for https, and those between it and its root; read anew when it changes. Null, the default:
    /// none.</summary>
    public string? Certificate { get; init; }

    /// <summary>A PEM file with the private key of <see cref="Certificate"/>, not encrypted. Null, the default: the same file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>The key that every request must bring; null for none, which is allowed on loopback only. At least 16 characters.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A file of further keys, each with its name, SHA-256, access and collections; read anew when it changes. Null, the default:
    /// none.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Requests at once, beyond which further ones are refused with 429; event streams do not count. In [1, 100000]. Default
    /// 512.</summary>
    public int MaxConcurrentRequests { get; init; } = 512;

    /// <summary>Requests a minute of one key, or of one address where there are no keys, beyond which they are refused with 429. In
    /// [0, 1000000]; 0, the default: no limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Host names besides loopback ones that a request without a key may name. Guards against DNS rebinding. Default
    /// none.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Folders below which files of this machine may be indexed by path over HTTP. Default none.</summary>
    public IReadOnlyList<string> AllowedRoots { get; init; } = [];

    /// <summary>What is indexed whenever it changes, as <c>COLLECTION=PATH</c> with the absolute path of a folder or file, or
    /// <c>COLLECTION</c> for all folders that were indexed into it before. Default none.</summary>
    public IReadOnlyList<string> Watch { get; init; } = [];

    /// <summary>How often watched folders are looked at although no change was heard. In [1 s, 1 d]. Default 5 min.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Largest upload request in bytes. In [1 KiB, 64 GiB]. Default 4 GiB.</summary>
    public long MaxUploadBytes { get; init; } = 4L << 30;

    /// <summary>Largest other request in bytes, a query picture included. In [1 KiB, 1 GiB]. Default 32 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 32L << 20;

    /// <summary>Most hits or list items in one answer. In [1, 10000]. Default 200.</summary>
    public int MaxTop { get; init; } = 200;

    /// <summary>Largest offset of a search. In [0, 1000000]. Default 10000.</summary>
    public int MaxOffset { get; init; } = 10_000;

    /// <summary>Longest query text in characters. In [1, 1000000]. Default 4000.</summary>
    public int MaxQueryLength { get; init; } = 4_000;

    /// <summary>Most items in one request to a model: inputs, or documents to rank. In [1, 100000]. Default 2048.</summary>
    public int MaxInputs { get; init; } = 2048;

    /// <summary>Most pictures in one request to a model. In [1, 10000]. Default 128.</summary>
    public int MaxInputImages { get; init; } = 128;

    /// <summary>Longest text that a model is asked to read, in characters. In [1, 10000000]. Default 200000.</summary>
    public int MaxInputLength { get; init; } = 200_000;

    /// <summary>Reads the beginning of a text that is longer than a model reads, unless the request says otherwise; false refuses it.
    /// Default false.</summary>
    public bool TruncateInputs { get; init; }

    /// <summary>Most server-sent event streams open at once. In [1, 10000]. Default 100.</summary>
    public int MaxEventStreams { get; init; } = 100;

    /// <summary>Lets <c>GET /metrics</c> be read without the key, for a scraper that cannot send one. Default false.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>Log lines as JSON instead of plain text. Default false.</summary>
    public bool JsonLogs { get; init; }
}
