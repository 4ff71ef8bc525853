using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Encoding.Http;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Asks a chat endpoint in the form of OpenAI's API. Thread-safe.</summary>
internal sealed class ChatClient(AnswerOptions options)
{
    private const long MaxAnswerBytes = 16 << 20;
    private const int LeastKeyPart = 4;

    // Connections are the process's.
    private static readonly HttpClient Client = HttpBodies.CreateClient();

    /// <summary>Sends a request and gives the answer as it comes; of an endpoint that does not stream, at once.</summary>
    /// <param name="body">The request.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AnswerEndpointException">There is no answer, or none that can be used.</exception>
    public async IAsyncEnumerable<ChatPiece> AskAsync(byte[] body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? key = ReadKey();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using HttpResponseMessage answer = await GuardAsync(
            () => SendAsync(body, key, limit, cancellationToken), key, cancellationToken).ConfigureAwait(false);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            byte[] whole = await GuardAsync(
                () => HttpBodies.ReadAsync(answer.Content, MaxAnswerBytes, options.Timeout, limit.Token), key, cancellationToken)
                .ConfigureAwait(false);
            yield return ChatAnswer.Read(whole, "message", (reason, inner) => Fail(Hide(reason, key), innerException: inner));
            yield break;
        }

        bool hasEnded = false;
        Stream stream = await GuardAsync(
            () => answer.Content.ReadAsStreamAsync(limit.Token), key, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            EventReader events = new(stream, options.Timeout, MaxAnswerBytes);
            while (await GuardAsync(() => events.ReadAsync(limit.Token), key, cancellationToken).ConfigureAwait(false) is { } data)
            {
                if (data.AsSpan().Trim((byte)' ').SequenceEqual("[DONE]"u8))
                {
                    yield break;
                }

                ChatPiece piece = ChatAnswer.Read(data, "delta", (reason, inner) => Fail(Hide(reason, key), innerException: inner));
                hasEnded |= piece.FinishReason is not null;
                yield return piece;
            }
        }

        if (!hasEnded)
        {
            throw Fail("the connection ended before the answer was whole.");
        }
    }

    private string? ReadKey() => options.KeyVariable is not { } variable ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key ? key
        : throw Fail($"the environment variable {variable}, which holds its key, is not set (setting answer:keyVariable).");

    // Repetitions begin anew, and so does the time that a call has.
    private Task<HttpResponseMessage> SendAsync(
        byte[] body, string? key, CancellationTokenSource limit, CancellationToken cancellationToken) =>
        HttpRetries.Create(options.Retries, options.RetryDelay).ExecuteAsync(
            async _ =>
            {
                limit.CancelAfter(options.Timeout);
                try
                {
                    return await SendOnceAsync(body, key, limit.Token).ConfigureAwait(false);
                }
                catch (TransientHttpException)
                {
                    // While the next attempt waits for its turn nothing runs out.
                    limit.CancelAfter(Timeout.InfiniteTimeSpan);
                    throw;
                }
            },
            cancellationToken).AsTask();

    private async Task<HttpResponseMessage> SendOnceAsync(byte[] body, string? key, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, options.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        HttpResponseMessage answer = await HttpBodies.SendAsync(Client, request, options.Timeout, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await DescribeAsync(answer, key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Exception> DescribeAsync(HttpResponseMessage answer, string? key, CancellationToken cancellationToken)
    {
        string words = Hide(
            await HttpBodies.ReadWordsAsync(answer.Content, options.Timeout, cancellationToken).ConfigureAwait(false), key);
        string said = FormattableString.Invariant($"status {(int)answer.StatusCode}{(words.Length > 0 ? ": " : "")}{words}");
        if (HttpRetries.IsTransient(answer.StatusCode))
        {
            TimeSpan? wait = HttpRetries.ReadRetryAfter(answer.Headers);
            string pause = wait > HttpRetries.LongestWait
                ? FormattableString.Invariant($"; it asks to wait {wait.Value.TotalSeconds:0} s") : "";
            return new TransientHttpException(said + pause, answer.StatusCode, wait);
        }

        string advice = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => options.KeyVariable is { } variable
                ? $" It does not accept the key in {variable}."
                : " It wants a key: name its environment variable (setting answer:keyVariable).",
            HttpStatusCode.NotFound => " Is it the whole address, up to /chat/completions, and does it have this model?",
            HttpStatusCode.RequestEntityTooLarge => " Lower answer:maxContextTokens or answer:maxPictures.",
            _ when (int)answer.StatusCode is >= 300 and < 400 => " Redirections are not followed: the key would go elsewhere.",
            _ => "",
        };
        return Fail(said + (said[^1] is '.' or '!' ? "" : ".") + advice, answer.StatusCode);
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, string? key, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (TransientHttpException error)
        {
            throw Fail($"{Hide(error.Message, key).TrimEnd('.')}.", error.Status, error);
        }
        catch (InvalidDataException error)
        {
            throw Fail($"{error.Message}.", innerException: error);
        }
        catch (Exception error) when (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Fail(
                FormattableString.Invariant($"it took more than {options.Timeout.TotalSeconds:0.#} s (setting answer:timeout)."),
                innerException: error);
        }
    }

    // Endpoints repeat what they were sent, and the words that are shown may end within it.
    private static string Hide(string words, string? key)
    {
        if (key is null)
        {
            return words;
        }

        string hidden = words.Replace(key, "***", StringComparison.Ordinal);
        string end = hidden.TrimEnd('.');
        for (int length = key.Length - 1; length >= LeastKeyPart; length--)
        {
            if (end.EndsWith(key[..length], StringComparison.Ordinal))
            {
                return end[..^length] + "***";
            }
        }

        return hidden;
    }

    private AnswerEndpointException Fail(string reason, HttpStatusCode? status = null, Exception? innerException = null) =>
        new(HttpAddress.Show(options.Endpoint!), reason, status, innerException);
}
