namespace MultiVecRetrieval.Server;

/// <summary>Endpoint metadata: the request may be as large as <see cref="ServerOptions.MaxUploadBytes"/>.</summary>
internal sealed class UploadLimit;
