namespace MultiVecRetrieval.Server;

/// <summary>Jobs of the library live as long as the server does.</summary>
internal sealed class JobHost(Library library) : IHostedService
{
    private Task _marking = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Opens collections, which may take a while; requests are answered meanwhile.
        _marking = Task.Run(library.Jobs.MarkInterrupted, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _marking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await library.Jobs.StopAsync();
    }
}
