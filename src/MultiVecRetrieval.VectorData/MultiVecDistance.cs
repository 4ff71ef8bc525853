namespace MultiVecRetrieval.VectorData;

/// <summary>Names of distance functions beside those of the abstraction.</summary>
public static class MultiVecDistance
{
    /// <summary>Of many vectors with many: for each vector of the question the largest cosine with one of the record, summed; higher is
    /// closer. What properties of many vectors are compared by.</summary>
    public const string MaxSim = "MaxSim";
}
