using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

public class PillowResamplerTests
{
    [Theory] // Computed with Pillow 9.4: SHA-256 of the bytes (16 digits), their sum, the first and the middle pixel.
    [InlineData(640, 427, 336, 224, ResampleFilter.Bicubic, "e8e99b886ea04141", 28796020, "10,39,68", "176,205,237")]
    [InlineData(640, 427, 336, 224, ResampleFilter.Bilinear, "6776130c773ea0a3", 28796484, "14,43,72", "175,204,221")]
    [InlineData(427, 640, 224, 336, ResampleFilter.Bicubic, "376999b4168893c9", 28788714, "10,39,68", "45,76,105")]
    [InlineData(427, 640, 224, 336, ResampleFilter.Bilinear, "d21d7f5bf535edf9", 28789035, "14,43,72", "47,76,105")]
    [InlineData(100, 75, 299, 224, ResampleFilter.Bicubic, "3dd70fbd079fe234", 25681231, "0,27,56", "78,107,136")]
    [InlineData(100, 75, 299, 224, ResampleFilter.Bilinear, "f7ca5a218bbcc7d4", 25684685, "0,29,58", "78,107,136")]
    [InlineData(500, 500, 384, 384, ResampleFilter.Bicubic, "34cd82a001c51439", 56409301, "3,32,61", "144,173,202")]
    [InlineData(500, 500, 384, 384, ResampleFilter.Bilinear, "cce900429c77b1b1", 56409021, "6,35,64", "144,173,202")]
    [InlineData(1000, 333, 256, 256, ResampleFilter.Bicubic, "71d8aceeda46fb7c", 25071465, "13,42,71", "58,89,118")]
    [InlineData(1000, 333, 256, 256, ResampleFilter.Bilinear, "6061d804d317b263", 25071230, "17,46,75", "60,89,118")]
    public void Resize_PlantedImage_HasPillowsBytes(
        int width, int height, int targetWidth, int targetHeight, ResampleFilter filter, string hash, long sum, string first, string middle)
    {
        RgbImage resized = PillowResampler.Resize(PlantedImage.Create(width, height), targetWidth, targetHeight, filter);

        Assert.Equal(hash, PlantedImage.Hash(resized.Pixels));
        Assert.Equal(sum, resized.Pixels.Sum(x => (long)x));
        Assert.Equal(first, string.Join(",", resized.Pixels[..3]));
        int at = ((targetHeight / 2 * targetWidth) + (targetWidth / 2)) * 3;
        Assert.Equal(middle, string.Join(",", resized.Pixels[at..(at + 3)]));
    }

    [Theory] // Computed with Pillow 9.4, modes RGB and L (the red channel).
    [InlineData(640, 427, 61, 427, ResampleFilter.Nearest, "290b14b6425daa7e", "7b236bf595f20ed0")]
    [InlineData(33, 2, 224, 224, ResampleFilter.Nearest, "4e9218584f2e5c6f", "771b0f485a6c1695")]
    [InlineData(1, 50, 61, 50, ResampleFilter.Nearest, "54b5f6ac7452ea57", "f07e357fafe4081b")]
    [InlineData(640, 427, 61, 427, ResampleFilter.Lanczos, "874d3d11e1e35452", "a29adcf0696baf38")]
    [InlineData(33, 2, 224, 224, ResampleFilter.Lanczos, "a985e64cb6c3a6f9", "be90cc3119a8c185")]
    [InlineData(1, 50, 61, 50, ResampleFilter.Lanczos, "54b5f6ac7452ea57", "f07e357fafe4081b")]
    [InlineData(640, 427, 61, 427, ResampleFilter.Box, "bbcc921a616571e1", "3a2618c2482cec24")]
    [InlineData(33, 2, 224, 224, ResampleFilter.Box, "4e9218584f2e5c6f", "771b0f485a6c1695")]
    [InlineData(1, 50, 61, 50, ResampleFilter.Box, "54b5f6ac7452ea57", "f07e357fafe4081b")]
    [InlineData(640, 427, 61, 427, ResampleFilter.Hamming, "b6bb642f2dee138f", "97ebdf5344d72940")]
    [InlineData(33, 2, 224, 224, ResampleFilter.Hamming, "4731eaa83b66db93", "bbf5f85cdc68c520")]
    [InlineData(1, 50, 61, 50, ResampleFilter.Hamming, "54b5f6ac7452ea57", "f07e357fafe4081b")]
    public void Resize_OtherFilters_HavePillowsBytes(
        int width, int height, int targetWidth, int targetHeight, ResampleFilter filter, string colorHash, string grayHash)
    {
        byte[] color = PillowResampler.Resize(PlantedImage.Create(width, height), targetWidth, targetHeight, filter).Pixels;
        byte[] gray = PillowResampler.ResizeGray(PlantedImage.CreateGray(width, height), width, height, targetWidth, targetHeight, filter);

        Assert.Equal(colorHash, PlantedImage.Hash(color));
        Assert.Equal(grayHash, PlantedImage.Hash(gray));
    }

