using System.Buffers.Binary;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Tests.Engine;

public class BinarizerFileTests
{
    private static readonly CodecSpec Inner = new("int8", "");

    [Fact]
    public void Read_OfWhatWasWritten_GivesCodecAndReport()
    {
        using TemporaryFolder folder = new();
        BinarizerTraining training = Create();

        BinarizerFile.Write(folder.PathOf("head.mvrb"), training);
        BinarizerTraining read = BinarizerFile.Read(folder.PathOf("head.mvrb"));

        Assert.Equal(training.Report, read.Report);
        Assert.Equal(training.Codec.Spec, read.Codec.Spec);
        Assert.Equal(training.Codec.WriteParameters(), read.Codec.WriteParameters());
        Assert.Equal(["head.mvrb"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_OverAFile_ReplacesIt()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("head.mvrb", [1, 2, 3]);

        BinarizerFile.Write(path, Create());

        Assert.Equal("bebr:2", BinarizerFile.Read(path).Codec.Spec.ToString());
    }

    [Fact]
    public void Read_CutOrChangedAtAnyByte_ThrowsCorruptSegmentException()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("head.mvrb");
        BinarizerFile.Write(path, Create());
        byte[] bytes = File.ReadAllBytes(path);

        for (int i = 0; i < bytes.Length; i += i < 64 ? 1 : 37)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;
            Assert.Equal(path, Assert.Throws<CorruptSegmentException>(() => BinarizerFile.Read(folder.Write("head.mvrb", changed))).Path);
            Assert.Throws<CorruptSegmentException>(() => BinarizerFile.Read(folder.Write("head.mvrb", bytes[..i])));
        }
    }

    [Fact]
    public void Read_OfALaterVersion_NamesBothVersions()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("head.mvrb");
        BinarizerFile.Write(path, Create());
        byte[] bytes = File.ReadAllBytes(path);
        bytes[4] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Compute(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(path, bytes);

        UnsupportedFormatException exception = Assert.Throws<UnsupportedFormatException>(() => BinarizerFile.Read(path));

        Assert.Equal((2, 1), (exception.Found, exception.Supported));
    }

    [Fact]
    public void Read_OfTheGoldenFile_IsAsReleased()
    {
        string path = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "binarizer", "head.mvrb");
        if (Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            BinarizerFile.Write(path, Create());
        }

        BinarizerTraining read = BinarizerFile.Read(path);

        // W1 is the identity, o1 = -0.5, W2 = 2, o2 = (1, 0): a row (1, 0.25) becomes (1, 0.25) + (2·0.5 + 1, 0).
        Assert.Equal([3, 0.25f], read.Codec.Transform([1, 0.25f]));
        Assert.Equal(Create().Report, read.Report);
        using TemporaryFolder folder = new();
        BinarizerFile.Write(folder.PathOf("head.mvrb"), Create());
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.PathOf("head.mvrb")));
    }

    private static BinarizerTraining Create()
    {
        FrozenBlock block = new(new Matrix(2, 2, [1, 0, 0, 1]), [-0.5f, -0.5f], new Matrix(2, 2, [2, 0, 0, 2]), [1, 0]);
        EntryCodec inner = Codecs.FindFamily(Inner).Train(Inner, new TrainingSample { Dimension = 2, Rows = [] }, default);
        BebrCodec codec = new(CodecSpec.Parse("bebr:2"), new RowTransform(2, null, [], [block]), inner);
        return new BinarizerTraining(codec, new BinarizerReport
        {
            Kept = BinarizerChoice.Learned,
            Codec = "int8",
            IsLabelled = true,
            DocumentCount = 5,
            TrainingQueryCount = 4,
            TestQueryCount = 3,
            StepCount = 2,
            BestStep = 1,
            Float = new ConfidenceInterval(0.5, 0.25, 0.75),
            ClosedForm = new ConfidenceInterval(0.5, 0.25, 0.625),
            Learned = new ConfidenceInterval(0.75, 0.5, 1),
            Difference = new ConfidenceInterval(0.25, 0.125, 0.5),
        });
    }
}
