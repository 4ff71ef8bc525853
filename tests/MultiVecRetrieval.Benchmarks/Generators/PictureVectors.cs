namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>
/// Seeded vectors with the structure of CLIP's: one unit row per picture, and queries of another modality. Every vector depends on
/// (seed, index) alone, so they are made one at a time, in any order and in parallel. Thread-safe.
/// </summary>
/// <remarks>
/// <para>There are 8,192 concepts in 128 categories; low numbers are more frequent. All directions are drawn from a power law
/// (<see cref="PowerLawRows"/>, exponent 1). A picture is the common mean of pictures plus two concepts and a part of its own. A text
/// query lies around the mean of texts and shares concepts and a little of the rest with its picture; its noise has a power law along other
/// directions. A picture query is drawn as pictures are, near one of them: in distribution.</para>
/// <para>Measured at d = 512, seed 1, 20,000 pictures (<see cref="PictureStatistics"/>; a test holds them to bands): mean picture of length
/// .70, mean text .75, at cosine .28 to each other; a text query has cosine .44 to its picture and .15 to another, which finds it first of
/// 20,000 in 96 %; a picture query .91, two pictures .50; eigenvalues fall as rank^-0.9, 12 % of the variance in the first direction, 56 %
/// in 32.</para>
/// </remarks>
internal sealed class PictureVectors
{
    private const int CategoryCount = 128;
    private const int ConceptCount = 8192;

    private readonly int _seed;
    private readonly PowerLawRows _rows;
    private readonly PowerLawRows _queryRows;
    private readonly float[] _mean;
    private readonly float[] _textMean;
    private readonly float[] _concepts;

    public PictureVectors(int seed, int dimension = 512)
    {
        _seed = seed;
        Dimension = dimension;
        _rows = new PowerLawRows(seed, StreamKind.Rotation, dimension, exponent: 1);
        _queryRows = new PowerLawRows(seed, StreamKind.QueryRotation, dimension, exponent: 1);
        _mean = _rows.Draw(new SeededStream(seed, StreamKind.Mean, 0), 1);
        _textMean = _queryRows.Draw(new SeededStream(seed, StreamKind.QueryMean, 0), 1);
        UnitRows.AddScaled(_textMean, _mean, 0.3f);
        UnitRows.Normalize(_textMean);
        float[] categories = _rows.Draw(new SeededStream(seed, StreamKind.Pool, 1), CategoryCount);
        _concepts = _rows.Draw(new SeededStream(seed, StreamKind.Pool, 2), ConceptCount);
        for (int i = 0; i < ConceptCount; i++)
        {
            Span<float> concept = _concepts.AsSpan(i * dimension, dimension);
            UnitRows.AddScaled(concept, categories.AsSpan(i % CategoryCount * dimension, dimension), 0.8f);
            UnitRows.Normalize(concept);
        }
    }

    /// <summary>d, the length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>Writes picture <paramref name="index"/>, d values.</summary>
    public void FillPicture(int index, Span<float> target)
    {
        FillContent(index, target, own: 0.75f);
        Place(target, _mean, 0.7f);
    }

    /// <summary>Pictures <paramref name="first"/> and on, [count × d], made in parallel.</summary>
    public float[] GetPictures(int first, int count, int threads)
    {
        float[] rows = new float[(long)count * Dimension];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            FillPicture(first + i, rows.AsSpan(i * Dimension, Dimension)));
        return rows;
    }

    /// <summary>Writes text query <paramref name="index"/> about a picture, d values.</summary>
    public void FillTextQuery(int index, int picture, Span<float> target)
    {
        FillContent(picture, target, own: 0.2f);
        SeededStream random = new(_seed, StreamKind.TextQuery, index);
        AddDrawn(ref random, _queryRows, target, 0.9f);
        UnitRows.Normalize(target);
        Place(target, _textMean, 0.75f);
    }

    /// <summary>Writes picture query <paramref name="index"/>, near a picture, d values.</summary>
    public void FillPictureQuery(int index, int picture, Span<float> target)
    {
        FillContent(picture, target, own: 0.4f);
        SeededStream random = new(_seed, StreamKind.PictureQuery, index);
        AddDrawn(ref random, _rows, target, 0.6f);
        UnitRows.Normalize(target);
        Place(target, _mean, 0.7f);
    }

    // Two concepts and the picture's own part, normalised.
    private void FillContent(int index, Span<float> target, float own)
    {
        SeededStream random = new(_seed, StreamKind.Picture, index);
        int first = random.NextPopular(ConceptCount);
        int second = random.NextPopular(ConceptCount);
        target.Clear();
        UnitRows.AddScaled(target, _concepts.AsSpan(first * Dimension, Dimension), 0.6f);
        UnitRows.AddScaled(target, _concepts.AsSpan(second * Dimension, Dimension), 0.3f);
        AddDrawn(ref random, _rows, target, own);
        UnitRows.Normalize(target);
    }

    private void AddDrawn(ref SeededStream random, PowerLawRows rows, Span<float> target, float scale)
    {
        float[] drawn = new float[Dimension];
        rows.Draw(ref random, drawn);
        UnitRows.AddScaled(target, drawn, scale);
    }

    // target = share · mean + √(1 - share²) · target, normalised.
    private static void Place(Span<float> target, ReadOnlySpan<float> mean, float share)
    {
        float rest = MathF.Sqrt(1 - (share * share));
        foreach (ref float value in target)
        {
            value *= rest;
        }

        UnitRows.AddScaled(target, mean, share);
        UnitRows.Normalize(target);
    }
}
