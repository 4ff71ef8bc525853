namespace MultiVecRetrieval.Interchange;

/// <summary>How a FAISS index compares vectors; the values are those of its files.</summary>
public enum FaissMetric
{
    /// <summary>Inner product; higher is closer.</summary>
    InnerProduct = 0,

    /// <summary>Squared Euclidean distance; lower is closer.</summary>
    SquaredDistance = 1,
}
