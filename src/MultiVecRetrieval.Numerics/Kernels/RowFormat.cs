namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>How the rows of an entry are stored and scored.</summary>
public enum RowFormat
{
    /// <summary>4 bytes a value; scores are exact to float32 rounding.</summary>
    Float32 = 1,

    /// <summary>2 bytes a value (IEEE 754 binary16), scored as float32.</summary>
    Float16 = 2,

    /// <summary>1 byte a value and one float32 scale a row.</summary>
    Int8 = 3,
}
