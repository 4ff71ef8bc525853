using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>Where output goes: results on standard output, progress and messages on standard error.</summary>
internal static class Terminal
{
    private static readonly JsonSerializerOptions Compact = CreateJson(indented: false);
    private static readonly JsonSerializerOptions Indented = CreateJson(indented: true);

    /// <summary>Results for people, on standard output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress, notices and errors, on standard error.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>True when progress can be redrawn in place; otherwise it is written as plain lines.</summary>
    public static bool CanRedraw { get; } =
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Indented));

    public static void WriteJsonLine<T>(T value, TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(value, Compact));

    public static void WriteError(string message) => Error.MarkupLineInterpolated($"[red]error:[/] {message}");

    public static void WriteNotice(string message) => Error.MarkupLineInterpolated($"[yellow]note:[/] {message}");

    /// <summary>Says why background work of this process failed, when it did.</summary>
    public static void WriteBackgroundProblem(CollectionStatistics statistics)
    {
        if (statistics.BackgroundProblem is { } problem)
        {
            WriteNotice($"background work failed, and is tried again after the next change: {problem}");
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        bool plain = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is not null;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            // A pipe has no width: long keys must not be wrapped.
            console.Profile.Width = 10_000;
        }

        return console;
    }

    private static JsonSerializerOptions CreateJson(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
