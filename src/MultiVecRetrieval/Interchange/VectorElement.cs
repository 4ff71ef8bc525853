namespace MultiVecRetrieval.Interchange;

/// <summary>How one value of a vector is stored, little-endian.</summary>
internal enum VectorElement
{
    /// <summary>IEEE 754, 16 bits.</summary>
    Float16,

    /// <summary>The upper half of a float32.</summary>
    BFloat16,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float32,

    /// <summary>IEEE 754, 64 bits.</summary>
    Float64,
}
