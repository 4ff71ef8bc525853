using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Towers;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The video side of a model as it was detected.</summary>
/// <param name="Graph">Its graph.</param>
/// <param name="Dimension">d; null when only a run can tell.</param>
/// <param name="Identity">Everything besides the graph that decides which vectors come out, as text; goes into the space's id.</param>
/// <param name="FrameCount">Frames of a video.</param>
/// <param name="Create">Makes the tower.</param>
internal sealed record VideoPlan(
    OnnxGraphHeader Graph, int? Dimension, string Identity, int FrameCount, Func<OnnxSessions, int, VideoTower> Create);
