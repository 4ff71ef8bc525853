using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

public class PictureReaderTests
{
    private const string Smol = """
        {"image_processor_type": "Idefics3ImageProcessor", "do_image_splitting": true, "do_resize": true, "do_pad": true,
         "size": {"longest_edge": 2048}, "max_image_size": {"longest_edge": 512}, "resample": 1, "image_mean": [0.5, 0.5, 0.5],
         "image_std": [0.5, 0.5, 0.5]}
        """;

    private const string Qwen2 = """
        {"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "merge_size": 2,
         "temporal_patch_size": 2, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
        """;

    private const string Qwen3 = """
        {"image_processor_type": "Qwen2VLImageProcessorFast", "size": {"shortest_edge": 65536, "longest_edge": 16777216},
         "patch_size": 16, "merge_size": 2, "temporal_patch_size": 2, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
        """;

    private const string NaFlex = """{"image_processor_type": "Siglip2ImageProcessor", "max_num_patches": 256, "patch_size": 16}""";

    [Fact]
    public void TryRead_TilesWithTheirTokensInTheProcessorFile_AreRead()
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", Smol)
            .Write("processor_config.json", """{"image_seq_len": 64}""");

        PictureProcessor processor = PictureReader.TryRead(folder.Path, default)!;

        Assert.IsType<TileProcessor>(processor);
        Assert.Equal([-1, 3, 512, 512], processor.PixelShape);
        Assert.Equal(832, processor.Apply(new RgbImage(165, 234, new byte[165 * 234 * 3])).Boxes.Length);
    }

    [Fact]
    public void TryRead_TilesWithoutTokenCount_FollowFromTheNetwork()
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", Smol)
            .Write("config.json", """{"model_type": "idefics3", "scale_factor": 4, "vision_config": {"patch_size": 16, "image_size": 512}}""");

        PictureProcessor processor = PictureReader.TryRead(folder.Path, default)!;

        // 512 / 16 / 4 = 8 along each side.
        Assert.Equal(64, processor.CreateEmpty().Boxes.Length);
    }

    [Theory] // file, tokens of the profile, least and most pixels
    [InlineData(Qwen2, null, null, 3136, 12845056)]
    [InlineData(Qwen2, 4, 768, 4 * 784, 768 * 784)]
    [InlineData(Qwen2, 4, 100000, 4 * 784, 12845056)]
    [InlineData(Qwen3, null, null, 65536, 16777216)]
    [InlineData(Qwen3, 4, 1800, 4096, 1800 * 1024)]
    public void TryRead_PixelBudget_IsTheProfilesWithinTheFiles(string file, int? least, int? most, int min, int max)
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", file);

        PictureProcessor processor = PictureReader.TryRead(folder.Path, new ImageTokenBudget(least, most))!;

        Assert.Contains($"{min} to {max} pixels", processor.Description.Single(line => line.Key == "resize").Value, StringComparison.Ordinal);
    }

    [Theory] // The longer side of a page of 1 : √2 with as many pixels as the budget: √(pixels · √2).
    [InlineData(Smol, 2048)]
    [InlineData(Qwen2, 923)]
    [InlineData(NaFlex, 305)]
    public void TryRead_PageLongSide_IsWhatTheModelUses(string file, int expected)
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", file)
            .Write("processor_config.json", """{"image_seq_len": 64}""");

        Assert.Equal(expected, PictureReader.TryRead(folder.Path, new ImageTokenBudget(4, 768))!.PageLongSide);
    }

    [Fact]
    public void TryRead_FixedSize_IsNull()
    {
        using ModelFolder folder = ModelFolder.Create("""{"preprocessor_config.json": {"image_processor_type": "SiglipImageProcessor"}}""");

        Assert.Null(PictureReader.TryRead(folder.Path, default));
    }

    [Theory] // file, what is replaced, by what, what the error names
    [InlineData(Smol, "2048", "0", "size.longest_edge is 0")]
    [InlineData(Smol, "2048", "1000000000", "size.longest_edge is 1000000000")]
    [InlineData(Smol, "2048", "-2048", "size.longest_edge is -2048")]
    [InlineData(Smol, "512", "0", "max_image_size.longest_edge is 0")]
    [InlineData(Smol, "512", "1", "image_seq_len")]
    [InlineData(Smol, "512", "-1", "max_image_size.longest_edge is -1")]
    [InlineData(Smol, "2048", "\"big\"", "size.longest_edge is \"big\"")]
    [InlineData(Smol, "\"do_resize\": true", "\"do_resize\": false", "do_resize")]
    [InlineData(Smol, "\"image_std\": [0.5, 0.5, 0.5]", "\"image_std\": [0.5, 0, 0.5]", "image_std")]
    [InlineData(Smol, "\"resample\": 1", "\"resample\": 77", "resample 77")]
    [InlineData(Qwen2, "\"patch_size\": 14", "\"patch_size\": 0", "patch_size is 0")]
    [InlineData(Qwen2, "\"patch_size\": 14", "\"patch_size\": 100000", "patch_size is 100000")]
    [InlineData(Qwen2, "\"merge_size\": 2", "\"merge_size\": -2", "merge_size is -2")]
    [InlineData(Qwen2, "\"temporal_patch_size\": 2", "\"temporal_patch_size\": 0", "temporal_patch_size is 0")]
    [InlineData(Qwen2, "12845056", "0", "max_pixels is 0")]
    [InlineData(Qwen2, "12845056", "783", "max_pixels 783")]
    [InlineData(Qwen2, "12845056", "2000000000", "max_pixels is 2000000000")]
    [InlineData(Qwen2, "3136", "-3136", "min_pixels is -3136")]
    [InlineData(Qwen2, "3136", "20000000", "min_pixels is 20000000")]
    [InlineData(Qwen2, "\"patch_size\": 14", "\"patch_size\": 1", "tokens a picture")]
    [InlineData(Qwen2, "\"temporal_patch_size\": 2", "\"temporal_patch_size\": 16", "values a picture")]
    [InlineData(NaFlex, "256", "0", "max_num_patches is 0")]
    [InlineData(NaFlex, "256", "65537", "max_num_patches is 65537")]
    [InlineData(NaFlex, "\"patch_size\": 16", "\"patch_size\": 8192", "values a picture")]
    [InlineData(NaFlex, "\"patch_size\": 16", "\"patch_size\": 1.5", "patch_size is 1.5")]
    public void TryRead_HostileValue_NamesFileAndKey(string file, string from, string to, string named)
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", file.Replace(from, to, StringComparison.Ordinal))
            .Write("processor_config.json", """{"image_seq_len": 64}""");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => PictureReader.TryRead(folder.Path, default));

        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
        Assert.Contains("preprocessor_config.json", exception.Reason, StringComparison.Ordinal);
    }

    [Theory] // processor_config.json, config.json, what the error names
    [InlineData("{}", "{}", "image_seq_len")]
    [InlineData("""{"image_seq_len": 0}""", "{}", "processor_config.json: image_seq_len is 0")]
    [InlineData("""{"image_seq_len": 65}""", "{}", "image_seq_len is 65")]
    [InlineData("{}", """{"scale_factor": 0, "vision_config": {"patch_size": 16}}""", "config.json: scale_factor is 0")]
    [InlineData("{}", """{"scale_factor": 4, "vision_config": {"patch_size": 0}}""", "config.json: vision_config.patch_size is 0")]
    [InlineData("{}", """{"scale_factor": 4, "vision_config": {"patch_size": 512}}""", "image_seq_len is 0")]
    public void TryRead_TokensOfATileThatCannotBe_NamesWhereTheyStand(string processor, string config, string named)
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", Smol)
            .Write("processor_config.json", processor).Write("config.json", config);

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => PictureReader.TryRead(folder.Path, default));

        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IdeficsImageProcessor")]
    [InlineData("Idefics2ImageProcessor")]
    [InlineData("Qwen9OmniImageProcessor")]
    public void Load_OtherPreparation_IsRefusedByName(string type)
    {
        using ModelFolder folder = new ModelFolder().Write("preprocessor_config.json", $$"""{"image_processor_type": "{{type}}"}""");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ImagePreprocessor.Load(folder.Path));

        Assert.Contains(type, exception.Reason, StringComparison.Ordinal);
    }
}
