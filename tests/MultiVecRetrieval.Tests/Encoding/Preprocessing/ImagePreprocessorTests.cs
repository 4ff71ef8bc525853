using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

public class ImagePreprocessorTests
{
    private const string ClipHuggingFace = """
        {"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 224},
         "crop_size": {"height": 224, "width": 224}, "resample": 3, "do_center_crop": true, "do_normalize": true, "do_resize": true,
         "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}}
        """;

    private const string ClipOpenClip = """
        {"open_clip_config.json": {"model_cfg": {"vision_cfg": {"image_size": 224}},
         "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}}}
        """;

    private const string Siglip = """
        {"preprocessor_config.json": {"image_processor_type": "SiglipImageProcessor", "size": {"height": 224, "width": 224}, "resample": 3,
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}}
        """;

    [Theory] // Computed with Pillow 9.4 and numpy: hash of the input bytes, mean of the tensor, first pixel.
    [InlineData(640, 427, ClipOpenClip, "86cf07f692aa0500", 0.188020, "0.03254 -1.42193 -0.66968")]
    [InlineData(640, 427, ClipHuggingFace, "0cca3251882cca01", 0.187960, "0.66027 -0.64152 -0.86876")]
    [InlineData(427, 640, ClipOpenClip, "83c173106e92c7d2", 0.187236, "0.09093 0.61913 1.16471")]
    [InlineData(427, 640, ClipHuggingFace, "050584480dee7b6b", 0.187203, "-0.28862 0.22893 0.80921")]
    [InlineData(300, 224, ClipOpenClip, "0daab010d81376b6", 0.186542, "-1.64628 -1.16679 -0.51326")]
    [InlineData(300, 224, ClipHuggingFace, "0daab010d81376b6", 0.186542, "-1.64628 -1.16679 -0.51326")]
    [InlineData(512, 512, ClipOpenClip, "db809ac75a92e05d", 0.187677, "-1.57329 -1.09176 -0.44215")]
    [InlineData(640, 427, Siglip, "4919d7ce89b10ce5", 0.000288, null)]
    [InlineData(300, 224, Siglip, "83436aeb0fd5578f", -0.000560, null)]
    public void Apply_PlantedImage_EqualsTheReference(int width, int height, string files, string hash, double mean, string? first)
    {
        using ModelFolder folder = ModelFolder.Create(files);
        ImagePreprocessor preprocessor = ImagePreprocessor.Load(folder.Path);
        RgbImage image = PlantedImage.Create(width, height);

        float[] tensor = preprocessor.Apply(image);

        Assert.Equal(hash, PlantedImage.Hash(Bytes(preprocessor.Options, tensor)));
        Assert.Equal(mean, tensor.Average(x => (double)x), 6e-7);
        if (first is not null)
        {
            string pixel = FormattableString.Invariant($"{tensor[0]:F5} {tensor[224 * 224]:F5} {tensor[2 * 224 * 224]:F5}");
            Assert.Equal(first, pixel);
        }
    }

