using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>One picture as the input of a model that takes pictures of any size.</summary>
internal sealed record PictureInput
{
    /// <summary>The pixels, row-major.</summary>
    public required float[] Pixels { get; init; }

    /// <summary>Shape of <see cref="Pixels"/>, without a batch.</summary>
    public required long[] Shape { get; init; }

    /// <summary>What goes beside the pixels, by the input's name.</summary>
    public required IReadOnlyList<SideTensor> Sides { get; init; }

    /// <summary>The part of the picture that each of its tokens shows, in their order.</summary>
    public required Place[] Boxes { get; init; }

    /// <summary>Columns of the grid that all its tokens are, row by row; 0 where they are several grids.</summary>
    public int TokenColumns { get; init; }

    /// <summary>Groups of frames, each of which has the same grid of tokens; 1 for a picture.</summary>
    public int FrameGroups { get; init; } = 1;

    /// <summary>Steps on the axis of time from one group of frames to the next.</summary>
    public double TimeStep { get; init; } = 1;

    /// <summary>What stands for the picture in a prompt, with one image token per box; empty for a model without a prompt.</summary>
    public string Tokens { get; init; } = "";
}
