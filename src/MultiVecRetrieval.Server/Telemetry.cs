using System.Collections;
using MultiVecRetrieval.Encoding;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MultiVecRetrieval.Server;

/// <summary>
/// Measurements for people who run the server: <c>GET /metrics</c> in the text format of Prometheus, and OTLP, with activities, when the
/// environment names where to.
/// </summary>
/// <remarks>Instruments of durations carry their own buckets, in seconds; the defaults of OpenTelemetry are for milliseconds.</remarks>
internal static class Telemetry
{
    /// <summary>Where metrics are read.</summary>
    public const string Path = "/metrics";

    private const string Prefix = "OTEL_";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder)
    {
        AddVariables(builder.Configuration);
        bool exports = !string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable]);
        OpenTelemetry.OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "multivecretrieval", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(
                    Activities.SourceName, EncoderMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                    .AddPrometheusExporter();
                if (exports)
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (exports)
        {
            telemetry.WithTracing(tracing => tracing.AddSource(Activities.SourceName, "Microsoft.AspNetCore").AddOtlpExporter());
        }
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint(Path).DisableHttpMetrics();

    // The host reads no variables but ours; these are OpenTelemetry's own, under the names that its specification gives them.
    private static void AddVariables(IConfigurationBuilder configuration) => configuration.AddInMemoryCollection(
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        where ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal)
        select new KeyValuePair<string, string?>((string)variable.Key, (string?)variable.Value));
}
