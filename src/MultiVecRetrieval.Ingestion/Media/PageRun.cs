using System.Diagnostics.CodeAnalysis;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A child process that delivers the pages of a range, in order.</summary>
/// <typeparam name="T">The picture or the text of a page.</typeparam>
/// <param name="child">The process.</param>
/// <param name="first">First page of the range.</param>
internal abstract class PageRun<T>(ChildProcess child, int first) : IDisposable
    where T : class
{
    private int _page = first;

    /// <summary>Reads the next page.</summary>
    /// <param name="result">The page, or a problem that is its own and leaves the process fit for the next page.</param>
    /// <returns>False when the process failed; which page it failed at is then not certain, because output may lie unsent in its
    /// buffer.</returns>
    public bool TryReadNext([NotNullWhen(true)] out PageResult<T>? result)
    {
        try
        {
            if (!TryParse(child.Output, out T? value, out MediaException? problem))
            {
                result = null;
                return false;
            }

            child.RestartClock();
            result = new PageResult<T>(_page++, value, problem);
            return true;
        }
        catch (MediaException)
        {
            result = null;
            return false;
        }
    }

    /// <summary>Reads the page of a range that has only one, and says what is wrong when there is no value.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PageResult<T> ReadOnly()
    {
        try
        {
            if (TryParse(child.Output, out T? value, out MediaException? problem))
            {
                return new PageResult<T>(_page, value, problem);
            }

            ChildExit exit = child.WaitForExit();
            string what = $"Page {_page} cannot be read";
            return new PageResult<T>(_page, null, exit.IsSuccess
                ? new MediaException($"{what}: the output ended early.")
                : PdfReader.Explain(exit, what));
        }
        catch (MediaException exception)
        {
            return new PageResult<T>(_page, null, exception);
        }
    }

    /// <summary>Kills the process if it still runs.</summary>
    public void Dispose() => child.Dispose();

    /// <summary>Reads one page from the output.</summary>
    /// <returns>False when the output ended before the page was complete.</returns>
    /// <exception cref="MediaException">The output is not what the program writes.</exception>
    protected abstract bool TryParse(Stream output, out T? value, out MediaException? problem);
}
