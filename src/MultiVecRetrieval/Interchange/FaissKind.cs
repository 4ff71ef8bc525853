namespace MultiVecRetrieval.Interchange;

/// <summary>The four characters that begin an index, by which FAISS tells its kinds apart.</summary>
internal static class FaissKind
{
    public const string FlatInnerProduct = "IxFI";
    public const string FlatSquaredDistance = "IxF2";
    public const string HnswFlat = "IHNf";
    public const string BinaryFlat = "IBxF";

    public const string All = "IxFI or IxF2 (IndexFlat), IHNf (IndexHNSWFlat) or IBxF (IndexBinaryFlat)";
}
