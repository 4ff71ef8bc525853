using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// NumKong's MaxSim: screening with int8, then the winners in float32 or bfloat16. Its headers come with the npm package usearch, and
/// <c>peers/numkong.c</c> is compiled against them for this processor, with gcc, on first use.
/// </summary>
internal sealed class NumKongPeer
{
    private const string Package = "usearch@2.25.3";

    private readonly nint _library;

    private NumKongPeer(nint library) => _library = library;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint Pack(float[] rows, nuint count, nuint dimension);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint SizeOf(nuint count, nuint dimension);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate double Score(nint query, nint page, nuint queryCount, nuint pageCount, nuint dimension);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint Describe();

    /// <summary>What its kernels were compiled for.</summary>
    public string Instructions => Marshal.PtrToStringAnsi(Get<Describe>("peer_instructions")())!;

    /// <summary>Installs, compiles and loads it; null where that fails, after saying why.</summary>
    public static NumKongPeer? Load()
    {
        string folder = Path.Combine(GetPeersFolder(), "numkong");
        string library = Path.Combine(folder, "node_modules", "libnumkong-peer.so");
        string source = Path.Combine(GetPeersFolder(), "numkong.c");
        try
        {
            string include = Path.Combine(folder, "node_modules", "usearch", "numkong", "include");
            if (!Directory.Exists(include))
            {
                Directory.CreateDirectory(folder);
                Start("npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, Package);
            }

            if (!File.Exists(library) || File.GetLastWriteTimeUtc(library) < File.GetLastWriteTimeUtc(source))
            {
                Start("gcc", "-O3", "-march=native", "-shared", "-fPIC", "-DNK_NATIVE_BF16=0", "-I" + include, source, "-o", library);
            }

            return new NumKongPeer(NativeLibrary.Load(library));
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or DllNotFoundException)
        {
            Console.WriteLine($"NumKong is left out, it needs npm and gcc: {exception.Message}");
            return null;
        }
    }

    /// <summary>Times it on copies of a page that fill so many bytes, at least one.</summary>
    /// <exception cref="InvalidOperationException">It is more than 10 % off the definition: then it does other work.</exception>
    public Measurement Measure(string format, string place, MultiVector query, MultiVector page, long setSizeInBytes, int repetitionCount)
    {
        Pack pack = Get<Pack>("peer_pack_" + format);
        Score score = Get<Score>("peer_score_" + format);
        nuint d = (nuint)page.Dimension;
        nuint rowCount = (nuint)page.RowCount;
        nuint queryRowCount = (nuint)query.RowCount;
        int count = (int)(setSizeInBytes / (long)Get<SizeOf>("peer_size_" + format)(rowCount, d)) + 1;

        // Never freed: they live as long as the measurement, which is the rest of the process.
        nint packedQuery = pack(query.Values.ToArray(), queryRowCount, d);
        nint[] pages = [.. Enumerable.Range(0, count).Select(_ => pack(page.Values.ToArray(), rowCount, d))];

        double expected = Numerics.Kernels.MaxSim.Score(query.View, page.View);
        double actual = score(packedQuery, pages[0], queryRowCount, rowCount, d);
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
                foreach (nint packed in pages)
                {
                    sum += score(packedQuery, packed, queryRowCount, rowCount, d);
                }
            }

            if (double.IsNaN(sum))
            {
                throw new InvalidOperationException("A benchmark page scored NaN.");
            }
        });
    }

    private T Get<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    private static string GetPeersFolder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "peers");

    private static void Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
    }
}
