using MultiVecRetrieval.ModelFolders;
using MultiVecRetrieval.ModelFolders.Onnx;

namespace MultiVecRetrieval.Tests.Tools;

public sealed class ModelFoldersTests
{
    [Fact]
    public void Write_MessageThatWasRead_IsTheSameBytes()
    {
        byte[] message = ProtobufMessage.Write(
        [
            ProtobufField.Of(1, 0), ProtobufField.Of(2, -1), ProtobufField.Of(16, 300), ProtobufField.Of(3, "weights"),
            new ProtobufField(4, 5, 0, new byte[] { 1, 2, 3, 4 }), new ProtobufField(5, 1, 0, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            ProtobufField.Of(6, Array.Empty<byte>()),
        ]);

        List<ProtobufField> read = ProtobufMessage.Read(message);

        Assert.Equal([1, 2, 16, 3, 4, 5, 6], read.Select(field => field.Number));
        Assert.Equal((ulong.MaxValue, 300UL, "weights"), (read[1].Value, read[2].Value, read[3].Text));
        Assert.Equal(message, ProtobufMessage.Write(read));
    }

    [Fact]
    public void Read_MessageCutWithinAField_ThrowsInvalidDataException()
    {
        byte[] message = ProtobufMessage.Write([ProtobufField.Of(3, "weights")]);

        Assert.All(Enumerable.Range(1, message.Length - 1), length =>
            Assert.Throws<InvalidDataException>(() => ProtobufMessage.Read(message.AsMemory(0, length))));
    }

    [Fact]
    public void Apply_ProductWithConstantWeights_KeepsEachColumnWithinHalfAStep()
    {
        float[] weights = [0.5f, -3f, 0f, -1f, 2f, 0f];
        OnnxModel model = new("planted", 13);
        model.Add(OnnxConstant.Of("w", [2, 3], weights));
        model.Nodes.Add(OnnxNode.Create("MatMul", ["x", "w"], "y"));

        int changed = Int8Weights.Apply(model, wordVectors: "none");

        Assert.Equal(1, changed);
        Assert.False(model.HasConstant("w"));
        ReadOnlySpan<float> scales = model.GetConstant("w_scale").Floats;
        Assert.Equal([1f / 127, 3f / 127, 1], scales);
        ReadOnlySpan<byte> codes = model.GetConstant("w_int8").Bytes.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.InRange(MathF.Abs(weights[i] - ((sbyte)codes[i] * scales[i % 3])), 0, scales[i % 3] / 2 * 1.0001f);
        }
    }

    [Fact]
    public void Check_AnotherFile_NamesBothHashes()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => KnownFile.Check("model.onnx", [1, 2, 3], "00ff"));

        Assert.Equal(
            "model.onnx has the SHA-256 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, expected 00ff; the models are made of known files only.",
            error.Message);
    }

    [Fact]
    public void Fill_ThatFails_LeavesTheFolderAsItWas()
    {
        using TemporaryFolder folder = new();
        string target = Path.Combine(folder.FullName, "model");
        FolderSwap.Fill(target, fresh => File.WriteAllText(Path.Combine(fresh, "a"), "first"));

        Assert.Throws<InvalidDataException>(() => FolderSwap.Fill(target, fresh =>
        {
            File.WriteAllText(Path.Combine(fresh, "a"), "second");
            throw new InvalidDataException("broken");
        }));

        Assert.Equal("first", File.ReadAllText(Path.Combine(target, "a")));
        Assert.Equal([target], Directory.EnumerateFileSystemEntries(folder.FullName));
    }
}
