using System.Net.Http.Headers;

namespace MultiVecRetrieval.Encoding.Http;

/// <summary>Reads answers with a bound on their size and on how long nothing may come.</summary>
internal static class HttpBodies
{
    private const int WordsLength = 200;
    private const int WordsBytes = 4096;

    /// <summary>Reads the whole answer.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="TransientHttpException">The connection was cut, or nothing came for <paramref name="stall"/>.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpContent content, long maxBytes, TimeSpan stall, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the answer has {content.Headers.ContentLength} bytes, at most {maxBytes} are read"));
        }

        using MemoryStream body = new();
        byte[] buffer = new byte[1 << 16];
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await ReadPieceAsync(stream, buffer, stall, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                if (body.Length + read > maxBytes)
                {
                    throw new InvalidDataException(FormattableString.Invariant($"the answer has more than {maxBytes} bytes"));
                }

                body.Write(buffer, 0, read);
            }
        }

        return body.ToArray();
    }

    /// <summary>Reads what has come; 0 at the end.</summary>
    /// <exception cref="TransientHttpException">The connection was cut, or nothing came for <paramref name="stall"/>.</exception>
    public static async Task<int> ReadPieceAsync(Stream stream, Memory<byte> buffer, TimeSpan stall, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(stall);
        try
        {
            return await stream.ReadAsync(buffer, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stalled(stall, error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new TransientHttpException($"the connection was cut: {error.Message}", innerException: error);
        }
    }

    /// <summary>Sends a request and waits for the head of its answer.</summary>
    /// <exception cref="TransientHttpException">There is no connection, or no answer for <paramref name="stall"/>.</exception>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpRequestMessage request, TimeSpan stall, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(stall);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stalled(stall, error);
        }
        catch (HttpRequestException error)
        {
            // Of a connection that breaks, only the innermost error says how.
            string reason = error.InnerException is IOException ? error.GetBaseException().Message : error.Message;
            throw new TransientHttpException($"there is no answer: {reason}", innerException: error);
        }
    }

    /// <summary>The first words of an answer that is no success, for a message: one line, without control characters.</summary>
    public static async Task<string> ReadWordsAsync(HttpContent content, TimeSpan stall, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[WordsBytes];
        int length = 0;
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                while (length < buffer.Length && await ReadPieceAsync(
                    stream, buffer.AsMemory(length), stall, cancellationToken).ConfigureAwait(false) is var read and > 0)
                {
                    length += read;
                }
            }
        }
        catch (TransientHttpException)
        {
            // What came before the end is shown; the status says the rest.
        }

        return ToWords(buffer.AsSpan(0, length));
    }

    /// <summary>The first words of a text, for a message: one line, without control characters.</summary>
    public static string ToWords(ReadOnlySpan<byte> body)
    {
        string text = System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, WordsBytes)]);
        string line = string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= WordsLength ? line : line[..WordsLength] + "...";
    }

    /// <summary>A client that follows no redirection by itself and takes the proxy of the environment.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("MultiVecRetrieval", "0.1") } },
        };

    private static TransientHttpException Stalled(TimeSpan stall, Exception error) =>
        new(FormattableString.Invariant($"nothing came for {stall.TotalSeconds:0.#} s"), innerException: error);
}
