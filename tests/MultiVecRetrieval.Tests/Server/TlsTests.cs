using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>https with a certificate made here.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string CertificateFile => Path.Combine(_folder, "server.pem");

    private string KeyFile => Path.Combine(_folder, "server.key");

    [Fact]
    public async Task Https_CertificateThatIsRenewed_ServesNewConnectionsWithoutARestart()
    {
        string first = Write("first");
        await using WebApplication app = Build("https://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first, await AskAsync(app));
        string second = Write("second");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await WaitForAsync(app, second));

        // What cannot be read changes nothing.
        await File.WriteAllTextAsync(CertificateFile, "no certificate", TestContext.Current.CancellationToken);
        await Task.Delay(1100, TestContext.Current.CancellationToken);
        Assert.Equal(second, await AskAsync(app));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task HttpBesideHttps_AreBothServed()
    {
        Write("both");
        await using WebApplication app = Build("http://127.0.0.1:0;https://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["http", "https"], app.Urls.Select(url => new Uri(url).Scheme).Order());
        using HttpClient client = new();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(
            $"{app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))}/healthz",
            TestContext.Current.CancellationToken)).StatusCode);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Https_WithoutACertificate_NamesTheSetting()
    {
        ServerOptionsException error = Assert.Throws<ServerOptionsException>(
            () => ServerOptionsReader.Check(new ServerOptions { Urls = "https://127.0.0.1:1" }));
        Assert.Contains("server:certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_WithTheKeyOfAnother_IsRefusedAtTheStart()
    {
        Write("one");
        using RSA other = RSA.Create(2048);
        File.WriteAllText(KeyFile, other.ExportPkcs8PrivateKeyPem());

        ServerOptionsException error = Assert.Throws<ServerOptionsException>(
            () => ServerOptionsReader.Check(Options("https://127.0.0.1:1")));
        Assert.Contains(KeyFile, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ServerOptions Options(string urls) => new() { Urls = urls, Certificate = CertificateFile, CertificateKey = KeyFile };

    private WebApplication Build(string urls)
    {
        Library library = new(new LibraryOptions { DataFolder = Path.Combine(_folder, "data") });
        WebApplication app = ServerHost.Build(Options(urls), library);
        app.Lifetime.ApplicationStopped.Register(library.Dispose);
        return app;
    }

    private string Write(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }

    private static async Task<string> WaitForAsync(WebApplication app, string wanted)
    {
        string given = "";
        for (int i = 0; i < 100 && given != wanted; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            given = await AskAsync(app);
        }

        return given;
    }

    // The thumbprint of the certificate of a new connection that was answered.
    private static async Task<string> AskAsync(WebApplication app)
    {
        string thumbprint = "";
        using SocketsHttpHandler handler = new()
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = (certificate as X509Certificate2)?.Thumbprint ?? "";
                    return thumbprint.Length > 0;
                },
            },
        };
        using HttpClient client = new(handler);
        using HttpResponseMessage answer = await client.GetAsync($"{app.Urls.Single()}/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return thumbprint;
    }
}
