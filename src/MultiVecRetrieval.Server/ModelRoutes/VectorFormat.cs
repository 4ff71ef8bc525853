namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>How vectors are written.</summary>
internal enum VectorFormat
{
    /// <summary>Numbers.</summary>
    Float,

    /// <summary>Base64 of float32 values, little-endian.</summary>
    Base64,

    /// <summary>Whole numbers in [-127, 127] and a scale per row.</summary>
    Int8,

    /// <summary>The bytes of <see cref="Ubinary"/> less 128.</summary>
    Binary,

    /// <summary>A bit per value, 1 for above 0; eight to a byte, the first value in the highest bit.</summary>
    Ubinary,
}
