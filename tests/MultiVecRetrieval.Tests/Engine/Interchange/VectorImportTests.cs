using System.Buffers.Binary;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Interchange;

public sealed class VectorImportTests : IDisposable
{
    private const int Dimension = 3;

    private static readonly float[] Values = [1, 0, 0, 0, 2, 0, 3, 0, 4, -1, 0.5f, 0.25f];

    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public VectorImportTests() => _collection = Collection.Create(
        _folder.PathOf("collection"),
        new CollectionOptions { Spaces = [new Space { Name = "dense", Id = new SpaceId("abc"), Dimension = Dimension }] });

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("<f2", 1)]
    [InlineData("<f4", 1)]
    [InlineData("<f4", 2)]
    [InlineData("<f8", 3)]
    public void Import_Npy_IsTheRowsOfTheKeysAtUnitLength(string type, byte version)
    {
        string path = WriteNpy(type, version, $"(4, {Dimension})", Bytes(type, Values));
        WriteKeys(path, "a", "b", "b", "c");

        int entries = VectorImport.Import(_collection, "dense", path);

        Assert.Equal(3, entries);
        AssertRows("a", 0, 1);
        AssertRows("b", 1, 2);
        AssertRows("c", 3, 1);
    }

    [Fact]
    public void Import_NpyWithoutKeys_NumbersTheRows()
    {
        VectorImport.Import(_collection, "dense", WriteNpy("<f4", 1, $"(4, {Dimension})", Bytes("<f4", Values)));

        AssertRows("2", 2, 1);
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    [InlineData("F32")]
    [InlineData("F64")]
    public void Import_SafetensorsWithATensorPerEntry_TakesTheirNames(string type)
    {
        byte[] bytes = Bytes(type, Values);
        int row = bytes.Length / 4;
        string head = $$"""
            { "__metadata__": { "format": "pt" },
              "second": { "dtype": "{{type}}", "shape": [3, {{Dimension}}], "data_offsets": [{{row}}, {{4 * row}}] },
              "first": { "dtype": "{{type}}", "shape": [{{Dimension}}], "data_offsets": [0, {{row}}] } }
            """;

        int entries = VectorImport.Import(_collection, "dense", WriteSafetensors(head, bytes));

        Assert.Equal(2, entries);
        AssertRows("first", 0, 1);
        AssertRows("second", 1, 3);
    }

    [Fact]
    public void Import_SafetensorsWithKeys_SharesOutItsTensor()
    {
        string head = $$"""{ "embeddings": { "dtype": "F32", "shape": [4, {{Dimension}}], "data_offsets": [0, 48] } }""";
        string path = WriteSafetensors(head, Bytes("F32", Values));
        WriteKeys(path, "a", "a", "a", "b");

        Assert.Equal(2, VectorImport.Import(_collection, "dense", path));

        AssertRows("a", 0, 3);
        AssertRows("b", 3, 1);
    }

    [Theory]
    [InlineData("<i4", "(4, 3)", "False", "'<i4'")]
    [InlineData(">f4", "(4, 3)", "False", "'>f4'")]
    [InlineData("<f4", "(12,)", "False", "(12,)")]
    [InlineData("<f4", "(4, 3, 1)", "False", "two axes")]
    [InlineData("<f4", "(3, 4)", "True", "fortran_order")]
    [InlineData("<f4", "(5, 3)", "False", "the file has")]
    public void Import_NpyOfAnotherKind_SaysWhatIsRead(string type, string shape, string fortran, string expected)
    {
        string path = WriteNpy(type, 1, shape, Bytes("<f4", Values), fortran);

        VectorFormatException error = Assert.Throws<VectorFormatException>(() => VectorImport.Import(_collection, "dense", path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Path);
    }

    [Theory]
    [InlineData("""{ "a": { "dtype": "I64", "shape": [1, 3], "data_offsets": [0, 24] } }""", "I64")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": [1, 1, 3], "data_offsets": [0, 12] } }""", "[1, 1, 3]")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 12] } }""", "takes 24 bytes")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": [1, 3], "data_offsets": [-12, 0] } }""", "takes 12 bytes")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": [1, 3], "data_offsets": [400, 412] } }""", "the file has")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": [-1, 3], "data_offsets": [0, 12] } }""", "[-1, 3]")]
    [InlineData("""{ "a": { "dtype": "F32", "shape": "x" } }""", "no list of tensors")]
    [InlineData("""{ "a": 1 }""", "no list of tensors")]
    [InlineData("""[""", "no list of tensors")]
    public void Import_SafetensorsOfAnotherKind_SaysWhatIsWrong(string head, string expected)
    {
        string path = WriteSafetensors(head, Bytes("F32", Values));

        VectorFormatException error = Assert.Throws<VectorFormatException>(() => VectorImport.Import(_collection, "dense", path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.npy")]
    [InlineData("rows.safetensors")]
    public void Import_FileCutAnywhere_IsAnError(string name)
    {
        string path = name == "rows.npy"
            ? WriteNpy("<f4", 1, $"(4, {Dimension})", Bytes("<f4", Values))
            : WriteSafetensors($$"""{ "a": { "dtype": "F32", "shape": [4, {{Dimension}}], "data_offsets": [0, 48] } }""", Bytes("F32", Values));
        byte[] whole = File.ReadAllBytes(path);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<VectorFormatException>(() => VectorImport.Import(_collection, "dense", path));
        }
    }

    [Fact]
    public void Import_ValueThatIsNotFinite_NamesItsRow()
    {
        float[] values = [.. Values];
        values[7] = float.NaN;

        VectorFormatException error = Assert.Throws<VectorFormatException>(
            () => VectorImport.Import(_collection, "dense", WriteNpy("<f4", 1, $"(4, {Dimension})", Bytes("<f4", values))));

        Assert.Contains("row 2 is not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_WhatDoesNotFit_IsRefused()
    {
        string path = WriteNpy("<f4", 1, "(3, 4)", Bytes("<f4", Values));
        string keyed = WriteNpy("<f4", 1, $"(4, {Dimension})", Bytes("<f4", Values), name: "keyed.npy");
        WriteKeys(keyed, "a", "b");

        DimensionMismatchException dimension = Assert.Throws<DimensionMismatchException>(
            () => VectorImport.Import(_collection, "dense", path));
        VectorFormatException keys = Assert.Throws<VectorFormatException>(() => VectorImport.Import(_collection, "dense", keyed));
        VectorFormatException kind = Assert.Throws<VectorFormatException>(
            () => VectorImport.Import(_collection, "dense", _folder.Write("rows.parquet", [1])));

        Assert.Equal((Dimension, 4), (dimension.Expected, dimension.Actual));
        Assert.Contains("expected 4 keys, one per vector, found 2", keys.Message, StringComparison.Ordinal);
        Assert.Contains(".parquet", kind.Message, StringComparison.Ordinal);
        Assert.Throws<UnknownSpaceException>(() => VectorImport.Import(_collection, "other", path));
    }

    private void AssertRows(string key, int first, int count)
    {
        MultiVector rows = _collection.Entries.GetVectors(key, "dense")!;
        Assert.Equal(count, rows.RowCount);
        for (int row = 0; row < count; row++)
        {
            float[] expected = Values[((first + row) * Dimension)..((first + row + 1) * Dimension)];
            double length = Math.Sqrt(expected.Sum(value => (double)value * value));

            // All values are exact in 16 bits of either kind; what is left is the division, 2^-24 of at most 1, twice.
            Assert.All(expected.Zip(rows.Row(row).ToArray()), pair => Assert.Equal(pair.First / length, pair.Second, tolerance: 2.4e-7));
        }
    }

    private static byte[] Bytes(string type, float[] values)
    {
        int size = type switch { "<f8" or "F64" => 8, "<f4" or "F32" => 4, _ => 2 };
        byte[] bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> target = bytes.AsSpan(i * size);
            switch (type)
            {
                case "<f2" or "F16": BinaryPrimitives.WriteHalfLittleEndian(target, (Half)values[i]); break;
                case "BF16": BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16)); break;
                case "<f4" or "F32": BinaryPrimitives.WriteSingleLittleEndian(target, values[i]); break;
                default: BinaryPrimitives.WriteDoubleLittleEndian(target, values[i]); break;
            }
        }

        return bytes;
    }

    private string WriteNpy(
        string type, byte version, string shape, byte[] bytes, string fortran = "False", string name = "rows.npy")
    {
        string head = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}";
        byte[] length = new byte[version == 1 ? 2 : 4];
        int start = 8 + length.Length;
        head = head.PadRight(((start + head.Length + 64) / 64 * 64) - start - 1) + "\n";
        length[0] = (byte)head.Length;
        return _folder.Write(name, [0x93, .. "NUMPY"u8, version, 0, .. length, .. System.Text.Encoding.ASCII.GetBytes(head), .. bytes]);
    }

    private string WriteSafetensors(string head, byte[] bytes)
    {
        byte[] length = new byte[8];
        byte[] text = System.Text.Encoding.UTF8.GetBytes(head);
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return _folder.Write("rows.safetensors", [.. length, .. text, .. bytes]);
    }

    private static void WriteKeys(string path, params string[] keys) => File.WriteAllLines(
        path + ".keys.jsonl", keys.Select((key, row) => $$"""{"key":"{{key}}","row":{{row}}}"""));
}
