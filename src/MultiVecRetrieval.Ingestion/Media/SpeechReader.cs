using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Writes down what is said in a video: ffmpeg decodes the sound, and the program mvr-speech, which lies beside this one, listens with a
/// Whisper model. A child process with limits, because the model is a file that somebody made, and native code reads it. Thread-safe.
/// </summary>
/// <param name="limits">Bounds on time, memory and text.</param>
/// <param name="model">The model: a file of ggml, as whisper.cpp has them.</param>
/// <param name="toolFolder">Looked in for mvr-speech before the folder of this program and those of PATH; null for these alone.</param>
internal sealed class SpeechReader(MediaLimits limits, string model, string? toolFolder)
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 16_000;

    // What mvr-speech ends with when it cannot use the model.
    private const int UnusableModel = 3;

    // The weights are read into buffers of their own.
    private const int MemoryPerModelByte = 2;

    // A large model on a slow machine; the clock begins anew with each part that was listened to.
    private const double MaxSecondsPerSecond = 60;

    private static readonly ExternalProgram Program = new("mvr-speech", Package: "");

    private readonly VideoReader _videos = new(limits) { ToolFolder = toolFolder };

    /// <summary>The model by its name, as it is remembered.</summary>
    public string ModelName => NameOf(model);

    /// <summary>The name of a model file, by which the ledger knows it.</summary>
    public static string NameOf(string model) => Path.GetFileNameWithoutExtension(model);

    /// <summary>What keeps a file from being a model; null when it begins like one.</summary>
    public static string? FindProblem(string model)
    {
        try
        {
            byte[] head = new byte[4];
            using FileStream file = File.OpenRead(model);
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual("lmgg"u8)
                ? null
                : "it is no Whisper model of ggml (ggml-base.bin and its like)";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {error.Message}";
        }
    }

    /// <summary>What is said, with its language; null when there is no sound or nobody speaks.</summary>
    /// <param name="path">The video.</param>
    /// <param name="seconds">Its length.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="listened">Told the seconds that were listened to.</param>
    /// <param name="cancellationToken">Ends the child processes.</param>
    /// <exception cref="SpeechModelException">The model cannot be used.</exception>
    /// <exception cref="MediaException">The sound cannot be decoded, or not within the limits.</exception>
    public Subtitles? Read(string path, double seconds, int threads, Action<double> listened, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mvr-sound-");
        try
        {
            string sound = Path.Combine(folder.FullName, "sound");
            return _videos.WriteSound(path, sound, cancellationToken)
                ? Listen(sound, seconds, threads, listened, cancellationToken)
                : null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Subtitles? Listen(string sound, double seconds, int threads, Action<double> listened, CancellationToken cancellationToken)
    {
        TimeSpan total = TimeSpan.FromSeconds(Math.Max(limits.FileTimeout.TotalSeconds, seconds * MaxSecondsPerSecond));
        using ChildProcess child = ChildProcess.Start(
            new ChildProcessOptions
            {
                FileName = Find(),
                Arguments = [Path.GetFullPath(model), sound, threads.ToString(CultureInfo.InvariantCulture)],
                Timeout = limits.FileTimeout,
                TimeoutSetting = "media:fileTimeout",
                TotalTimeout = total,
                MaxMemoryBytes = limits.MaxChildMemoryBytes + (MemoryPerModelByte * new FileInfo(model).Length),
                Environment = FindEnvironment(threads),
            },
            cancellationToken);
        TextLayerBuilder text = new();
        Dictionary<string, double> languages = new(StringComparer.Ordinal);
        int length = 0;
        using (StreamReader lines = new(child.Output))
        {
            while (lines.ReadLine() is { } line)
            {
                child.RestartClock();
                length += Add(line, seconds, text, languages, listened);
                if (length > limits.MaxPageTextLength)
                {
                    throw new MediaException($"More than {limits.MaxPageTextLength} characters are said.", "media:maxPageTextLength");
                }
            }
        }

        ChildExit exit = child.WaitForExit();
        if (exit.ExitCode == UnusableModel)
        {
            throw new SpeechModelException($"The model {model} cannot be used: {exit.ErrorText.Trim()}");
        }

        if (!exit.IsSuccess)
        {
            throw exit.ToException("Speech cannot be recognised");
        }

        TextLayer layer = text.Build();
        return layer.Words.Count == 0 ? null : new Subtitles(layer, languages.MaxBy(language => language.Value).Key);
    }

    // Returns the length of what is said.
    private static int Add(
        string line, double seconds, TextLayerBuilder text, Dictionary<string, double> languages, Action<double> listened)
    {
        using JsonDocument document = Parse(line);
        JsonElement piece = document.RootElement;
        if (piece.TryGetProperty("done", out JsonElement done))
        {
            listened(done.GetDouble());
            return 0;
        }

        string said = piece.GetProperty("text").GetString() ?? "";
        string language = piece.GetProperty("language").GetString() ?? "";
        float start = (float)piece.GetProperty("start").GetDouble();
        // The sound may go on behind the last picture.
        float end = (float)Math.Min(piece.GetProperty("end").GetDouble(), seconds);
        if (end <= start)
        {
            return 0;
        }

        languages[language] = languages.GetValueOrDefault(language) + end - start;
        foreach (string word in said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            text.AddWord(word, new Place(0, 0, 1, 1, start, end));
        }

        text.EndLine();
        return said.Length + 1;
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new MediaException($"The answer of {Program.Name} cannot be read: {error.Message}", inner: error);
        }
    }

    private string Find() => (toolFolder is null ? null : Program.Find(toolFolder)) ?? Program.Find(AppContext.BaseDirectory)
        ?? throw new SpeechModelException($"The program {Program.Name} is not there; it belongs beside the program that indexes, or in PATH.");

    // The program is found by the runtime that runs this one, wherever that lies.
    private static Dictionary<string, string> FindEnvironment(int threads)
    {
        Dictionary<string, string> environment = new()
        {
            ["OMP_THREAD_LIMIT"] = threads.ToString(CultureInfo.InvariantCulture),
            ["DOTNET_EnableDiagnostics"] = "0",
            // Else a crash starts a debugger.
            ["GGML_NO_BACKTRACE"] = "1",
        };
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (Directory.Exists(Path.Combine(root, "host", "fxr")))
        {
            environment["DOTNET_ROOT"] = root;
        }

        return environment;
    }
}
