namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How the offset of a centre crop is rounded when the remainder is odd; the two differ by one pixel.</summary>
public enum CropRule
{
    /// <summary>⌊(side − crop) / 2⌋, as Hugging Face image processors do.</summary>
    Floor = 0,

    /// <summary>(side − crop) / 2 rounded half to even, as torchvision (and with it OpenCLIP) does.</summary>
    HalfToEven = 1,
}
