using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval.Upkeep;

/// <summary>What background work says in the log.</summary>
internal static partial class MaintenanceLog
{
    [LoggerMessage(1, LogLevel.Error, "Background work on collection {Folder} failed; nothing is lost, the next commit tries again.")]
    public static partial void LogBackgroundFailure(this ILogger logger, Exception error, string folder);

    [LoggerMessage(2, LogLevel.Warning, "Tier {Spec} of space {Space} of collection {Folder} cannot be trained: {Problem}")]
    public static partial void LogTrainingFailure(this ILogger logger, string folder, string space, string spec, string problem);

    [LoggerMessage(3, LogLevel.Information, "Trained tier {Spec} of space {Space} of collection {Folder} on {RowCount} rows.")]
    public static partial void LogTrained(this ILogger logger, string folder, string space, string spec, long rowCount);

    [LoggerMessage(4, LogLevel.Information, "Merged {SegmentCount} segments of space {Space} of collection {Folder}: {RowCount} rows.")]
    public static partial void LogMerged(this ILogger logger, string folder, string space, int segmentCount, long rowCount);
}
