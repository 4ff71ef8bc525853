using System.Buffers.Binary;

namespace MultiVecRetrieval.Speech;

/// <summary>Reads sound in parts of a few minutes that end where it is quiet, so that a film need not be held in memory.</summary>
/// <param name="sound">16 kHz, mono, signed 16-bit little-endian.</param>
/// <param name="maxSeconds">Length of a part at most.</param>
/// <param name="searchSeconds">How far from its end a quiet place is looked for.</param>
internal sealed class SoundParts(Stream sound, int maxSeconds = 300, int searchSeconds = 30)
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 16_000;

    // A tenth of a second is shorter than the pause between two sentences and longer than one within a word.
    private const int Window = Rate / 10;

    /// <summary>The parts in their order, in [-1, 1]; together they are the sound.</summary>
    public IEnumerable<float[]> Read()
    {
        float[] buffer = new float[maxSeconds * Rate];
        int held = 0;
        while (true)
        {
            held += Fill(buffer.AsSpan(held));
            if (held < buffer.Length)
            {
                if (held > 0)
                {
                    yield return buffer[..held];
                }

                yield break;
            }

            int cut = FindQuiet(buffer);
            yield return buffer[..cut];
            buffer.AsSpan(cut).CopyTo(buffer);
            held = buffer.Length - cut;
        }
    }

    private int Fill(Span<float> target)
    {
        byte[] bytes = new byte[1 << 16];
        int filled = 0;
        while (filled < target.Length)
        {
            int wanted = Math.Min(bytes.Length, (target.Length - filled) * sizeof(short));
            int samples = sound.ReadAtLeast(bytes.AsSpan(0, wanted), wanted, throwOnEndOfStream: false) / sizeof(short);
            for (int i = 0; i < samples; i++)
            {
                target[filled + i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * sizeof(short))) / 32768f;
            }

            filled += samples;
            if (samples * sizeof(short) < wanted)
            {
                break;
            }
        }

        return filled;
    }

    // The middle of the quietest window near the end.
    private int FindQuiet(float[] buffer)
    {
        int first = Math.Max(Window, buffer.Length - (searchSeconds * Rate));
        (int best, double least) = (buffer.Length, double.PositiveInfinity);
        for (int start = first; start + Window <= buffer.Length; start += Window)
        {
            double energy = 0;
            foreach (float sample in buffer.AsSpan(start, Window))
            {
                energy += sample * sample;
            }

            if (energy <= least)
            {
                (best, least) = (start + (Window / 2), energy);
            }
        }

        return best;
    }
}
