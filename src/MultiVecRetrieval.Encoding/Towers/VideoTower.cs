using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Encodes videos as one vector each. Thread-safe.</summary>
/// <param name="processor">Makes the input.</param>
/// <param name="gridName">Name of the input for the grid.</param>
/// <param name="runner">Runs the graph.</param>
internal sealed class VideoTower(VideoProcessor processor, string gridName, PictureRunner runner)
{
    /// <summary>The row of a video; its place is the span of the whole of it.</summary>
    public MultiVector Encode(VideoClip clip, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MultiVector row = runner.Encode(runner.Prepare(this, processor.Apply(clip, gridName)));
        return new MultiVector(row.Dimension, row.Values.ToArray(),
            [Place.Whole with { StartSeconds = (float)clip.StartSeconds, EndSeconds = (float)clip.EndSeconds }]);
    }
}
