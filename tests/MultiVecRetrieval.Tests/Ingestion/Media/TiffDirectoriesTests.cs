using System.Buffers.Binary;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class TiffDirectoriesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_PreviewBeforeSubDirectories_IsARawPhoto(bool isLittle)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.dng", Tiff(isLittle, [(254, 1), (330, 400)]));

        Assert.True(TiffDirectories.Read(path, maxCount: 10).IsRawPhoto);
    }

    [Fact]
    public void Read_ReducedDirectories_AreNoPages()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.tif", Tiff(true, [(254, 0)], [(254, 1)], [(254, 2)]));

        TiffDirectories directories = TiffDirectories.Read(path, maxCount: 10);

        Assert.Equal([0, 2], directories.Pages);
        Assert.False(directories.IsRawPhoto);
    }

    [Fact]
    public void Read_CutAnywhere_EndsTheChain()
    {
        using TemporaryFolder folder = new();
        byte[] whole = Tiff(true, [(254, 0)], [(254, 0)]);
        for (int length = 4; length < whole.Length; length++)
        {
            string path = folder.Write($"{length}.tif", whole[..length]);

            Assert.Equal(0, TiffDirectories.Read(path, maxCount: 10).Pages[0]);
        }
    }

    /// <summary>A TIFF of directories with whole numbers, without pixels; the last directory leads back to the first.</summary>
    internal static byte[] Tiff(bool isLittle, params (ushort Tag, uint Value)[][] directories)
    {
        byte[] file = new byte[8 + directories.Sum(directory => 6 + (12 * directory.Length))];
        Put16(0, isLittle ? (ushort)0x4949 : (ushort)0x4D4D);
        Put16(2, 42);
        Put32(4, 8);
        int at = 8;
        for (int i = 0; i < directories.Length; i++)
        {
            Put16(at, (ushort)directories[i].Length);
            at += 2;
            foreach ((ushort tag, uint value) in directories[i])
            {
                Put16(at, tag);
                Put16(at + 2, 4);
                Put32(at + 4, 1);
                Put32(at + 8, value);
                at += 12;
            }

            Put32(at, i == directories.Length - 1 ? 8 : (uint)at + 4);
            at += 4;
        }

        return file;

        void Put16(int offset, ushort value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(offset), value);
            }
        }

        void Put32(int offset, uint value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset), value);
            }
        }
    }
}
