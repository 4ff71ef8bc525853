namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How a picture is brought to the size of a model.</summary>
public enum ResizeMode
{
    /// <summary>Not resized, only cropped or padded.</summary>
    None = 0,

    /// <summary>Both sides to the given size; the aspect ratio is lost.</summary>
    Squash = 1,

    /// <summary>The shorter side to the given size, the longer one in proportion.</summary>
    ShortestSide = 2,

    /// <summary>As large as fits into the given size in proportion; the rest is filled.</summary>
    LongestSide = 3,
}
