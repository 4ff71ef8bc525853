using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.PageWords;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public sealed class PageWordsModelTests : IDisposable
{
    private readonly EncoderModel _model = EncoderModel.Load(BundledModels.DefaultFolder);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Inspect_BundledFolder_NamesWhatItFound()
    {
        ModelContract contract = EncoderModel.Inspect(BundledModels.DefaultFolder);

        Assert.Equal("page-words", contract.Name);
        Assert.Equal("page-words", contract.Family);
        Assert.Equal(128, contract.Dimension);
        Assert.True(contract.IsMultiVector && contract.EncodesImages && contract.EncodesText);
        Assert.False(contract.IsSemantic);
        Assert.Equal(1754, contract.PageLongSideInPixels);
        Assert.Equal(_model.Contract.SpaceId, contract.SpaceId);
        Assert.Contains(contract.Details, detail => detail.Key == "cells"
            && detail.Value.Contains("encoder.json", StringComparison.Ordinal));
    }

    [Fact]
    public void EncodeGrid_GoldenPage_EqualsTheReferenceBeforeMerging()
    {
        InkGrid grid = EncodeGrid(bandHeight: 0);

        Assert.Equal((PageWordsGolden.Rows, PageWordsGolden.Columns), (grid.Rows, grid.Columns));
        Assert.Equal(0, LargestDifference(PageWordsGolden.Vectors, grid.Vectors), tolerance: 1e-5);
        Assert.Equal(0, LargestDifference(PageWordsGolden.Saliency, grid.Saliency), tolerance: 1e-5);
    }

    [Fact]
    public void Encode_GoldenPage_EqualsTheReferenceAfterMerging()
    {
        float[] all = PageWordsGolden.Vectors;
        float[] expected = [.. PageWordsGolden.Kept.SelectMany(cell => all.AsSpan(cell * 128, 128).ToArray())];
        InkGrid grid = EncodeGrid(bandHeight: 0);

        IReadOnlyList<WordCells> words = CellMerger.Merge(grid, keepSaliency: 0.5f, mergeCosine: 0.9f);
        float[] actual = [.. words.SelectMany(word => grid.Vector(word.Cell).ToArray())];

        Assert.Equal(PageWordsGolden.Kept, words.Select(word => word.Cell));
        Assert.Equal(0, LargestDifference(expected, actual), tolerance: 1e-5);
    }

    [Fact]
    public void EncodeText_GoldenWords_EqualTheReference()
    {
        string[] words = PageWordsGolden.Words;

        EncodedText text = _model.EncodeText(string.Join(' ', words));

        Assert.Equal(words, text.Labels);
        Assert.Equal(0, LargestDifference(PageWordsGolden.WordVectors, text.Rows.Values.ToArray()), tolerance: 1e-5);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(64)]
    public void EncodeGrid_InBands_EqualsTheWhole(int bandHeight)
    {
        InkGrid whole = EncodeGrid(bandHeight: 0);

        InkGrid banded = EncodeGrid(bandHeight);

        // The overlap covers all that a cell sees, so only the order of additions may differ.
        Assert.Equal(0, LargestDifference(whole.Vectors, banded.Vectors), tolerance: 2e-6);
        Assert.Equal(0, LargestDifference(whole.Saliency, banded.Saliency), tolerance: 2e-6);
    }

    [Fact]
    public void Encode_PrintedWords_FindsEachAtItsPlace()
    {
        MultiVector page = _model.Encode([_model.Prepare(PageWordsGolden.Page)])[0];

        (Place place, float similarity) = FindBest(page, _model.EncodeText("retrieval").Rows.Row(0));

        // Drawn at (9, 8) with a height of about 17 of 120 pixels, 70 of 300 pixels wide.
        // The page holds neither of the two near-spellings.
        foreach (string absent in (string[])["retrieved", "betrayal"])
        {
            (_, float other) = FindBest(page, _model.EncodeText(absent).Rows.Row(0));
            Assert.True(similarity > other + 0.05f, $"retrieval {similarity}, {absent} {other}");
        }

        Assert.InRange((place.Left + place.Right) / 2, 0.03f, 0.3f);
        Assert.InRange((place.Top + place.Bottom) / 2, 0.05f, 0.3f);
    }

    [Fact]
    public void Encode_AnyCompanyAndThreadCount_GivesTheSameBits()
    {
        RgbImage page = PageWordsGolden.Page;
        RgbImage other = new(64, 48, new byte[64 * 48 * 3]);
        using EncoderModel threads = EncoderModel.Load(BundledModels.DefaultFolder, new EncoderOptions { IntraOpThreads = 4 });

        MultiVector alone = _model.EncodeImage(page);
        MultiVector inCompany = _model.Encode([_model.Prepare(other), _model.Prepare(page), _model.Prepare(page)])[1];
        MultiVector onThreads = threads.EncodeImage(page);

        Assert.True(alone.RowCount > 10);
        Assert.True(alone.Values.SequenceEqual(inCompany.Values));
        Assert.True(alone.Values.SequenceEqual(onThreads.Values));
        Assert.True(alone.Places.SequenceEqual(onThreads.Places));
    }

    [Fact]
    public void EncodeImage_WithoutInk_HasNoRows()
    {
        byte[] white = new byte[200 * 100 * 3];
        Array.Fill(white, (byte)255);

        MultiVector vectors = _model.EncodeImage(new RgbImage(200, 100, white));

        Assert.Equal(0, vectors.RowCount);
        Assert.Equal(128, vectors.Dimension);
    }

    [Fact]
    public void EncodeText_NothingReadable_GivesNoRowsAndSaysSo()
    {
        EncodedText text = _model.EncodeText("?! привет");

        Assert.Equal(0, text.Rows.RowCount);
        Assert.Contains(text.Notices, notice => notice.StartsWith("2 words have no letters or digits", StringComparison.Ordinal));
        Assert.Contains(text.Notices, notice => notice.Contains("no word", StringComparison.Ordinal));
    }

    [Fact]
    public void EncodeText_LongWord_IsCutAndSaysSo()
    {
        EncodedText text = _model.EncodeText("pneumonoultramicroscopic");

        Assert.Equal(1, text.Rows.RowCount);
        Assert.Contains(text.Notices, notice => notice.Contains("first 20 letters", StringComparison.Ordinal));
        Assert.True(text.Rows.Values.SequenceEqual(_model.EncodeText("pneumonoultramicrosc").Rows.Values));
    }

    [Fact]
    public void Tokenize_Words_GivesLettersAndSeparators() =>
        Assert.Equal([1, 2, 0, 27, 0], _model.Tokenize("Ab 0"));

    [Fact]
    public void Encode_ImagePreparedByAnotherModel_Throws()
    {
        using EncoderModel other = EncoderModel.Load(BundledModels.DefaultFolder);
        PreparedImage image = other.Prepare(PageWordsGolden.Page);

        Assert.Throws<ArgumentException>(() => _model.Encode([image]));
    }

    private static (Place Place, float Similarity) FindBest(MultiVector page, ReadOnlySpan<float> query)
    {
        int best = -1;
        float similarity = float.NegativeInfinity;
        for (int row = 0; row < page.RowCount; row++)
        {
            float cosine = System.Numerics.Tensors.TensorPrimitives.Dot(page.Row(row), query);
            if (cosine > similarity)
            {
                (best, similarity) = (row, cosine);
            }
        }

        return (page.Places[best], similarity);
    }

    private static InkGrid EncodeGrid(int bandHeight)
    {
        InkGridDescription description = new() { BandHeight = bandHeight, BandOverlap = 48 };
        OnnxGraphHeader graph = OnnxGraphHeader.Read(Path.Combine(BundledModels.DefaultFolder, "onnx", "vision_model.onnx"));
        using OnnxSessions sessions = new(BundledModels.DefaultFolder, new EncoderOptions());
        InkGridTower tower = new(sessions, new InkGridPlan(graph, "ink", "patches", 128, 1754, description));
        return tower.EncodeGrid(GrayPlane.From(PageWordsGolden.Page), TestContext.Current.CancellationToken);
    }

    private static double LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (x, y) => Math.Abs((double)x - y)).Max();
    }
}
