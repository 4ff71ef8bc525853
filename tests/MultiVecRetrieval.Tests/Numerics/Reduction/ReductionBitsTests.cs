using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

/// <summary>
/// Reductions give the same bits at every instruction set. One process has one, so what they give is recorded; MVR_WRITE_GOLDEN=1 writes it
/// anew, after which the test has to pass with AVX-512, AVX2 and all intrinsics turned off too.
/// </summary>
public class ReductionBitsTests
{
    private static readonly string Golden = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "reduction", "bits.txt");

    [Fact]
    public void Reduce_AnyInstructionSet_GivesTheRecordedBits()
    {
        string[] lines = [.. ReductionsTests.Specs.Select(row => $"{row.Data} {Hash(Reductions.Parse(row.Data))}")];
        if (Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            File.WriteAllLines(Golden, lines);
        }

        Assert.Equal(File.ReadAllLines(Golden), lines);
    }

    private static string Hash(RowReducer reducer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int dimension in new[] { 24, 128, 37 })
        {
            MultiVector page = ReductionSamples.Page(seed: 3, 15, 17, dimension);
            float[] saliency = ReductionSamples.Saliency(seed: 4, page.RowCount);
            ReducedRows reduced = reducer.Reduce(ReductionSamples.Source(page, saliency));
            hash.AppendData(MemoryMarshal.AsBytes<float>(reduced.Values));
            hash.AppendData(MemoryMarshal.AsBytes<int>(reduced.Owners));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
