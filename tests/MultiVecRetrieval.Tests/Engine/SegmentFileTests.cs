using System.Buffers.Binary;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tests.Engine;

public class SegmentFileTests
{
    [Fact]
    public void Crc32C_CheckString_HasThePublishedValue()
    {
        // The check value of CRC-32C: the checksum of the digits 1 to 9.
        Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

        // RFC 3720, appendix B.4: 32 bytes of zeros, 32 bytes of ones.
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
    }

    [Fact]
    public void Read_EveryBitOfEveryByteFlipped_IsNoticed()
    {
        using TemporaryFolder folder = new();
        (string path, Space space) = WriteSmall(folder);
        byte[] bytes = File.ReadAllBytes(path);

        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);

            CorruptSegmentException exception = Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space));
            Assert.Equal(path, exception.Path);
        }
    }

    [Fact]
    public void Read_FileCutAtAnyByte_ThrowsCorruptSegmentException()
    {
        using TemporaryFolder folder = new();
        (string path, Space space) = WriteSmall(folder);
        byte[] bytes = File.ReadAllBytes(path);

        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space));
        }

        File.WriteAllBytes(path, [.. bytes, 0]);
        Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space));
        File.WriteAllBytes(path, bytes);
        OpenAndVerify(path, space);
        File.Delete(path);
        Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space));
    }

    [Fact]
    public void Read_ValidChecksumsButForgedFields_AreRefused()
    {
        using TemporaryFolder folder = new();
        (string path, Space space) = WriteSmall(folder);
        byte[] bytes = File.ReadAllBytes(path);
        void Forge(int offset, long value)
        {
            byte[] forged = [.. bytes];
            BinaryPrimitives.WriteInt64LittleEndian(forged.AsSpan(offset), value);
            Seal(forged);
            File.WriteAllBytes(path, forged);
        }

        foreach (long value in new[] { -1, 0, 1, 127, bytes.Length, bytes.Length + 1L, int.MaxValue, long.MaxValue, long.MinValue })
        {
            foreach (int offset in new[] { SegmentLayout.EntryCountOffset, SegmentLayout.EntryTableOffset, SegmentLayout.BlockTableOffset,
                SegmentLayout.FileLengthOffset })
            {
                Forge(offset, value);
                if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
                {
                    Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space));
                }
            }
        }
    }

    [Fact]
    public void Read_LaterVersion_ThrowsUnsupportedFormatException()
    {
        using TemporaryFolder folder = new();
        (string path, Space space) = WriteSmall(folder);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[SegmentLayout.VersionOffset] = 2;
        Seal(bytes);
        File.WriteAllBytes(path, bytes);

        UnsupportedFormatException exception = Assert.Throws<UnsupportedFormatException>(() => OpenAndVerify(path, space));

        Assert.Equal((2, 1), (exception.Found, exception.Supported));
    }

    [Fact]
    public void Read_FileOfAnotherSpace_IsRefused()
    {
        using TemporaryFolder folder = new();
        (string path, Space space) = WriteSmall(folder);

        Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space with { Id = new SpaceId("other") }));
        Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space with { Dimension = 9 }));
        Assert.Throws<CorruptSegmentException>(() => OpenAndVerify(path, space with { RowFormat = RowFormat.Float16 }));
    }

    [Fact]
    public void Search_OneBrokenSegment_IsNamedAndOtherSpacesGoOn()
    {
        using TemporaryFolder folder = new();
        Random random = new(Seed: 6);
        MultiVector rows = Samples.Rows(random, 2, 8);
        CollectionOptions options = new() { Spaces = [Samples.Space(), Samples.Space("looks", id: "b2")] };
        using (Collection filling = Collection.Create(folder, options))
        {
            EntryContent both =
                Samples.Content("e") with { Vectors = new Dictionary<string, MultiVector> { ["words"] = rows, ["looks"] = rows } };
            Samples.AddDocument(filling, "d", both);
        }

        string broken = Directory.GetFiles(Path.Combine(folder, "segments")).Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(broken);
        bytes[20] ^= 1;
        File.WriteAllBytes(broken, bytes);
        using Collection collection = Collection.Open(folder, writable: true);

        Assert.Equal(broken,
            Assert.Throws<CorruptSegmentException>(() => collection.Search(new SearchRequest { Vectors = [Samples.Query(rows)] })).Path);
        Assert.Single(collection.Search(new SearchRequest { Vectors = [Samples.Query(rows, "looks", "b2")] }).Hits);
        Assert.Contains(broken, Assert.Single(collection.Upkeep.Verify().Problems), StringComparison.Ordinal);
        using CollectionWriter writer = collection.BeginWrite();
        Assert.True(writer.Delete("d"));
        writer.Commit();
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    [Fact]
    public void Verify_RowsDamagedAfterWriting_NamesFileAndByte()
    {
        using TemporaryFolder folder = new();
        using (Collection filling = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] }))
        {
            Samples.AddDocument(filling, "d", Samples.Content("e", Samples.Rows(new Random(7), 20, 8)));
        }

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments")));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[300] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        using Collection collection = Collection.Open(folder, writable: true);

        string problem = Assert.Single(collection.Upkeep.Verify().Problems);
        Assert.Contains(path, problem, StringComparison.Ordinal);
        Assert.Contains("byte 128", problem, StringComparison.Ordinal);
    }

    private static (string Path, Space Space) WriteSmall(string folder)
    {
        Space space = Samples.Space(dimension: 3);
        Random random = new(Seed: 8);
        using SegmentWriter writer = new(Storage.System, folder, 5, space);
        foreach (long id in new[] { 3L, 9L })
        {
            MultiVector rows = Samples.Rows(random, 2, 3, withPlaces: true);
            byte[] packed = new byte[PackedRows.GetSizeInBytes(space.RowFormat, 2, 3)];
            PackedRows.Pack(space.RowFormat, rows.View, packed);
            EntryFlags flags = PlaceCodec.GetFlags(rows);
            writer.Add(id, packed, 2, PlaceCodec.Encode(rows, flags), flags);
        }

        writer.Complete();
        return (writer.Path, space);
    }

    private static void OpenAndVerify(string path, Space space)
    {
        using SegmentReader reader = new(path, 5, space);
        reader.Verify(CancellationToken.None);
        Assert.Equal(2, reader.EntryCount);
    }

    private static void Seal(byte[] bytes) => BinaryPrimitives.WriteUInt32LittleEndian(
        bytes.AsSpan(SegmentLayout.HeaderChecksumOffset), Crc32C.Compute(bytes.AsSpan(0, SegmentLayout.HeaderChecksumOffset)));
}
