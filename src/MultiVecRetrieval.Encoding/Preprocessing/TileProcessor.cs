using System.Globalization;
using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Cuts pictures into square tiles and adds the whole picture as a last one, as Idefics3 and SmolVLM do.</summary>
/// <remarks>
/// Three resizes of which each works on the bytes of the one before, all with the same filter: to the longest side in proportion, to
/// whole tiles, and the whole to one tile. Source: the image processor and processor of Idefics3 in transformers.
/// </remarks>
internal sealed class TileProcessor : PictureProcessor
{
    public const string ImageToken = "<image>";

    private const string Frame = "<fake_token_around_image>";
    private readonly TileOptions _options;
    private readonly PixelScale _scale;

    public TileProcessor(TileOptions options) => (_options, _scale) = (options, options.Scaling.CreateScale());

    public override string Identity => $"tiles {JsonSerializer.Serialize(_options)}";

    public override IReadOnlyList<long> PixelShape => [-1, 3, _options.TileSide, _options.TileSide];

    public override int PageLongSide => _options.LongestSide;

    public override PictureInput Apply(RgbImage image)
    {
        TileGrid grid = TileGrid.Compute(_options, image.Width, image.Height);
        (int side, ResampleFilter filter) = (_options.TileSide, _options.Scaling.Filter);
        RgbImage whole = PillowResampler.Resize(image, grid.FirstWidth, grid.FirstHeight, filter);
        float[] pixels = new float[grid.PictureCount * 3 * side * side];
        if (grid.Rows > 0)
        {
            whole = PillowResampler.Resize(whole, grid.Columns * side, grid.Rows * side, filter);
            for (int tile = 0; tile < grid.Rows * grid.Columns; tile++)
            {
                CopyTile(whole, tile % grid.Columns * side, tile / grid.Columns * side, pixels, tile);
            }
        }

        CopyTile(PillowResampler.Resize(whole, side, side, filter), 0, 0, pixels, grid.PictureCount - 1);
        return Create(grid, pixels, maskValue: 1);
    }

    public override PictureInput CreateEmpty() => Create(default, new float[3 * _options.TileSide * _options.TileSide], maskValue: 0);

    /// <summary>What stands for a picture in a prompt: per tile its mark and tokens, a line per row, the whole at the end.</summary>
    public static string DescribeTokens(int rows, int columns, int tokensPerTile)
    {
        string tokens = string.Concat(Enumerable.Repeat(ImageToken, tokensPerTile));
        StringBuilder text = new();
        for (int row = 1; row <= rows; row++)
        {
            for (int column = 1; column <= columns; column++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Frame}<row_{row}_col_{column}>{tokens}");
            }

            text.Append('\n');
        }

        return text.Append(rows > 0 ? "\n" : "").Append($"{Frame}<global-img>{tokens}{Frame}").ToString();
    }

    private PictureInput Create(TileGrid grid, float[] pixels, long maskValue)
    {
        int side = _options.TileSide;
        long[] mask = new long[(long)grid.PictureCount * side * side];
        Array.Fill(mask, maskValue);
        int tokenSide = (int)Math.Round(Math.Sqrt(_options.TokensPerTile));
        IEnumerable<Place> tiles = grid.Rows == 0 ? [] : Grid(Place.Whole, grid.Rows, grid.Columns);
        return new PictureInput
        {
            Pixels = pixels,
            Shape = [grid.PictureCount, 3, side, side],
            Sides = [new SideTensor("pixel_attention_mask", mask, [1, grid.PictureCount, side, side])],
            Boxes = [.. tiles.Append(Place.Whole).SelectMany(tile => Grid(tile, tokenSide, tokenSide))],
            Tokens = DescribeTokens(grid.Rows, grid.Columns, _options.TokensPerTile),
        };
    }

    private void CopyTile(RgbImage image, int left, int top, float[] pixels, int tile)
    {
        int side = _options.TileSide;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] values = _scale[channel];
            int at = ((tile * 3) + channel) * side * side;
            for (int y = 0; y < side; y++)
            {
                int source = ((((top + y) * image.Width) + left) * 3) + channel;
                for (int x = 0; x < side; x++, source += 3)
                {
                    pixels[at++] = values[image.Pixels[source]];
                }
            }
        }
    }
}
