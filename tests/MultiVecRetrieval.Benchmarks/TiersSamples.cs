using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Where the benchmark of tiers has its vectors from.</summary>
internal abstract class TiersSamples
{
    /// <summary>The rows of a page or picture.</summary>
    public abstract void Fill(int index, Span<float> values);

    /// <summary>A query that is about a page or picture.</summary>
    public abstract MultiVector GetQuery(int index, int page);

    public static TiersSamples Create(TiersOptions options) => options.ArePictures ? new Pictures(options) : new Pages(options);

    private sealed class Pages(TiersOptions options) : TiersSamples
    {
        private readonly PageVectors _vectors = new(seed: 1, options.Dimension);

        public override void Fill(int index, Span<float> values) => _vectors.Fill(index, values);

        public override MultiVector GetQuery(int index, int page)
            => _vectors.GetQuery(index, page, options.QueryRowCount, options.PageRowCount);
    }

    // By turns texts, which lie elsewhere than pictures, and pictures.
    private sealed class Pictures(TiersOptions options) : TiersSamples
    {
        private readonly PictureVectors _vectors = new(seed: 1, options.Dimension);

        public override void Fill(int index, Span<float> values) => _vectors.FillPicture(index, values);

        public override MultiVector GetQuery(int index, int page)
        {
            float[] values = new float[options.Dimension];
            if (index % 4 < 2)
            {
                _vectors.FillTextQuery(index, page, values);
            }
            else
            {
                _vectors.FillPictureQuery(index, page, values);
            }

            return new MultiVector(options.Dimension, values);
        }
    }
}
