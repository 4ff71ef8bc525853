using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiVecRetrieval.Server.Access;

/// <summary>The certificate of https, read anew when its file changes, so that it is renewed without a restart: while the new one cannot be
/// read, the old one serves. Thread-safe.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private const long TimeBetweenLooksInMs = 1000;

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly string _keyFile;
    private readonly ILogger? _logger;
    private readonly List<X509Certificate2> _read = [];
    private SslStreamCertificateContext _current;
    private (DateTime Certificate, DateTime Key) _seen;
    private long _lookedAt = Environment.TickCount64;

    /// <exception cref="ServerOptionsException">The files cannot be read, or do not belong together.</exception>
    public ServerCertificate(ServerOptions options, ILogger? logger)
    {
        _file = options.Certificate!;
        _keyFile = options.CertificateKey ?? _file;
        _logger = logger;
        _seen = Look();
        _current = Read();
    }

    /// <summary>What a connection that begins now is given.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (Environment.TickCount64 - _lookedAt >= TimeBetweenLooksInMs)
                {
                    Refresh();
                    _lookedAt = Environment.TickCount64;
                }

                return _current;
            }
        }
    }

    public void Dispose() => _read.ForEach(certificate => certificate.Dispose());

    private void Refresh()
    {
        (DateTime, DateTime) now = Look();
        if (now == _seen)
        {
            return;
        }

        try
        {
            _current = Read();
            _seen = now;
            _logger?.LogInformation("The certificate was read anew from {File}; it ends {End:u}",
                _file, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (ServerOptionsException e)
        {
            _logger?.LogWarning("The former certificate goes on serving: {Problem}", e.Message);
        }
    }

    private (DateTime Certificate, DateTime Key) Look() => (File.GetLastWriteTimeUtc(_file), File.GetLastWriteTimeUtc(_keyFile));

    private SslStreamCertificateContext Read()
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(_file, _keyFile);
            _read.Add(certificate);
            X509Certificate2Collection between = [];
            between.ImportFromPemFile(_file);
            foreach (X509Certificate2 same in between.Where(other => other.Thumbprint == certificate.Thumbprint).ToList())
            {
                between.Remove(same);
                same.Dispose();
            }

            return SslStreamCertificateContext.Create(certificate, between, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new ServerOptionsException("server:certificate", _keyFile == _file
                ? $"{_file} is no PEM file of a certificate with its private key (or server:certificateKey names that): {e.Message}"
                : $"{_file} and {_keyFile} are no PEM files of a certificate and its private key: {e.Message}");
        }
    }
}
