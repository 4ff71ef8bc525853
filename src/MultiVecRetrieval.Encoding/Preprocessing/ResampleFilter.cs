namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The interpolation filters of Pillow, with Pillow's numbers, which preprocessor files use.</summary>
public enum ResampleFilter
{
    /// <summary>The source pixel under the centre of the target pixel.</summary>
    Nearest = 0,

    /// <summary>sinc(x)·sinc(x/3), |x| &lt; 3.</summary>
    Lanczos = 1,

    /// <summary>The triangle 1 − |x|, |x| &lt; 1.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = −0.5, |x| &lt; 2.</summary>
    Bicubic = 3,

    /// <summary>The mean of the covered pixels, −0.5 &lt; x ≤ 0.5.</summary>
    Box = 4,

    /// <summary>sinc(x)·(0.54 + 0.46·cos(πx)), |x| &lt; 1.</summary>
    Hamming = 5,
}
