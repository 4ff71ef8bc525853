using System.Diagnostics;
using AngleSharp.Dom;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Holds the reading of one page in bounds. The rules of the standard look through all open elements again and again, so that a small page
/// of open elements takes hours: the depth counts as the parser builds it, for which elements end by themselves only the parser knows.
/// </summary>
/// <param name="timeout">What the page may take, from now on.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class HtmlGuard(TimeSpan timeout, CancellationToken cancellationToken)
{
    // The tree stops at 512, as browsers do, but the parser's list of open elements does not; what people write nests to some dozens.
    private const int MaxDepth = 500;

    // Elements met while the tree is that deep; pages whose authors forget to end what marks letters have some thousand.
    private const int MaxDeepElements = 10_000;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private IDocument? _document;
    private int _unchecked;
    private int _deep;

    /// <exception cref="MediaException">The page took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_clock.Elapsed > timeout)
        {
            throw new MediaException($"The page was not read within {timeout.TotalSeconds:0.###} s.", "media:fileTimeout");
        }
    }

    /// <summary>Told of the elements that the parser makes.</summary>
    /// <exception cref="MediaException">The page took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Meet(IElement element)
    {
        Check();
        _document ??= element.Owner;
        _unchecked++;
    }

    /// <summary>The bytes of the page, which the parser asks for as it goes.</summary>
    public Stream Watch(byte[] bytes) => new WatchedStream(bytes, this);

    // What is open is the last child of what is open before it.
    private void CheckDepth()
    {
        int depth = 0;
        for (INode? at = _document; at is not null; at = at.LastChild)
        {
            depth++;
        }

        _deep += depth > MaxDepth ? _unchecked : 0;
        _unchecked = 0;
        if (_deep > MaxDeepElements)
        {
            throw new MediaException($"The page nests deeper than {MaxDepth} elements.");
        }
    }

    private sealed class WatchedStream(byte[] bytes, HtmlGuard guard) : MemoryStream(bytes, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            guard.Check();
            guard.CheckDepth();
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            guard.Check();
            guard.CheckDepth();
            return base.Read(buffer);
        }
    }
}
