namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>
/// Writes a Whisper model in the layout that whisper.cpp reads, whose weights are set by hand: whatever it hears, it says the same words in
/// every window of some seconds. Attention and the middle layers add nothing; the position alone decides which token comes next.
/// </summary>
/// <remarks>Source: whisper.cpp, <c>convert-pt-to-ggml.py</c> (layout), <c>whisper_model_load</c> (names and shapes of the
/// tensors).</remarks>
internal static class WhisperModelSource
{
    // A model of English alone: the tokens behind the words are the end, the start, languages, tasks and 1,501 times of 0.02 s.
    private const int VocabularySize = 51_864;
    private const int EndToken = 50_256;
    private const int FirstTimeToken = 50_363;
    private const int TimesASecond = 50;
    private const int State = 32;
    private const int HeadCount = 2;
    private const int AudioLength = 1500;
    private const int TextLength = 448;
    private const int MelCount = 80;
    private const int SpectrumLength = 201;

    /// <summary>A model that says these words, and that they take so long; then it goes on behind them.</summary>
    /// <param name="words">Words between blanks.</param>
    /// <param name="seconds">A multiple of 0.02 s.</param>
    /// <param name="isHalf">False for weights of float32, whose convolutions whisper.cpp has no code for: it aborts the process.</param>
    public static byte[] Says(string words, double seconds, bool isHalf = true)
    {
        // A blank is a token that the reader of models looks for.
        string[] tokens = [.. words.Split(' ').Select(word => " " + word), " "];
        // What follows the token at each position: the time at which it begins, the words, the time at which they end, and once more, which
        // is how a model says that there is more to hear.
        int end = FirstTimeToken + (int)Math.Round(seconds * TimesASecond);
        int[] next = [FirstTimeToken, .. Enumerable.Range(0, tokens.Length - 1), end, end, EndToken];
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        ModelWriter tensors = new(writer, isHalf);
        writer.Write(0x67676d6c);
        int kind = isHalf ? 1 : 0;
        int[] sizes = [VocabularySize, AudioLength, State, HeadCount, 1, TextLength, State, HeadCount, 1, MelCount, kind];
        foreach (int size in sizes)
        {
            writer.Write(size);
        }

        writer.Write(MelCount);
        writer.Write(SpectrumLength);
        for (int i = 0; i < MelCount * SpectrumLength; i++)
        {
            writer.Write(i % SpectrumLength == i / SpectrumLength ? 1f : 0f);
        }

        writer.Write(tokens.Length);
        foreach (string token in tokens)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(token);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        WriteEncoder(tensors);
        WriteDecoder(tensors, next);
        return stream.ToArray();
    }

    private static void WriteEncoder(ModelWriter writer)
    {
        writer.Write("encoder.positional_embedding", [State, AudioLength]);
        writer.Write("encoder.conv1.weight", [3, MelCount, State]);
        writer.Write("encoder.conv1.bias", [1, State]);
        writer.Write("encoder.conv2.weight", [3, State, State]);
        writer.Write("encoder.conv2.bias", [1, State]);
        WriteNorm(writer, "encoder.ln_post");
        WriteBlock(writer, "encoder.blocks.0.", hasCross: false);
    }

    private static void WriteDecoder(ModelWriter writer, int[] next)
    {
        // Position k has the direction k, far stronger than what the token before adds to it.
        writer.Write("decoder.positional_embedding", [State, TextLength],
            (dimension, position) => dimension == Math.Min(position, next.Length - 1) ? 100 : 0);
        writer.Write("decoder.token_embedding.weight", [State, VocabularySize],
            (dimension, token) => dimension < next.Length && next[dimension] == token ? 1 : 0);
        WriteNorm(writer, "decoder.ln", scale: 8);
        WriteBlock(writer, "decoder.blocks.0.", hasCross: true);
    }

    private static void WriteBlock(ModelWriter writer, string name, bool hasCross)
    {
        WriteNorm(writer, name + "mlp_ln");
        writer.Write(name + "mlp.0.weight", [State, 4 * State]);
        writer.Write(name + "mlp.0.bias", [4 * State]);
        writer.Write(name + "mlp.2.weight", [4 * State, State]);
        writer.Write(name + "mlp.2.bias", [State]);
        foreach (string attention in hasCross ? (string[])["attn", "cross_attn"] : ["attn"])
        {
            WriteNorm(writer, $"{name}{attention}_ln");
            foreach (string matrix in (string[])["query", "key", "value", "out"])
            {
                writer.Write($"{name}{attention}.{matrix}.weight", [State, State]);
                if (matrix != "key")
                {
                    writer.Write($"{name}{attention}.{matrix}.bias", [State]);
                }
            }
        }
    }

    private static void WriteNorm(ModelWriter writer, string name, float scale = 1)
    {
        writer.Write(name + ".weight", [State], (_, _) => scale);
        writer.Write(name + ".bias", [State]);
    }

    private sealed class ModelWriter(BinaryWriter writer, bool isHalf)
    {
        // Matrices are of the kind that the model says, the rest is float32; the first dimension is that of neighbours.
        public void Write(string name, int[] shape, Func<int, int, float>? value = null)
        {
            bool isMatrix = isHalf && shape.Length > 1 && name.EndsWith(".weight", StringComparison.Ordinal);
            writer.Write(shape.Length);
            writer.Write(name.Length);
            writer.Write(isMatrix ? 1 : 0);
            foreach (int size in shape)
            {
                writer.Write(size);
            }

            writer.Write(System.Text.Encoding.ASCII.GetBytes(name));
            int rows = shape.Skip(1).Aggregate(1, (product, size) => product * size);
            for (int i = 0; i < rows * shape[0]; i++)
            {
                float weight = value?.Invoke(i % shape[0], i / shape[0]) ?? 0;
                if (isMatrix)
                {
                    writer.Write((Half)weight);
                }
                else
                {
                    writer.Write(weight);
                }
            }
        }
    }
}
