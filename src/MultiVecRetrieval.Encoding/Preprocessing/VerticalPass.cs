using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>
/// Combines rows of 8-bit samples into one row. The rows lie in a ring: row y starts at (y mod capacity) × stride, so that a tall
/// picture needs no more memory than one target row covers.
/// </summary>
/// <remarks>The scalar path is the definition; the AVX2 path equals it bit for bit, by the argument of
/// <see cref="HorizontalPass"/>.</remarks>
internal sealed class VerticalPass
{
    private const int Half = 1 << (ResampleWeights.PrecisionBits - 1);
    private const int BlockLength = 16;

    private readonly ResampleWeights _weights;
    private readonly short[]? _packed;
    private readonly int _packedStride;

    /// <summary>Prepares a pass with one target row per weight row.</summary>
    public VerticalPass(ResampleWeights weights, bool vectorized)
    {
        _weights = weights;
        _packedStride = (weights.MaxCount + 1) / 2 * 4;
        _packed = vectorized ? weights.Pack(2) : null;
    }

    /// <summary>Computes target row <paramref name="y"/>, as long as <paramref name="target"/>.</summary>
    /// <param name="y">The target row.</param>
    /// <param name="ring">Rows at (row mod <paramref name="capacity"/>) × <paramref name="stride"/>.</param>
    /// <param name="capacity">Rows in the ring, at least as many as the target row covers.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="target">The samples of the target row; at most <paramref name="stride"/>.</param>
    public void Apply(int y, ReadOnlySpan<byte> ring, int capacity, int stride, Span<byte> target)
    {
        Debug.Assert(_weights.Count(y) <= capacity && target.Length <= stride);
        int done = 0;
        if (_packed is not null && target.Length >= BlockLength)
        {
            for (; done <= target.Length - BlockLength; done += BlockLength)
            {
                ApplyBlockAvx2(y, ring, capacity, stride, target, done);
            }

            if (done < target.Length)
            {
                // The tail is computed as one full block that ends at the last sample; the overlap is written twice with equal bytes.
                ApplyBlockAvx2(y, ring, capacity, stride, target, target.Length - BlockLength);
            }

            return;
        }

        ApplyScalar(y, ring, capacity, stride, target);
    }

    private void ApplyScalar(int y, ReadOnlySpan<byte> ring, int capacity, int stride, Span<byte> target)
    {
        ReadOnlySpan<int> weights = _weights.Values(y);
        int first = _weights.First(y) % capacity;
        for (int x = 0; x < target.Length; x++)
        {
            int sum = Half;
            int row = first;
            foreach (int weight in weights)
            {
                sum += ring[(row * stride) + x] * weight;
                row = row + 1 == capacity ? 0 : row + 1;
            }

            target[x] = (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
        }
    }

    private void ApplyBlockAvx2(int y, ReadOnlySpan<byte> ring, int capacity, int stride, Span<byte> target, int x)
    {
        Debug.Assert(x + BlockLength <= target.Length && (long)((capacity - 1) * (long)stride) + x + BlockLength <= ring.Length);
        ref byte bytes = ref MemoryMarshal.GetReference(ring);
        ref int packed = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(_packed!));
        nuint weightAt = (nuint)(y * _packedStride / 2);
        int row = _weights.First(y) % capacity;
        Vector256<int> low0 = Vector256<int>.Zero, low1 = Vector256<int>.Zero, high0 = Vector256<int>.Zero, high1 = Vector256<int>.Zero;
        for (int k = _weights.Count(y); k > 0; k -= 2)
        {
            Vector128<byte> a = Vector128.LoadUnsafe(ref bytes, (nuint)((row * stride) + x));

            // An odd last row is paired with whatever follows in the ring, at weight zero.
            row = row + 1 == capacity ? 0 : row + 1;
            Vector128<byte> b = Vector128.LoadUnsafe(ref bytes, (nuint)((row * stride) + x));
            row = row + 1 == capacity ? 0 : row + 1;

            Vector256<short> low = Vector256.Create(Unsafe.Add(ref packed, weightAt)).AsInt16();
            Vector256<short> high = Vector256.Create(Unsafe.Add(ref packed, weightAt + 1)).AsInt16();
            Vector256<short> pixels0 = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(a, b));
            Vector256<short> pixels1 = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(a, b));
            low0 += Avx2.MultiplyAddAdjacent(pixels0, low);
            high0 += Avx2.MultiplyAddAdjacent(pixels0, high);
            low1 += Avx2.MultiplyAddAdjacent(pixels1, low);
            high1 += Avx2.MultiplyAddAdjacent(pixels1, high);
            weightAt += 2;
        }

        Vector256<int> half = Vector256.Create(Half);
        Vector256<int> sum0 = Vector256.ShiftRightArithmetic(low0 + Vector256.ShiftLeft(high0, 15) + half, ResampleWeights.PrecisionBits);
        Vector256<int> sum1 = Vector256.ShiftRightArithmetic(low1 + Vector256.ShiftLeft(high1, 15) + half, ResampleWeights.PrecisionBits);
        Vector128<short> words0 = Sse2.PackSignedSaturate(sum0.GetLower(), sum0.GetUpper());
        Vector128<short> words1 = Sse2.PackSignedSaturate(sum1.GetLower(), sum1.GetUpper());
        Sse2.PackUnsignedSaturate(words0, words1).StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)x);
    }
}
