using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MultiVecRetrieval.Server.Access;

/// <summary>Where the server listens.</summary>
internal static class Listening
{
    /// <summary>Listens on the addresses of the options; on https with their certificate.</summary>
    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        if (options.Certificate is null)
        {
            return;
        }

        ServerCertificate certificate = new(options, kestrel.ApplicationServices.GetRequiredService<ILogger<ServerCertificate>>());
        foreach (BindingAddress address in ServerOptionsReader.Addresses(options))
        {
            Listen(kestrel, address, listen =>
            {
                if (address.Scheme == "https")
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                        {
                            ServerCertificateContext = certificate.Current,
                        }),
                    });
                }
            });
        }
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }
}
