namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>What shape of input a family of image processors makes.</summary>
internal enum PictureLayoutKind
{
    /// <summary>One picture of a fixed size, [3, height, width].</summary>
    Fixed = 0,

    /// <summary>Square tiles of a picture and the whole of it, [tiles, 3, side, side].</summary>
    Tiles = 1,

    /// <summary>Flattened patches in blocks that the model merges, [patches, values], with the grid beside them.</summary>
    MergedPatches = 2,

    /// <summary>Flattened patches up to a budget, [budget, values], with a mask and the grid beside them.</summary>
    PatchBudget = 3,
}
