namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>The model that writes down speech cannot be used, for any file.</summary>
internal sealed class SpeechModelException(string reason) : MediaException(reason, "speechModel");
