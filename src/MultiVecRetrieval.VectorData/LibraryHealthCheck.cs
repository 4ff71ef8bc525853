using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MultiVecRetrieval.VectorData;

/// <summary>Healthy when every collection of the library can be read; else says which cannot, and why.
/// <c>services.AddHealthChecks().AddCheck&lt;LibraryHealthCheck&gt;("multivecretrieval")</c>.</summary>
/// <param name="library">The library.</param>
public sealed class LibraryHealthCheck(Library library) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.Run(
            () =>
            {
                Dictionary<string, object> problems = new(StringComparer.Ordinal);
                IReadOnlyList<string> names = library.ListCollections();
                foreach (string name in names)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (library.TryGetCollection(name, out string? problem) is null)
                    {
                        problems[name] = problem!;
                    }
                }

                return problems.Count == 0
                    ? HealthCheckResult.Healthy($"{names.Count} collections can be read.")
                    : new HealthCheckResult(
                        context.Registration?.FailureStatus ?? HealthStatus.Unhealthy,
                        $"Cannot be read: {string.Join("; ", problems.Select(one => $"{one.Key}: {one.Value}"))}",
                        data: problems);
            },
            cancellationToken);
    }
}
