using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public class ModelFolderErrorTests
{
    [Fact]
    public void Inspect_NoSuchFolder_SaysSo() =>
        Assert.Contains("no such folder", Refuse(Path.Combine(Path.GetTempPath(), "mvr-no-such-model")), StringComparison.Ordinal);

    [Fact]
    public void Inspect_NoGraph_NamesWhatItLookedFor()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        Directory.Delete(planted.PathOf("onnx"), recursive: true);

        Assert.Contains("onnx/vision_model.onnx", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_GraphThatIsNoGraph_NamesTheFile()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("onnx/vision_model.onnx", "<html>not found</html>");

        Assert.Contains("vision_model.onnx is no ONNX graph", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_GraphCutAtAnyByte_ThrowsModelFormatExceptionOrReadsIt()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        byte[] graph = File.ReadAllBytes(planted.PathOf("onnx/vision_model.onnx"));
        for (int length = 0; length < graph.Length; length += 7)
        {
            File.WriteAllBytes(planted.PathOf("onnx/vision_model.onnx"), graph[..length]);

            Exception? exception = Record.Exception(() => EncoderModel.Inspect(planted.Folder));

            Assert.True(exception is null or ModelFormatException, $"cut at {length}: {exception}");
        }
    }

    [Fact]
    public void Inspect_UnknownMemberOfEncoderJson_NamesIt()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("encoder.json", """{ "vision": { "grpah": "x.onnx" } }""");

        Assert.Contains("grpah", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.01")]
    public void Inspect_PresenceSimilarityOutOfRange_NamesIt(string value)
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("encoder.json", $$"""{ "presenceSimilarity": {{value}} }""");

        Assert.Contains($"presenceSimilarity is {value}", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.01")]
    public void Inspect_CopySimilarityOutOfRange_NamesIt(string value)
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("encoder.json", $$"""{ "copySimilarity": {{value}} }""");

        Assert.Contains($"copySimilarity is {value}", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_CopySimilarity_IsReadAndNoPartOfTheSpace()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        ModelContract without = EncoderModel.Inspect(planted.Folder);
        planted.Write("encoder.json", """{ "copySimilarity": 0.8 }""");

        ModelContract with = EncoderModel.Inspect(planted.Folder);

        Assert.Equal((0.95, 0.8), (without.CopySimilarity, with.CopySimilarity));
        Assert.Equal(without.SpaceId, with.SpaceId);
    }

    [Fact]
    public void Inspect_PresenceSimilarity_IsReadAndNoPartOfTheSpace()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        ModelContract without = EncoderModel.Inspect(planted.Folder);
        planted.Write("encoder.json", """{ "presenceSimilarity": 0.25 }""");

        ModelContract with = EncoderModel.Inspect(planted.Folder);

        Assert.Equal((null, 0.25), (without.PresenceSimilarity, with.PresenceSimilarity));
        Assert.Equal(without.SpaceId, with.SpaceId);
    }

    [Fact]
    public void Inspect_GraphNamedInEncoderJsonIsMissing_NamesIt()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("encoder.json", """{ "vision": { "graph": "onnx/other.onnx" } }""");

        Assert.Contains("onnx/other.onnx", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_InputSizesContradict_NamesBoth()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        string preprocessing = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json", preprocessing.Replace("32", "64", StringComparison.Ordinal));

        string reason = Refuse(planted.Folder);

        Assert.Contains("32 × 32", reason, StringComparison.Ordinal);
        Assert.Contains("64 × 64", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_TowersOfDifferentLengths_NamesBoth()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        new OnnxWriter()
            .Input("input_ids", OnnxWriter.Int64, "batch", "tokens")
            .Constant("words", new float[14 * 6], 14, 6)
            .Constant("tokenAxis", 1)
            .Node("Gather", "words input_ids", "gathered")
            .Node("ReduceSum", "gathered tokenAxis", "text_embeds", ("keepdims", 0))
            .Output("text_embeds", OnnxWriter.Float, "batch", 6)
            .Save(planted.PathOf("onnx/text_model.onnx"));

        string reason = Refuse(planted.Folder);

        Assert.Contains("4 values", reason, StringComparison.Ordinal);
        Assert.Contains("6", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_UnknownInput_NamesIt()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        new OnnxWriter()
            .Input("pixel_values", OnnxWriter.Float, "batch", 3, 32, 32)
            .Input("spatial_shapes", OnnxWriter.Float, "batch", 2)
            .Node("Identity", "pixel_values", "image_embeds")
            .Output("image_embeds", OnnxWriter.Float, "batch", 4)
            .Save(planted.PathOf("onnx/vision_model.onnx"));

        Assert.Contains("spatial_shapes", Refuse(planted.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CudaWithoutItsProvider_NamesTheMissingLibrary()
    {
        ExecutionProviderException exception = Assert.Throws<ExecutionProviderException>(() =>
            EncoderModel.Load(BundledModels.DefaultFolder, new EncoderOptions { Provider = ExecutionProvider.Cuda }));

        Assert.Equal(ExecutionProvider.Cuda, exception.Provider);

        // The provider itself, or, built with the package for CUDA, what the provider needs: libcublasLt.so.13.
        Assert.Contains(".so", exception.MissingLibrary, StringComparison.Ordinal);
        Assert.Contains(exception.MissingLibrary!, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory", "libcublasLt.so.12")]
    [InlineData("libcudnn.so.9: cannot open shared object file", "libcudnn.so.9")]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected", null)]
    public void FindMissingLibrary_LoaderMessage_IsTheLibraryThatDoesNotOpen(string message, string? library) =>
        Assert.Equal(library, OnnxSessionOptions.FindMissingLibrary(message));

    // A library that is there, of which one other is renamed in its table of strings, so that it cannot be found.
    [Fact]
    public void FindMissingDependency_LibraryThatNeedsAnother_NamesTheOther()
    {
        string name = $"missing-dependency-{Guid.NewGuid():N}.so";
        string path = Path.Combine(AppContext.BaseDirectory, name);
        byte[] library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libe_sqlite3.so"));
        int needed = library.AsSpan().IndexOf("libc.so.6\0"u8);
        "libq"u8.CopyTo(library.AsSpan(needed));
        File.WriteAllBytes(path, library);

        try
        {
            Assert.Equal("libq.so.6", OnnxSessionOptions.FindMissingDependency(name));
            Assert.Null(OnnxSessionOptions.FindMissingDependency("libe_sqlite3.so"));
            Assert.Null(OnnxSessionOptions.FindMissingDependency("there-is-no-such-library.so"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_ThreadCountOutOfRange_NamesTheOption() =>
        Assert.Equal(
            nameof(EncoderOptions.IntraOpThreads),
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                EncoderModel.Load(BundledModels.DefaultFolder, new EncoderOptions { IntraOpThreads = 257 })).ParamName);

    private static string Refuse(string folder) =>
        Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(folder)).Reason;
}