    [Fact]
    public void Resize_RandomSizesAndNoise_VectorPathEqualsScalar()
    {
        Assert.SkipUnless(Avx2.IsSupported, "AVX2 is not available, so there is only the scalar path.");
        Random random = new(Seed: 7);
        for (int round = 0; round < 300; round++)
        {
            int channels = random.Next(2) == 0 ? 1 : 3;
            int width = random.Next(1, 90), height = random.Next(1, 90);
            int targetWidth = random.Next(1, 90), targetHeight = random.Next(1, 90);
            ResampleFilter filter = (ResampleFilter)random.Next(0, 6);
            byte[] source = new byte[width * height * channels];
            random.NextBytes(source);

            // Extreme pixels next to each other make the overshoot that must be clipped.
            if (random.Next(2) == 0)
            {
                source = [.. source.Select(x => x < 128 ? (byte)0 : (byte)255)];
            }

            byte[] scalar = PillowResampler.Resize(source, channels, width, height, targetWidth, targetHeight, filter, vectorized: false);
            byte[] vector = PillowResampler.Resize(source, channels, width, height, targetWidth, targetHeight, filter, vectorized: true);

            Assert.True(scalar.AsSpan().SequenceEqual(vector), $"{width}×{height}×{channels} → {targetWidth}×{targetHeight} {filter}");
        }
    }

    [Theory]
    [InlineData(1, 1, 5, 3)]
    [InlineData(1, 4000, 1, 1)]
    [InlineData(4000, 1, 1, 1)]
    [InlineData(3001, 2003, 1, 1)]
    [InlineData(1, 1, 1, 700)]
    [InlineData(2, 3000, 3000, 2)]
    public void Resize_ConstantColor_StaysConstant(int width, int height, int targetWidth, int targetHeight)
    {
        foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
        {
            foreach (byte value in new byte[] { 0, 1, 128, 255 })
            {
                byte[] source = new byte[width * height * 3];
                Array.Fill(source, value);

                RgbImage resized = PillowResampler.Resize(new RgbImage(width, height, source), targetWidth, targetHeight, filter);

                Assert.All(resized.Pixels, x => Assert.Equal(value, x));
            }
        }
    }

    [Fact]
    public void ResizeGray_AnyFilter_EqualsEachChannelOfTheColorResize()
    {
        RgbImage image = PlantedImage.Create(123, 77);
        foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
        {
            byte[] gray = PillowResampler.ResizeGray(PlantedImage.CreateGray(123, 77), 123, 77, 50, 101, filter);

            RgbImage color = PillowResampler.Resize(image, 50, 101, filter);
            Assert.Equal(color.Pixels.Where((_, i) => i % 3 == 0), gray);
        }
    }

    [Fact]
    public void Resize_SameSize_ReturnsThePictureItself()
    {
        RgbImage image = PlantedImage.Create(5, 4);

        Assert.Same(image, PillowResampler.Resize(image, 5, 4, ResampleFilter.Lanczos));
    }

    [Fact]
    public void Resize_ResultBeyondAnArray_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => PillowResampler.Resize(PlantedImage.Create(2, 2), 40_000, 40_000, ResampleFilter.Bilinear));

    [Fact]
    public void ResizeGray_PlaneOfAnotherLength_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => PillowResampler.ResizeGray(new byte[11], 4, 3, 2, 2, ResampleFilter.Box));
}
