using System.Text.Json;

namespace MultiVecRetrieval.Tests.Encoding.Remote;

/// <summary>A request that the stand-in of a remote encoder got.</summary>
/// <param name="Authorization">Its Authorization header; empty without one.</param>
/// <param name="Body">Its body.</param>
internal sealed record EncoderRequest(string Authorization, JsonElement Body);
