using System.Buffers.Binary;
using Whisper.net;

namespace MultiVecRetrieval.Speech;

/// <summary>Writes down what is said, by a Whisper model in a file of ggml.</summary>
internal sealed class Listener : IDisposable
{
    // "ggml" as a little-endian number, and the least vocabulary of a model of several languages.
    private const int Magic = 0x67676d6c;
    private const int MultilingualVocabulary = 51_865;

    private readonly WhisperFactory _model;
    private readonly WhisperProcessor _processor;

    /// <param name="path">The model.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <exception cref="InvalidDataException">The file is no such model.</exception>
    /// <exception cref="WhisperModelLoadException">It is damaged.</exception>
    public Listener(string path, int threads)
    {
        bool isMultilingual = ReadVocabularySize(path) >= MultilingualVocabulary;
        _model = WhisperFactory.FromPath(path, new WhisperFactoryOptions { UseGpu = false });
        // What was said before would help it with names, and makes it say the same for minutes where nobody speaks.
        _processor = _model.CreateBuilder().WithThreads(threads).WithLanguage(isMultilingual ? "auto" : "en")
            .WithNoContext().WithMaxLastTextTokens(0).Build();
    }

    /// <summary>Listens to one part after the other.</summary>
    public async IAsyncEnumerable<SpokenPiece> ListenAsync(SoundParts sound)
    {
        double at = 0;
        foreach (float[] part in sound.Read())
        {
            double length = part.Length / (double)SoundParts.Rate;
            await foreach (SegmentData segment in _processor.ProcessAsync(part).ConfigureAwait(false))
            {
                // It may take the silence that it adds behind a part for speech.
                double start = Math.Min(segment.Start.TotalSeconds, length);
                double end = Math.Min(segment.End.TotalSeconds, length);
                if (end > start && IsSpeech(segment.Text))
                {
                    yield return new SpokenPiece(at + start, at + end, segment.Text.Trim(), segment.Language);
                }
            }

            at += length;
            yield return new SpokenPiece(at, at, Text: null, Language: null);
        }
    }

    public void Dispose()
    {
        _processor.Dispose();
        _model.Dispose();
    }

    // What is heard and not said comes in brackets: "[Music]", "(applause)", "[BLANK_AUDIO]".
    private static bool IsSpeech(string text)
    {
        string trimmed = text.Trim();
        return trimmed.Any(char.IsLetterOrDigit)
            && !(trimmed.Length > 1 && (trimmed[0], trimmed[^1]) is ('[', ']') or ('(', ')') or ('*', '*'));
    }

    private static int ReadVocabularySize(string path)
    {
        byte[] head = new byte[2 * sizeof(int)];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && BinaryPrimitives.ReadInt32LittleEndian(head) == Magic
                ? BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int)))
                : throw new InvalidDataException("The file is no Whisper model of ggml.");
    }
}
