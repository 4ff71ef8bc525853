using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Mcp;

/// <summary>The one place where exceptions become results of tools: sentences that a model can act on.</summary>
internal static partial class ToolErrors
{
    /// <summary>The result of a tool that failed.</summary>
    public static CallToolResult Describe(string tool, Exception exception, ILogger? logger)
    {
        string? sentence = Find(exception);
        if (sentence is null && logger is not null)
        {
            LogFailure(logger, tool, exception);
        }

        return new CallToolResult
        {
            IsError = true,
            Content = [new TextContentBlock { Text = sentence ?? "The tool failed in a way it did not foresee; its log has the details." }],
        };
    }

    /// <summary>What a foreseen exception says; null for any other.</summary>
    public static string? Find(Exception exception) => exception switch
    {
        CollectionNotFoundException e
            => $"There is no collection '{Path.GetFileName(e.Folder)}'. The tool list_collections names those there are.",
        CollectionLockedException => "Another process is writing this collection. Searching goes on; try the change again later.",
        RemoteEncoderException e => $"The encoder of a space gave no vectors: {e.Reason}",
        ModelNotFoundException e => e.Notice,
        ToolException or PathNotAllowedException or FilterSyntaxException or SearchOptionException or InvalidQueryException
            or EntryNotFoundException or SourceMissingException or MediaException or ModelMismatchException or ModelFormatException
            or InvalidSettingException or UnknownSpaceException or DimensionMismatchException or UnsupportedFormatException
            or CorruptSegmentException or CatalogException or ClientVectorsException => exception.Message,
        ArgumentException e => ErrorText.Get(e),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Tool {Tool} failed")]
    private static partial void LogFailure(ILogger logger, string tool, Exception exception);
}
