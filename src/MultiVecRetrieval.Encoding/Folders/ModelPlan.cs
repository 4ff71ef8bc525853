using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Towers;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What a model folder turned out to be: its contract, and how to make its towers once sessions are there.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Contract">What it offers.</param>
/// <param name="CreateImages">Makes the image tower; null when the model takes no images.</param>
/// <param name="CreateText">Makes the text tower; null when the model takes no text.</param>
internal sealed record ModelPlan(
    string Folder, ModelContract Contract, Func<OnnxSessions, ImageTower>? CreateImages, Func<OnnxSessions, TextTower>? CreateText)
{
    /// <summary>Makes the video tower; null when the model takes no videos.</summary>
    public Func<OnnxSessions, VideoTower>? CreateVideos { get; init; }
}
