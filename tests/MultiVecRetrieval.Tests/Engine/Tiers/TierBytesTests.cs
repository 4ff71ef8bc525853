using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Golden files of indexes, read by the offsets of docs/format.md and nothing else, against the rows that they were made
/// of.</summary>
public class TierBytesTests
{
    private const int D = GoldenTiers.Dimension;

    // d rounded up to a multiple of 64.
    private const int Padded = 64;
    private const int BlockLength = 32;

    private static readonly string Folder = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "tiers", "segments");

    [Theory]
    [InlineData("one", "ivf")]
    [InlineData("one", "ivf:3")]
    [InlineData("many", "tokens:6x2")]
    [InlineData("many", "bits:2")]
    [InlineData("one", "hnsw:4x16")]
    public void Files_HeadersAndTables_AreWhereTheFormatSays(string space, string spec)
    {
        (byte[] codec, long tier) = FindCodec(space, spec);
        AssertHeader(codec, kind: 3, space, D);
        Assert.Equal(codec.Length, 128 + ReadInt32(codec, 32) + ReadInt64(codec, 48));
        uint parameters = Crc32C.Compute(codec.AsSpan(128));
        Assert.Equal(parameters, ReadUInt32(codec, 64));
        Assert.All(FindCodes(tier), codes =>
        {
            AssertHeader(codes, kind: 2, space, D);
            Assert.Equal((GoldenTiers.SegmentEntryCount, tier, parameters),
                (ReadInt32(codes, 32), ReadInt64(codes, 40), ReadUInt32(codes, 68)));
            int table = (int)ReadInt64(codes, 48);
            Assert.Equal((codes.Length, 0), (table + (32 * ReadInt32(codes, 56)), table % 64));
            Assert.Equal(Crc32C.Compute(codes.AsSpan(table)), ReadUInt32(codes, 64));
            (int offset, int length) = ((int)ReadInt64(codes, table), (int)ReadInt64(codes, table + 8));
            Assert.Equal(Crc32C.Compute(codes.AsSpan(offset, length)), ReadUInt32(codes, table + 16));
            Assert.Equal((128, 0, GoldenTiers.SegmentEntryCount), (offset, ReadInt32(codes, table + 20), ReadInt32(codes, table + 24)));
        });
    }

    [Fact]
    public void TokenLists_EveryRow_IsInTheListOfItsNearestCentroid()
    {
        (byte[] codec, long tier) = FindCodec("many", "tokens:6x2");
        const int K = 6;
        byte[][] files = [.. FindCodes(tier)];
        for (int segment = 0; segment < files.Length; segment++)
        {
            byte[] chunk = ReadChunk(files[segment]);
            Assert.Equal([1, D, K, GoldenTiers.SegmentEntryCount], ReadInt32s(chunk, 0, 4));
            int postingCount = ReadInt32(chunk, 16);
            float[] centroids = ReadSingles(chunk, 20, K * D);
            Assert.Equal(ReadSingles(codec, 128 + ReadInt32(codec, 32), K * D), centroids);
            int[] starts = ReadInt32s(chunk, 20 + (4 * K * D), K + 1);
            Assert.Equal((0, postingCount), (starts[0], starts[K]));
            int postings = 20 + (4 * K * D) + (4 * (K + 1));
            for (int list = 0; list < K; list++)
            {
                int[] found =
                    [.. Enumerable.Range(starts[list], starts[list + 1] - starts[list])
                    .Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(chunk.AsSpan(postings + (2 * i))))];
                int[] expected =
                    [.. Enumerable.Range(0, GoldenTiers.SegmentEntryCount)
                    .Where(entry => NamesList(GoldenTiers.RowsOf((segment * GoldenTiers.SegmentEntryCount) + entry), centroids, list))];
                Assert.Equal(expected, found);
            }
        }
    }

    [Theory]
    [InlineData("ivf")]
    [InlineData("ivf:3")]
    public void InvertedLists_EveryRow_IsStoredAsTheFormatSays(string spec)
    {
        (byte[] codec, long tier) = FindCodec("one", spec);
        float[] sample = ReadSingles(codec, 128 + ReadInt32(codec, 32), (int)ReadInt64(codec, 48) / 4);
        Assert.Equal(GoldenTiers.Queries.Where((_, i) => i % 2 == 0).SelectMany(query => query.Values.ToArray()), sample);
        byte[][] files = [.. FindCodes(tier)];
        for (int segment = 0; segment < files.Length; segment++)
        {
            byte[] chunk = ReadChunk(files[segment]);
            Assert.Equal(Enumerable.Range(0, GoldenTiers.SegmentEntryCount + 1), ReadInt32s(chunk, 0, GoldenTiers.SegmentEntryCount + 1));
            CheckLists(chunk[((4 * (GoldenTiers.SegmentEntryCount + 1) + 63) & -64)..], segment * GoldenTiers.SegmentEntryCount, sample);
        }
    }

    private static void CheckLists(byte[] lists, int firstEntry, float[] sample)
    {
        Assert.Equal("MVVI"u8, lists.AsSpan(0, 4));
        int rowCount = GoldenTiers.SegmentEntryCount;
        (int listCount, int blockCount, int seed) = (ReadInt32(lists, 20), ReadInt32(lists, 24), ReadInt32(lists, 32));
        Assert.Equal([1, rowCount, D], [ReadInt32(lists, 4), ReadInt32(lists, 16), ReadInt32(lists, 28)]);
        Assert.Equal(Crc32C.Compute(lists.AsSpan(0, 124)), ReadUInt32(lists, 124));
        int offset = 128;
        float[] mean = Next(D);
        float[][] queryMeans = [Next(Padded), Next(Padded)];
        int[] firstBlocks = NextInts(listCount + 1);
        int[] rows = NextInts(BlockLength * blockCount);
        int[] places = NextInts(rowCount);
        Assert.Equal(Crc32C.Compute(lists.AsSpan(128, offset - 128)), ReadUInt32(lists, 36));
        Assert.Equal((0, blockCount), (firstBlocks[0], firstBlocks[listCount]));

        int record = (Padded + 16 + 63) & -64;
        int block = (Padded / 4 * 16) + (3 * BlockLength * 2);
        int centroids = (offset + 63) & -64;
        int blocks = centroids + (listCount * record);
        int records = blocks + (blockCount * block);
        Assert.Equal(lists.Length, records + (rows.Length * record));
        Assert.Equal(lists.Length, ReadInt64(lists, 8));

        double[] meanOfRows =
            [.. Enumerable.Range(0, D)
            .Select(k => Enumerable.Range(0, rowCount).Average(i => (double)GoldenTiers.RowOf(firstEntry + i).Values[k]))];
        Assert.All(mean.Zip(meanOfRows), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        AssertClose(Rotate([.. mean.Select(x => (double)x)], seed), queryMeans[0], 1e-5);
        AssertClose(Rotate(
            [.. Enumerable.Range(0, D).Select(k => Enumerable.Range(0, sample.Length / D).Average(i => (double)sample[(i * D) + k]))],
            seed), queryMeans[1], 1e-5);
        Assert.Equal(Enumerable.Range(0, rowCount), rows.Where(row => row >= 0).Order());
        for (int row = 0; row < rowCount; row++)
        {
            Assert.Equal(row, rows[places[row]]);
            double[] rotated = Rotate([.. GoldenTiers.RowOf(firstEntry + row).Values.ToArray().Zip(mean, (x, m) => (double)x - m)], seed);
            (double[] stored, float scale, _) = ReadRecord(lists, records + (places[row] * record));

            // A code is off by half a step at most.
            AssertClose(rotated, stored, (scale / 2) + 1e-5);
            int list = Array.FindLastIndex(firstBlocks, first => first <= places[row] / BlockLength);
            (double[] centroid, _, _) = ReadRecord(lists, centroids + (list * record));
            CheckBlock(lists.AsSpan(blocks + (places[row] / BlockLength * block), block), places[row] % BlockLength,
                [.. rotated.Zip(centroid, (x, c) => x - c)], queryMeans);
        }

        for (int list = 0; list < listCount; list++)
        {
            (double[] centroid, _, float radius) = ReadRecord(lists, centroids + (list * record));
            double[] squares = [.. rows[(BlockLength * firstBlocks[list])..(BlockLength * firstBlocks[list + 1])].Where(row => row >= 0)
                .Select(row => Rotate([.. GoldenTiers.RowOf(firstEntry + row).Values.ToArray().Zip(mean, (x, m) => (double)x - m)], seed)
                    .Zip(centroid, (x, c) => (x - c) * (x - c)).Sum())];
            Assert.Equal(Math.Sqrt(squares.DefaultIfEmpty(0).Average()), radius, 1e-4);
        }

        float[] Next(int count)
        {
            offset += 4 * count;
            return ReadSingles(lists, offset - (4 * count), count);
        }

        int[] NextInts(int count)
        {
            offset += 4 * count;
            return ReadInt32s(lists, offset - (4 * count), count);
        }
    }

    // The signs of a row's difference from its centroid, and three numbers that are the upper halves of float32: 1/128 of their size is
    // lost at most.
    private static void CheckBlock(ReadOnlySpan<byte> block, int index, double[] difference, float[][] queryMeans)
    {
        for (int k = 0; k < Padded; k++)
        {
            int nibble = block[(k / 4 * 16) + (index % 16)] >> (index < 16 ? 0 : 4);
            if (Math.Abs(difference[k]) > 1e-5)
            {
                Assert.Equal(difference[k] > 0, ((nibble >> (k % 4)) & 1) == 1);
            }
        }

        double squares = difference.Sum(x => x * x);
        double[] expected = [squares / difference.Sum(Math.Abs), .. queryMeans.Select(mean => mean.Zip(difference, (m, r) => m * r).Sum())];
        for (int i = 0; i < 3; i++)
        {
            ushort half = BinaryPrimitives.ReadUInt16LittleEndian(block[((Padded / 4 * 16) + (2 * ((i * BlockLength) + index)))..]);
            double actual = BitConverter.UInt32BitsToSingle((uint)half << 16);
            Assert.Equal(squares < 1e-9 ? 0 : expected[i], actual, (Math.Abs(expected[i]) / 128) + 1e-5);
        }
    }

    // Four times signs and a Walsh-Hadamard transform; D is a power of two here, so that both windows are all of it.
    private static double[] Rotate(double[] values, int seed)
    {
        double[] rotated = [.. values, .. new double[Padded - values.Length]];
        ulong state = (ulong)seed;
        for (int round = 0; round < 4; round++)
        {
            for (int k = 0; k < Padded; k++)
            {
                rotated[k] *= NextSign(ref state);
            }

            rotated = [.. Enumerable.Range(0, Padded)
                .Select(i => rotated.Select((x, j) => (System.Numerics.BitOperations.PopCount((uint)(i & j)) & 1) == 0 ? x : -x)
                .Sum() / Math.Sqrt(Padded))];
        }

        return rotated;
    }

    // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    private static int NextSign(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong value = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return ((value ^ (value >> 31)) >> 63) == 1 ? -1 : 1;
        }
    }

    private static bool NamesList(MultiVector rows, float[] centroids, int list)
    {
        for (int row = 0; row < rows.RowCount; row++)
        {
            float[] values = rows.Row(row).ToArray();
            double[] products =
                [.. Enumerable.Range(0, centroids.Length / D)
                .Select(k => values.Select((x, i) => (double)x * centroids[(k * D) + i]).Sum())];
            if (Array.IndexOf(products, products.Max()) == list)
            {
                return true;
            }
        }

        return false;
    }

    private static (double[] Values, float Scale, float Square) ReadRecord(byte[] bytes, int offset)
    {
        float scale = ReadSingles(bytes, offset + Padded, 1)[0];
        return ([.. bytes[offset..(offset + Padded)].Select(code => (sbyte)code * (double)scale)], scale,
            ReadSingles(bytes, offset + Padded + 4, 1)[0]);
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
        => AssertClose(expected, [.. actual.Select(x => (double)x)], tolerance);

    private static void AssertHeader(byte[] file, int kind, string space, int dimension)
    {
        Assert.Equal("MVRS"u8, file.AsSpan(0, 4));
        Assert.Equal((1, kind),
            (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(6))));
        Assert.Equal((file.Length, dimension), (ReadInt64(file, 8), ReadInt32(file, 24)));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(space)).AsSpan(0, 16),
            file.AsSpan(72, 16));
        Assert.Equal(Crc32C.Compute(file.AsSpan(0, 124)), ReadUInt32(file, 124));
    }

    // By the digest of the space and the spec, which the file of parameters has.
    private static (byte[] File, long Tier) FindCodec(string space, string spec) => Directory.GetFiles(Folder, "*.codec")
        .Select(path => (File: File.ReadAllBytes(path), Tier: Convert.ToInt64(Path.GetFileNameWithoutExtension(path), 16)))
        .Single(codec => System.Text.Encoding.UTF8.GetString(codec.File, 128, ReadInt32(codec.File, 32)) == spec
            && codec.File.AsSpan(72, 16)
                .SequenceEqual(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(space)).AsSpan(0, 16)));

    // The one chunk: the file's table says how long it is.
    private static byte[] ReadChunk(byte[] codes) => codes[128..(128 + (int)ReadInt64(codes, (int)ReadInt64(codes, 48) + 8))];

    // In the order of their segments.
    private static IEnumerable<byte[]> FindCodes(long tier) =>
        Directory.GetFiles(Folder, "*.codes").Select(File.ReadAllBytes).Where(codes => ReadInt64(codes, 40) == tier)
            .OrderBy(codes => ReadInt64(codes, 16));

    private static int ReadInt32(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    private static uint ReadUInt32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static long ReadInt64(byte[] bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset));

    private static int[] ReadInt32s(byte[] bytes, int offset, int count)
        => MemoryMarshal.Cast<byte, int>(bytes.AsSpan(offset, 4 * count)).ToArray();

    private static float[] ReadSingles(byte[] bytes, int offset, int count)
        => MemoryMarshal.Cast<byte, float>(bytes.AsSpan(offset, 4 * count)).ToArray();
}
