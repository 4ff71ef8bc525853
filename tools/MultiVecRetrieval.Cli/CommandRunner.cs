using MultiVecRetrieval.Cluster;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Hub;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Cli;

/// <summary>Runs a command and turns its exceptions into messages and exit codes, in one place.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            Terminal.WriteNotice("cancelled; what was committed is kept.");
            return ExitCode.Cancelled;
        }
        catch (CollectionNotFoundException exception)
        {
            return Fail($"{exception.Message} Create it with: mvr index PATHS; or say where it is: --data DIR --collection NAME (mvr collections lists those there are)",
                ExitCode.NotFound);
        }
        catch (Exception exception) when (exception is CollectionLockedException or CopiesBusyException)
        {
            return Fail(exception.Message, ExitCode.Locked);
        }
        catch (ExecutionProviderException exception)
        {
            return Fail(exception.Message, ExitCode.MissingPart);
        }
        catch (Exception exception) when (exception
            is UsageException or CollectionExistsException or InvalidSettingException or ServerOptionsException or FilterSyntaxException
            or ModelFormatException or ModelMismatchException or SpaceStateException or DimensionMismatchException or TooFewEntriesException
            or ClientVectorsException
            or FormatException or ArgumentException)
        {
            return Fail(ErrorText.Get(exception), ExitCode.Usage);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or EntryNotFoundException
            or ModelNotFoundException or SourceMissingException or UnknownSpaceException or CopyNotFoundException
            or ModelPullException { Status: System.Net.HttpStatusCode.NotFound })
        {
            return Fail(exception.Message, ExitCode.NotFound);
        }
        catch (Exception exception) when (exception is ModelPullException or RemoteEncoderException or RerankTimeoutException
            or AnswerEndpointException or MediaException or IOException or UnauthorizedAccessException or CatalogException
            or CorruptSegmentException or UnsupportedFormatException or FaissFormatException or VectorFormatException
            or InvalidDataException)
        {
            return Fail(exception.Message, ExitCode.Failure);
        }
#pragma warning disable CA1031 // The edge of the process: what nobody foresaw is shown whole, with an exit code instead of an abort.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Fail($"unexpected: {exception}", ExitCode.Failure);
        }
    }

    private static int Fail(string message, int exitCode)
    {
        Terminal.WriteError(message);
        return exitCode;
    }
}

/// <summary>The command line or a setting is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
