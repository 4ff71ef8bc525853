namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>A video of a benchmark with what is said of it.</summary>
/// <param name="Id">Its id, also the name of its file.</param>
/// <param name="Captions">Texts that are asked for it.</param>
internal sealed record CaptionedVideo(string Id, IReadOnlyList<string> Captions);
