using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MultiVecRetrieval.Encoding;

/// <summary>
/// How long encoders take, as the histogram <c>mvr.encode.duration</c> in seconds: tagged with <c>mvr.model</c>, the names of the models
/// of one run, <c>mvr.encode.input</c> (<c>query</c>, <c>passage</c>, <c>image</c>, <c>video</c>), and <c>error.type</c> where it failed.
/// </summary>
public static class EncoderMetrics
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "MultiVecRetrieval.Encoding";

    private static readonly Histogram<double> Duration = new Meter(MeterName).CreateHistogram(
        "mvr.encode.duration",
        unit: "s",
        description: "Time of encoding one text, or the images of one call, from tokens or pixels to vectors.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30],
        });

    /// <summary>Measures work; without a listener, at the price of the call.</summary>
    internal static T Measure<T>(IReadOnlyList<EncoderModel> models, string input, Func<T> encode)
    {
        if (!Duration.Enabled)
        {
            return encode();
        }

        TagList tags = new()
        {
            { "mvr.model", string.Join(',', models.Select(model => model.Contract.Name)) },
            { "mvr.encode.input", input },
        };
        long start = Stopwatch.GetTimestamp();
        try
        {
            return encode();
        }
        catch (Exception error)
        {
            tags.Add("error.type", error.GetType().FullName);
            throw;
        }
        finally
        {
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
    }
}
