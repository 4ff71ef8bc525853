using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class PackedPrefixTests
{
    public static TheoryData<RowFormat, int> Cases
    {
        get
        {
            TheoryData<RowFormat, int> cases = [];
            foreach (RowFormat format in Enum.GetValues<RowFormat>())
            {
                foreach (int dimension in new[] { 1, 5, 16, 33 })
                {
                    cases.Add(format, dimension);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))] // every number of rows up to three blocks and a tail, every prefix of each
    public void Take_AnyPrefix_IsWhatPackingThoseRowsAloneWrites(RowFormat format, int dimension)
    {
        Random random = new(dimension);
        for (int rowCount = 1; rowCount <= 58; rowCount++)
        {
            float[] values = [.. Enumerable.Range(0, rowCount * dimension).Select(_ => (random.NextSingle() * 2) - 1)];
            byte[] packed = Pack(format, dimension, values);
            for (int prefix = 1; prefix <= rowCount + 1; prefix++)
            {
                byte[] expected = Pack(format, dimension, values[..(Math.Min(prefix, rowCount) * dimension)]);
                byte[] scratch = new byte[PackedPrefix.IsInPlace(rowCount, prefix) ? 0 : expected.Length];
                Array.Fill(scratch, (byte)0xA5);

                Assert.Equal(expected, PackedPrefix.Take(format, packed, rowCount, dimension, prefix, scratch));
            }
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Take_SixteenOfAThousandRows_ReadsNoByteBeyondThem(RowFormat format)
    {
        const int RowCount = 1030, Dimension = 128;
        byte[] packed = new byte[PackedRows.GetSizeInBytes(format, RowCount, Dimension)];

        ReadOnlySpan<byte> prefix = PackedPrefix.Take(format, packed, RowCount, Dimension, 16, []);

        Assert.Equal(PackedRows.GetSizeInBytes(format, 16, Dimension), prefix.Length);
        Assert.True(prefix.Overlaps(packed, out int offset) && offset == 0);
        Assert.InRange(prefix.Length, 1, packed.Length / 60);
    }

    private static byte[] Pack(RowFormat format, int dimension, float[] values)
    {
        byte[] packed = new byte[PackedRows.GetSizeInBytes(format, values.Length / dimension, dimension)];
        PackedRows.Pack(format, new MultiVectorView(dimension, values), packed);
        return packed;
    }
}
