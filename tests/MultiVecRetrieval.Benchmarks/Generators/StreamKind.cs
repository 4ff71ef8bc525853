namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>What a <see cref="SeededStream"/> is for, so that no two uses share their numbers.</summary>
internal enum StreamKind
{
    Rotation,
    Mean,
    QueryRotation,
    QueryMean,
    Pool,
    Document,
    Layout,
    Page,
    Query,
    Picture,
    TextQuery,
    PictureQuery,
}
