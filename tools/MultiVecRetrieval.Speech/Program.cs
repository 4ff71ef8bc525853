using System.Globalization;
using System.Text.Json;
using Whisper.net;

namespace MultiVecRetrieval.Speech;

/// <summary>
/// <c>mvr-speech MODEL SOUND THREADS</c>: writes what is said in a file of sound (16 kHz, mono, signed 16-bit little-endian, without a
/// header), a line of JSON a piece: <c>{"start":1.2,"end":3.4,"text":"...","language":"en"}</c>, and <c>{"done":300}</c>, in seconds, for each
/// part that was listened to. A program of its own, because a model that somebody made is read by native code, which may crash.
/// </summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int WrongUsage = 2;
    private const int UnusableModel = 3;

    private static async Task<int> Main(string[] args)
    {
        if (args.Length != 3 || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out int threads) || threads < 1)
        {
            await Console.Error.WriteLineAsync("usage: mvr-speech MODEL SOUND THREADS").ConfigureAwait(false);
            return WrongUsage;
        }

        Listener model;
        try
        {
            model = new Listener(args[0], threads);
        }
        catch (Exception error) when (error is WhisperModelLoadException or InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return UnusableModel;
        }

        using (model)
        {
            return await ListenAsync(model, args[1]).ConfigureAwait(false);
        }
    }

    // What goes wrong from here on is of the sound, not of the model.
    private static async Task<int> ListenAsync(Listener model, string path)
    {
        try
        {
            using FileStream sound = File.OpenRead(path);
            await foreach (SpokenPiece piece in model.ListenAsync(new SoundParts(sound)).ConfigureAwait(false))
            {
                await WriteAsync(piece).ConfigureAwait(false);
            }

            return Success;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return Failure;
        }
    }

    private static async Task WriteAsync(SpokenPiece piece)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            if (piece.Text is null)
            {
                json.WriteNumber("done", piece.EndSeconds);
            }
            else
            {
                json.WriteNumber("start", piece.StartSeconds);
                json.WriteNumber("end", piece.EndSeconds);
                json.WriteString("text", piece.Text);
                json.WriteString("language", piece.Language);
            }

            json.WriteEndObject();
        }

        await Console.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(line.ToArray())).ConfigureAwait(false);
        await Console.Out.FlushAsync().ConfigureAwait(false);
    }
}