    [Theory]
    [InlineData("""{"preprocessor_config.json": {"size": 224, "crop_size": 224, "do_center_crop": true, "feature_extractor_type": "CLIPFeatureExtractor"}}""")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessorFast"}}""")]
    [InlineData("""{"processor_config.json": {"processor_class": "CLIPProcessor", "image_processor": {"image_processor_type": "CLIPImageProcessor", "resample": "bicubic"}}}""")]
    [InlineData("""{"config.json": {"model_type": "clip", "vision_config": {"image_size": 224}}}""")]
    [InlineData(ClipHuggingFace)]
    public void Load_ClipInAnyForm_GivesTheSameOptions(string files)
    {
        using ModelFolder folder = ModelFolder.Create(files);

        PreprocessingOptions options = ImagePreprocessor.Load(folder.Path).Options;

        Assert.Equal((224, 224, ResizeMode.ShortestSide, 224, CropRule.Floor, ResampleFilter.Bicubic),
            (options.Width, options.Height, options.Resize, options.ShortestSide, options.CropRule, options.Filter));
        Assert.Equal([0.48145466f, 0.4578275f, 0.40821073f], options.Mean);
        Assert.Equal([0.26862954f, 0.26130258f, 0.27577711f], options.StandardDeviation);
    }

    [Fact]
    public void Load_JinaKeys_UseTorchvisionsArithmetic()
    {
        using ModelFolder folder = ModelFolder.Create("""
            {"preprocessor_config.json": {"image_processor_type": "JinaCLIPImageProcessor", "size": 512, "mode": "RGB", "mean": [0.1, 0.2, 0.3],
             "std": [0.4, 0.5, 0.6], "interpolation": "bilinear", "resize_mode": "longest", "fill_color": [1, 2, 3]}}
            """);

        PreprocessingOptions options = ImagePreprocessor.Load(folder.Path).Options;

        Assert.Equal((512, ResizeMode.LongestSide, CropRule.HalfToEven, ResampleFilter.Bilinear),
            (options.Width, options.Resize, options.CropRule, options.Filter));
        Assert.Equal(new byte[] { 1, 2, 3 }, options.FillColor);
        Assert.Equal([0.4f, 0.5f, 0.6f], options.StandardDeviation);
    }

    [Fact]
    public void Load_MobileClipFlags_LeaveValuesInZeroToOne()
    {
        using ModelFolder folder = ModelFolder.Create("""
            {"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "do_normalize": false, "resample": 2,
             "size": {"shortest_edge": 256}, "crop_size": {"height": 256, "width": 256}}}
            """);
        ImagePreprocessor preprocessor = ImagePreprocessor.Load(folder.Path);

        float[] tensor = preprocessor.Apply(new RgbImage(1, 1, [0, 51, 255]));

        Assert.Equal(3 * 256 * 256, tensor.Length);
        Assert.Equal((0f, 0.2f, 1f), (tensor[0], tensor[256 * 256], tensor[^1]));
    }

    [Theory]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "Siglip2ImageProcessor", "max_num_patches": 256}}""", "NaFlex")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "Qwen2VLImageProcessor"}}""", "Qwen-VL")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "Idefics3ImageProcessor"}}""", "Idefics3")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "do_center_crop": false, "size": {"shortest_edge": 224}}}""", "shorter side")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "size": {"longest_edge": 224}, "do_center_crop": false}}""", "longest_edge")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "resample": 9}}""", "resample 9")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "image_std": [1, 0, 1]}}""", "StandardDeviation")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "CLIPImageProcessor", "crop_size": -3}}""", "crop_size")]
    [InlineData("""{"preprocessor_config.json": {"image_processor_type": "MyProcessor", "size": 20, "resample": 2}}""", "image_mean")]
    [InlineData("""{"preprocessor_config.json": []}""", "no JSON object")]
    [InlineData("""{"config.json": {"model_type": "bert"}}""", "how pictures are prepared")]
    public void Load_UnusableFolder_NamesTheReason(string files, string reason)
    {
        using ModelFolder folder = ModelFolder.Create(files);

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ImagePreprocessor.Load(folder.Path));

        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.Equal(folder.Path, exception.Folder);
    }

    [Fact]
    public void Description_NamesFileOrDefaultOfEachValue()
    {
        using ModelFolder folder = ModelFolder.Create("""{"preprocessor_config.json": {"image_processor_type": "SiglipImageProcessor", "resample": 2}}""");

        Dictionary<string, string> description = new(ImagePreprocessor.Load(folder.Path).Description);

        Assert.Equal("bilinear (preprocessor_config.json)", description["filter"]);
        Assert.Equal("0.5, 0.5, 0.5 (default of SigLIP)", description["mean"]);
    }

    [Fact]
    public void MapToImage_CentreCrop_ReturnsTheSquareInTheMiddle()
    {
        using ModelFolder folder = ModelFolder.Create(ClipHuggingFace);
        ImagePreprocessor preprocessor = ImagePreprocessor.Load(folder.Path);

        Place seen = preprocessor.VisiblePart(448, 224);
        Place topRightQuarter = preprocessor.MapToImage(new Place(0.5f, 0, 1, 0.5f, 3, 4), 448, 224);

        Assert.Equal(new Place(0.25f, 0, 0.75f, 1), seen);
        Assert.Equal(new Place(0.5f, 0, 0.75f, 0.5f, 3, 4), topRightQuarter);
    }

    [Fact]
    public void Apply_LongestSide_FillsAroundThePictureAndMapsPlacesBack()
    {
        ImagePreprocessor preprocessor = new(new PreprocessingOptions
        {
            Width = 8,
            Height = 8,
            Resize = ResizeMode.LongestSide,
            CropRule = CropRule.HalfToEven,
            RescaleFactor = 1,
            FillColor = [9, 8, 7],
        });
        RgbImage image = new(4, 2, [.. Enumerable.Repeat((byte)200, 24)]);

        float[] tensor = preprocessor.Apply(image);

        float[] expectedRed = [.. Enumerable.Repeat(9f, 16), .. Enumerable.Repeat(200f, 32), .. Enumerable.Repeat(9f, 16)];
        Assert.Equal(expectedRed, tensor[..64]);
        Assert.Equal(7f, tensor[^1]);
        Assert.Equal(Place.Whole, preprocessor.VisiblePart(4, 2));
        Assert.Equal(new Place(0, 0, 1, 0.5f), preprocessor.MapToImage(new Place(0, 0, 1, 0.5f), 4, 2));
    }

    [Theory] // side, input, expected first row of the input that shows the picture, by either rule
    [InlineData(3, 6, 2, 1)]
    [InlineData(3, 4, 1, 0)]
    [InlineData(4, 8, 2, 2)]
    public void Apply_PictureSmallerThanTheCrop_IsPaddedAsTheReferenceDoes(int side, int input, int floorRow, int evenRow)
    {
        foreach ((CropRule rule, int row) in new[] { (CropRule.Floor, floorRow), (CropRule.HalfToEven, evenRow) })
        {
            ImagePreprocessor preprocessor = new(new PreprocessingOptions
            {
                Width = input,
                Height = input,
                Resize = ResizeMode.None,
                CropRule = rule,
                RescaleFactor = 1,
            });
            byte[] white = [.. Enumerable.Repeat((byte)255, side * side * 3)];

            float[] tensor = preprocessor.Apply(new RgbImage(side, side, white));

            int first = Array.FindIndex(tensor, x => x == 255f);
            Assert.Equal((row, row), (first / input, first % input));
            Assert.Equal(3 * side * side, tensor.Count(x => x == 255f));
        }
    }

    private static byte[] Bytes(PreprocessingOptions options, float[] tensor)
    {
        int area = tensor.Length / 3;
        byte[] bytes = new byte[tensor.Length];
        for (int i = 0; i < tensor.Length; i++)
        {
            int channel = i / area;
            float value = (tensor[i] * options.StandardDeviation[channel]) + options.Mean[channel];
            bytes[(i % area * 3) + channel] = (byte)MathF.Round(value * 255);
        }

        return bytes;
    }
}
