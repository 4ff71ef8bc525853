using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Resamples one row of 8-bit pixels, gray or RGB. The scalar path is the definition; the AVX2 path equals it bit for
/// bit.</summary>
/// <remarks>
/// The vector path splits each 23-bit weight into 15 low bits and a signed high part and multiplies 16-bit pairs. Its sums may
/// wrap, which changes nothing: the true sum fits int32 and addition is exact modulo 2³².
/// </remarks>
internal sealed class HorizontalPass
{
    private const int RgbGroup = 4;
    private const int GrayGroup = 16;
    private const int Half = 1 << (ResampleWeights.PrecisionBits - 1);

    private readonly ResampleWeights _weights;
    private readonly int _channels;
    private readonly short[]? _packed;
    private readonly int _packedStride;

    /// <summary>Prepares a pass over rows of <paramref name="channels"/> (1 or 3) interleaved bytes per pixel.</summary>
    public HorizontalPass(ResampleWeights weights, int channels, bool vectorized)
    {
        _weights = weights;
        _channels = channels;
        int group = channels == 3 ? RgbGroup : GrayGroup;
        int groupCount = (weights.MaxCount + group - 1) / group;
        _packedStride = groupCount * 2 * group;
        if (!vectorized)
        {
            return;
        }

        _packed = weights.Pack(group);
        int reach = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            reach = Math.Max(reach, weights.First(i) + ((weights.Count(i) + group - 1) / group * group));
        }

        // An RGB group of four pixels is loaded as 16 bytes, four more than it has.
        ReadableLength = (reach * channels) + 4;
    }

    /// <summary>Bytes from the start of a row that the vector path may read; those past the row only need to exist.</summary>
    public int ReadableLength { get; }

    /// <summary>Resamples one row into <paramref name="target"/>, which has one pixel per weight row.</summary>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_packed is null)
        {
            ApplyScalar(source, target);
        }
        else if (_channels == 3)
        {
            ApplyRgbAvx2(source, target);
        }
        else
        {
            ApplyGrayAvx2(source, target);
        }
    }

    private void ApplyScalar(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int x = 0; x < _weights.Length; x++)
        {
            ReadOnlySpan<int> weights = _weights.Values(x);
            for (int c = 0; c < _channels; c++)
            {
                int sum = Half;
                int at = (_weights.First(x) * _channels) + c;
                foreach (int weight in weights)
                {
                    sum += source[at] * weight;
                    at += _channels;
                }

                target[(x * _channels) + c] = (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
            }
        }
    }

    private void ApplyRgbAvx2(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Debug.Assert(source.Length >= ReadableLength && target.Length >= _weights.Length * 3);
        ref byte bytes = ref MemoryMarshal.GetReference(source);
        ref short packed = ref MemoryMarshal.GetArrayDataReference(_packed!);

        // Pixels 0 and 1 go to the lower half as 16-bit pairs r0r1 g0g1 b0b1 00, pixels 2 and 3 to the upper half.
        const byte No = 0x80;
        Vector256<byte> pairs = Vector256.Create(
            0, No, 3, No, 1, No, 4, No, 2, No, 5, No, No, No, No, No, 6, No, 9, No, 7, No, 10, No, 8, No, 11, No, No, No, No, No);
        Vector256<int> lowOrder = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1);
        Vector256<int> highOrder = Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3);
        for (int x = 0; x < _weights.Length; x++)
        {
            nuint at = (nuint)(_weights.First(x) * 3);
            nuint weightAt = (nuint)(x * _packedStride);
            Vector256<int> low = Vector256<int>.Zero;
            Vector256<int> high = Vector256<int>.Zero;
            for (int k = _weights.Count(x); k > 0; k -= RgbGroup)
            {
                Vector128<byte> four = Vector128.LoadUnsafe(ref bytes, at);
                Vector256<short> pixels = Avx2.Shuffle(Vector256.Create(four, four), pairs).AsInt16();
                Vector256<int> weights = Vector128.LoadUnsafe(ref packed, weightAt).AsInt32().ToVector256Unsafe();
                low += Avx2.MultiplyAddAdjacent(pixels, Avx2.PermuteVar8x32(weights, lowOrder).AsInt16());
                high += Avx2.MultiplyAddAdjacent(pixels, Avx2.PermuteVar8x32(weights, highOrder).AsInt16());
                at += RgbGroup * 3;
                weightAt += RgbGroup * 2;
            }

            Vector256<int> both = low + Vector256.ShiftLeft(high, 15);
            Vector128<int> sum = both.GetLower() + both.GetUpper() + Vector128.Create(Half);
            Vector128<short> words = Sse2.PackSignedSaturate(Vector128.ShiftRightArithmetic(sum, ResampleWeights.PrecisionBits), default);
            uint rgb = Sse2.PackUnsignedSaturate(words, default).AsUInt32().ToScalar();
            target[(x * 3) + 2] = (byte)(rgb >> 16);
            target[(x * 3) + 1] = (byte)(rgb >> 8);
            target[x * 3] = (byte)rgb;
        }
    }

    private void ApplyGrayAvx2(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Debug.Assert(source.Length >= ReadableLength && target.Length >= _weights.Length);
        ref byte bytes = ref MemoryMarshal.GetReference(source);
        ref short packed = ref MemoryMarshal.GetArrayDataReference(_packed!);
        for (int x = 0; x < _weights.Length; x++)
        {
            nuint at = (nuint)_weights.First(x);
            nuint weightAt = (nuint)(x * _packedStride);
            Vector256<int> low = Vector256<int>.Zero;
            Vector256<int> high = Vector256<int>.Zero;
            for (int k = _weights.Count(x); k > 0; k -= GrayGroup)
            {
                Vector256<short> pixels = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref bytes, at));
                low += Avx2.MultiplyAddAdjacent(pixels, Vector256.LoadUnsafe(ref packed, weightAt));
                high += Avx2.MultiplyAddAdjacent(pixels, Vector256.LoadUnsafe(ref packed, weightAt + GrayGroup));
                at += GrayGroup;
                weightAt += GrayGroup * 2;
            }

            int sum = Half + Vector256.Sum(low + Vector256.ShiftLeft(high, 15));
            target[x] = (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
        }
    }
}
