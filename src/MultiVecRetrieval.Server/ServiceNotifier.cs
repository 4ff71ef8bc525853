using System.Net.Sockets;

namespace MultiVecRetrieval.Server;

/// <summary>Tells the service manager that started the server when it answers and when it stops (sd_notify of systemd).</summary>
internal sealed partial class ServiceNotifier(string socket, ILogger<ServiceNotifier> logger) : IHostedLifecycleService
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>Tells a manager only where one listens.</summary>
    public static void Add(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } socket)
        {
            services.AddHostedService(
                provider => new ServiceNotifier(socket, provider.GetRequiredService<ILogger<ServiceNotifier>>()));
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => SendAsync("READY=1", cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => SendAsync("STOPPING=1", cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SendAsync(string state, CancellationToken cancellationToken)
    {
        try
        {
            // A name that begins with @ is one of the abstract namespace, which the system writes with a zero.
            string address = socket[0] == '@' ? $"\0{socket[1..]}" : socket;
            using Socket datagrams = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            await datagrams.SendToAsync(
                System.Text.Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address), cancellationToken);
        }
        catch (SocketException error)
        {
            LogFailure(logger, state, socket, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{State} could not be sent to the service manager at {Socket}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string state, string socket, string reason);
}
