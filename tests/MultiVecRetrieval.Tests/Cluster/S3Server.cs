using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using MultiVecRetrieval.Cluster;
using MultiVecRetrieval.Tests.Clients;

namespace MultiVecRetrieval.Tests.Cluster;

/// <summary>A server that speaks S3, of another maker (s3rver), on this machine; tests that need it are skipped where it cannot be
/// had.</summary>
public sealed class S3Server : IAsyncDisposable
{
    private const string KnownKey = "S3RVER";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly SemaphoreSlim _gate = new(1);
    private Process? _process;
    private int _port;

    /// <summary>Starts it when it is first asked for.</summary>
    public async Task SkipIfMissingAsync()
    {
        await NodeClient.SkipIfMissingAsync();
        await _gate.WaitAsync();
        try
        {
            _process ??= await StartAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A bucket of that name, made if it is not there, with all objects under a prefix.</summary>
    internal async Task<IObjectStore> OpenAsync(string bucket, FaultyHandler handler)
    {
        using (AmazonS3Client client = CreateClient(new FaultyHandler(seed: 1)))
        {
            await client.PutBucketAsync(bucket);
        }

        return Open(bucket, "some/prefix", handler);
    }

    internal IObjectStore Open(string bucket, string prefix, FaultyHandler handler) =>
        new S3ObjectStore(CreateClient(handler), bucket, prefix);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _gate.Dispose();
        _folder.Dispose();
    }

    private AmazonS3Client CreateClient(FaultyHandler handler)
    {
        AmazonS3Config config = new() { HttpClientFactory = new Clients(handler) };
        S3ObjectStore.Configure(config, $"http://127.0.0.1:{_port}");
        return new AmazonS3Client(new BasicAWSCredentials(KnownKey, KnownKey), config);
    }

    private async Task<Process> StartAsync()
    {
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        Process process = Process.Start(new ProcessStartInfo(
            "node",
            [
                // Its tokens for the next page of a list are DES, which newer OpenSSL hides.
                "--openssl-legacy-provider", "node_modules/s3rver/bin/s3rver.js", "--silent", "-a", "127.0.0.1", "-p", $"{_port}", "-d", _folder.FullName,
            ])
        {
            WorkingDirectory = Path.Combine(RepositoryRoot.Folder, "tests", "clients"),
            RedirectStandardInput = true,
        })!;
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, _port);
                return process;
            }
            catch (SocketException) when (clock.Elapsed < StartTimeout && !process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    private sealed class Clients(FaultyHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
