using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// NumKong's MaxSim: screening with int8, then the winners in float32 or bfloat16. Its library comes with the package of USearch and
/// takes the kernels that suit the processor.
/// </summary>
internal sealed partial class NumKongPeer
{
    private const string LibraryName = "numkong";

    // nk_kernel_maxsim_packed_k, and of nk_dtype_t f32 and bf16 (types.h, capabilities.h of NumKong).
    private const int PackedMaxSim = 'T';
    private const int Float32 = 1 << 11;
    private const int BFloat16 = 1 << 13;

    // Of nk_capability_t, those for which there is such a kernel on x86.
    private static readonly (int Bit, string Name)[] Capabilities =
        [(0, "serial"), (2, "haswell"), (3, "skylake"), (7, "icelake"), (8, "genoa"), (13, "alder"), (18, "sapphire AMX")];

    private readonly ulong _available;

    private NumKongPeer(ulong available) => _available = available;

    private delegate double Score(Memory<byte> query, Memory<byte> page);

    /// <summary>What its kernels are made for.</summary>
    public string Instructions => $"f32 {Describe(Float32, _available)}, bf16 {Describe(BFloat16, _available)}";

    /// <summary>Loads it; null where that fails, after saying why.</summary>
    public static NumKongPeer? Load()
    {
        try
        {
            return new NumKongPeer(GetAvailableCapabilities());
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            Console.WriteLine($"NumKong is left out: {exception.Message}");
            return null;
        }
    }

    /// <summary>Times it on copies of a page that fill so many bytes, at least one.</summary>
    /// <exception cref="InvalidOperationException">It is more than 10 % off the definition: then it does other work.</exception>
    public Measurement Measure(string format, string place, MultiVector query, MultiVector page, long setSizeInBytes, int repetitionCount)
    {
        if (ConfigureThread(_available) == 0)
        {
            throw new InvalidOperationException("NumKong cannot use what this processor has.");
        }

        Memory<byte> packedQuery = Pack(format, query);
        int count = (int)(setSizeInBytes / Pack(format, page).Length) + 1;
        Memory<byte>[] pages = [.. Enumerable.Range(0, count).Select(_ => Pack(format, page))];
        Score score = GetScore(format, query.RowCount, page.RowCount, page.Dimension);

        double expected = MaxSim.Score(query.View, page.View);
        double actual = score(packedQuery, pages[0]);
        if (!(Math.Abs(actual - expected) <= 0.1 * Math.Abs(expected)))
        {
            throw new InvalidOperationException($"NumKong {format} scores {actual}, the definition {expected}.");
        }

        // Its screening compares int8 products without their scales, so it can settle for another row than the best.
        Console.WriteLine($"NumKong {format}: score {actual:f3}, exact {expected:f3}");
        return new Measurement($"NumKong {format} {place}", count * repetitionCount, () =>
        {
            double sum = 0;
            for (int repetition = 0; repetition < repetitionCount; repetition++)
            {
                foreach (Memory<byte> packed in pages)
                {
                    sum += score(packedQuery, packed);
                }
            }

            if (double.IsNaN(sum))
            {
                throw new InvalidOperationException("A benchmark page scored NaN.");
            }
        });
    }

    // NumKong adds up angular distances; unit rows turn them into a sum of cosines.
    private static Score GetScore(string format, int queryRowCount, int rowCount, int dimension) => format == "f32"
        ? (query, page) =>
        {
            ScoreFloat32(in query.Span[0], in page.Span[0], (nuint)queryRowCount, (nuint)rowCount, (nuint)dimension, out double distance);
            return queryRowCount - distance;
        }
    : (query, page) =>
    {
        ScoreBFloat16(in query.Span[0], in page.Span[0], (nuint)queryRowCount, (nuint)rowCount, (nuint)dimension, out float distance);
        return queryRowCount - distance;
    };

    private static Memory<byte> Pack(string format, MultiVector rows)
    {
        (nuint count, nuint dimension) = ((nuint)rows.RowCount, (nuint)rows.Dimension);
        int size = (int)(format == "f32" ? GetSizeFloat32(count, dimension) : GetSizeBFloat16(count, dimension));
        Memory<byte> packed = CacheLines.Allocate(size, out int offset).AsMemory(offset, size);
        if (format == "f32")
        {
            PackFloat32(in rows.Values[0], count, dimension, dimension * sizeof(float), ref packed.Span[0]);
        }
        else
        {
            ushort[] halves = new ushort[rows.Values.Length];
            for (int i = 0; i < halves.Length; i++)
            {
                halves[i] = RoundToBFloat16(rows.Values[i]);
            }

            PackBFloat16(in halves[0], count, dimension, dimension * sizeof(ushort), ref packed.Span[0]);
        }

        return packed;
    }

    // To the nearest, ties to even: what is cut off is carried into what stays.
    private static ushort RoundToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static string Describe(int type, ulong available)
    {
        FindKernel(PackedMaxSim, type, available, out _, out ulong capability);
        IEnumerable<string> names = Capabilities.Where(x => ((capability >> x.Bit) & 1) != 0).Select(x => x.Name);
        return string.Join('+', names.DefaultIfEmpty($"{capability:x}"));
    }

    [LibraryImport(LibraryName, EntryPoint = "nk_capabilities_available")]
    private static partial ulong GetAvailableCapabilities();

    [LibraryImport(LibraryName, EntryPoint = "nk_configure_thread")]
    private static partial int ConfigureThread(ulong capabilities);

    [LibraryImport(LibraryName, EntryPoint = "nk_find_kernel_punned")]
    private static partial void FindKernel(int kind, int type, ulong viable, out nint kernel, out ulong capability);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_packed_size_f32")]
    private static partial nuint GetSizeFloat32(nuint rowCount, nuint dimension);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_packed_size_bf16")]
    private static partial nuint GetSizeBFloat16(nuint rowCount, nuint dimension);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_pack_f32")]
    private static partial void PackFloat32(in float rows, nuint rowCount, nuint dimension, nuint stride, ref byte packed);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_pack_bf16")]
    private static partial void PackBFloat16(in ushort rows, nuint rowCount, nuint dimension, nuint stride, ref byte packed);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_packed_f32")]
    private static partial void ScoreFloat32(
        in byte query, in byte page, nuint queryRowCount, nuint rowCount, nuint dimension, out double distance);

    [LibraryImport(LibraryName, EntryPoint = "nk_maxsim_packed_bf16")]
    private static partial void ScoreBFloat16(
        in byte query, in byte page, nuint queryRowCount, nuint rowCount, nuint dimension, out float distance);
}
