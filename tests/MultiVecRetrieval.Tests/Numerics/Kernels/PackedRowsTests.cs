using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class PackedRowsTests
{
    private static readonly int[] Dimensions = [1, 3, 4, 7, 16, 96, 127, 128, 768];

    [Theory]
    [InlineData(RowFormat.Float32, 1030, 128, 1030 * 128 * 4)]
    [InlineData(RowFormat.Float16, 1030, 128, 1030 * 128 * 2)]
    [InlineData(RowFormat.Int8, 1030, 128, 1030 * (128 + 4))]
    [InlineData(RowFormat.Float32, 1033, 128, 65 * 16 * 128 * 4)]
    [InlineData(RowFormat.Float16, 1033, 128, 65 * 16 * 128 * 2)]
    [InlineData(RowFormat.Int8, 1033, 128, 65 * 16 * (128 + 4))]
    [InlineData(RowFormat.Float32, 1, 512, 512 * 4)]
    [InlineData(RowFormat.Float16, 1, 512, 512 * 2)]
    [InlineData(RowFormat.Int8, 1, 512, 512 + 4)]
    [InlineData(RowFormat.Float32, 1, 7, 7 * 4)]
    [InlineData(RowFormat.Float16, 1, 7, 7 * 2)]
    [InlineData(RowFormat.Int8, 1, 7, 7 + 4)]
    [InlineData(RowFormat.Int8, 17, 5, (16 * (8 + 4)) + 5 + 4)]
    [InlineData(RowFormat.Int8, 9, 5, 16 * (8 + 4))]
    [InlineData(RowFormat.Float32, 0, 7, 0)]
    public void GetSizeInBytes_Shape_IsBlocksAndATailThatIsNotPadded(RowFormat format, int rowCount, int dimension, long expected)
    {
        Assert.Equal(expected, PackedRows.GetSizeInBytes(format, rowCount, dimension));
    }

    [Fact]
    public void GetSizeInBytes_ManyRows_DoesNotOverflow()
    {
        Assert.Equal((1L << 31) * 1024 * 4, PackedRows.GetSizeInBytes(RowFormat.Float32, int.MaxValue, 1024));
    }

    [Fact]
    public void Unpack_Float32_ReturnsTheSameBits()
    {
        foreach (int dimension in Dimensions)
        {
            for (int rowCount = 0; rowCount <= 49; rowCount++)
            {
                MultiVector rows = KernelSamples.RandomRows(seed: rowCount, rowCount, dimension);

                MultiVector actual = KernelSamples.Unpack(
                    RowFormat.Float32, KernelSamples.Pack(RowFormat.Float32, rows), rowCount, dimension);

                Assert.Equal(rows.Values, actual.Values);
            }
        }
    }

    [Fact]
    public void Unpack_Float16_ReturnsTheNearestHalf()
    {
        foreach (int dimension in Dimensions)
        {
            for (int rowCount = 0; rowCount <= 49; rowCount++)
            {
                MultiVector rows = KernelSamples.RandomRows(seed: rowCount, rowCount, dimension);

                MultiVector actual = KernelSamples.Unpack(
                    RowFormat.Float16, KernelSamples.Pack(RowFormat.Float16, rows), rowCount, dimension);

                Assert.Equal(rows.Values.ToArray().Select(x => (float)(Half)x), actual.Values.ToArray());
            }
        }
    }

    [Fact]
    public void Unpack_Int8_IsWithinHalfAStepOfEachValue()
    {
        foreach (int dimension in Dimensions)
        {
            for (int rowCount = 1; rowCount <= 49; rowCount++)
            {
                MultiVector rows = KernelSamples.RandomRows(seed: rowCount, rowCount, dimension);

                MultiVector actual = KernelSamples.Unpack(
                    RowFormat.Int8, KernelSamples.Pack(RowFormat.Int8, rows), rowCount, dimension);

                for (int i = 0; i < rowCount; i++)
                {
                    float peak = rows.Row(i).ToArray().Max(MathF.Abs);

                    // Half a step, and the float32 roundings of scale, quotient and product, each at most u·|value|.
                    double bound = (peak / 127.0 / 2) + (3 * peak / (1 << 24));
                    for (int k = 0; k < dimension; k++)
                    {
                        Assert.Equal(rows.Row(i)[k], (double)actual.Row(i)[k], bound);
                    }
                }
            }
        }
    }

    // The layout is stored on disk; these bytes must never change.
    [Fact]
    public void Pack_Float32_InterleavesSixteenRowsAndLeavesAFewAsTheyAre()
    {
        MultiVector rows = new(2, [.. Enumerable.Range(0, 18 * 2).Select(x => (float)x)]);

        byte[] packed = KernelSamples.Pack(RowFormat.Float32, rows);

        float[] even = [.. Enumerable.Range(0, 16).Select(row => 2f * row)];
        float[] odd = [.. Enumerable.Range(0, 16).Select(row => (2f * row) + 1)];
        Assert.Equal([.. even, .. odd, 32, 33, 34, 35], Singles(packed));
    }

    [Fact]
    public void Pack_Float32NineRows_PadsThemToABlock()
    {
        MultiVector rows = new(2, [.. Enumerable.Range(0, 9 * 2).Select(x => (float)x)]);

        byte[] packed = KernelSamples.Pack(RowFormat.Float32, rows);

        float[] even = [.. Enumerable.Range(0, 16).Select(row => 2f * Math.Min(row, 8))];
        float[] odd = [.. Enumerable.Range(0, 16).Select(row => (2f * Math.Min(row, 8)) + 1)];
        Assert.Equal([.. even, .. odd], Singles(packed));
    }

    [Fact]
    public void Pack_Float16FewRows_AreStoredAsTheyAre()
    {
        byte[] packed = KernelSamples.Pack(RowFormat.Float16, new MultiVector(3, [1, -2, 0.5f, 0, 65_504, 1]));

        // Binary16: 1 = 3C00, -2 = C000, 0.5 = 3800, 65,504 = 7BFF (IEEE 754-2019, section 3.6).
        Assert.Equal("003C00C000380000FF7B003C", Convert.ToHexString(packed));
    }

    [Fact]
    public void Pack_Int8FewRows_PutsCodesRowByRowAndScalesLast()
    {
        MultiVector rows = new(5, [127, -127, 0, 1, 64, -254, 2, 4, 6, 8]);

        byte[] packed = KernelSamples.Pack(RowFormat.Int8, rows);

        Assert.Equal([127, -127, 0, 1, 64, -127, 1, 2, 3, 4], packed.Take(10).Select(x => (sbyte)x));
        Assert.Equal(1f, BitConverter.ToSingle(packed, 10));
        Assert.Equal(2f, BitConverter.ToSingle(packed, 14));
    }

    [Fact]
    public void Pack_Int8Block_PutsFourCodesInALaneAndScalesLast()
    {
        float[] last = [-254, 2, 4, 6, 8];
        MultiVector rows = new(5, [127, -127, 0, 1, 64, .. Enumerable.Repeat(last, 8).SelectMany(row => row)]);

        byte[] packed = KernelSamples.Pack(RowFormat.Int8, rows);

        sbyte[] codes = [.. packed.Take(16 * 8).Select(x => (sbyte)x)];
        Assert.Equal([127, -127, 0, 1, -127, 1, 2, 3, -127, 1, 2, 3], codes[..12]);
        Assert.Equal([-127, 1, 2, 3], codes[60..64]); // row 8 is repeated from lane 9 on
        Assert.Equal([64, 0, 0, 0, 4, 0, 0, 0], codes[64..72]);
        Assert.Equal(1f, BitConverter.ToSingle(packed, 128));
        Assert.Equal(2f, BitConverter.ToSingle(packed, 132));
        Assert.Equal(2f, BitConverter.ToSingle(packed, 188));
    }

    [Fact]
    public void Pack_Int8ZeroAndTinyRows_UnpackToZero()
    {
        MultiVector rows = new(3, [0, -0f, 0, float.Epsilon, -float.Epsilon, 0]);

        MultiVector actual = KernelSamples.Unpack(RowFormat.Int8, KernelSamples.Pack(RowFormat.Int8, rows), 2, 3);

        Assert.All(actual.Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(RowFormat.Float32, float.NaN)]
    [InlineData(RowFormat.Float32, float.PositiveInfinity)]
    [InlineData(RowFormat.Float16, float.NegativeInfinity)]
    [InlineData(RowFormat.Float16, 65_505f)]
    [InlineData(RowFormat.Int8, float.NaN)]
    [InlineData(RowFormat.Int8, float.PositiveInfinity)]
    public void Pack_ValueThatDoesNotFit_ThrowsNamingItsPlace(RowFormat format, float value)
    {
        MultiVector rows = new(3, [0, 0, 0, 0, value, 0]);
        byte[] destination = new byte[PackedRows.GetSizeInBytes(format, 2, 3)];

        ArgumentException error = Assert.Throws<ArgumentException>(() => PackedRows.Pack(format, rows.View, destination));

        Assert.Contains("Value 1 of row 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_Float16LargestValue_Fits()
    {
        MultiVector rows = new(1, [65_504f]);

        MultiVector actual = KernelSamples.Unpack(RowFormat.Float16, KernelSamples.Pack(RowFormat.Float16, rows), 1, 1);

        Assert.Equal(65_504f, actual.Values[0]);
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void PackAndUnpack_WrongLength_ThrowWithExpectedAndActual(RowFormat format)
    {
        MultiVector rows = KernelSamples.RandomRows(seed: 1, rowCount: 3, dimension: 8);
        int size = (int)PackedRows.GetSizeInBytes(format, 3, 8);

        ArgumentException pack = Assert.Throws<ArgumentException>(() => PackedRows.Pack(format, rows.View, new byte[size - 1]));
        ArgumentException unpack =
            Assert.Throws<ArgumentException>(() => PackedRows.Unpack(format, new byte[size + 1], 3, 8, new float[24]));
        ArgumentException destination =
            Assert.Throws<ArgumentException>(() => PackedRows.Unpack(format, new byte[size], 3, 8, new float[23]));

        Assert.Equal("destination", pack.ParamName);
        Assert.Contains($"{size} bytes as {format}, {size - 1} were given", pack.Message, StringComparison.Ordinal);
        Assert.Equal("packed", unpack.ParamName);
        Assert.Contains("24 values, the destination has 23", destination.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetSizeInBytes_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedRows.GetSizeInBytes((RowFormat)0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedRows.GetSizeInBytes(RowFormat.Float32, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedRows.GetSizeInBytes(RowFormat.Float32, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedRows.GetSizeInBytes(RowFormat.Int8, 1, 65_537));
    }

    private static float[] Singles(byte[] packed)
    {
        float[] values = new float[packed.Length / sizeof(float)];
        Buffer.BlockCopy(packed, 0, values, 0, packed.Length);
        return values;
    }
}
