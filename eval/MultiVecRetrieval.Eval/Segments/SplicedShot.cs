namespace MultiVecRetrieval.Eval.Segments;

/// <summary>A shot within a video.</summary>
/// <param name="Shot">The shot.</param>
/// <param name="Seconds">How long it is on show.</param>
/// <param name="StartSeconds">Where in the shot it begins.</param>
/// <param name="Speed">How many seconds of the shot a second shows.</param>
internal sealed record SplicedShot(CameraShot Shot, double Seconds, double StartSeconds = 0, double Speed = 1);
