using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using MultiVecRetrieval.Encoding.Http;
using Polly;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Sends inputs to a remote encoder, in batches, some at a time. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to free.")]
internal sealed class RemoteClient
{
    // Connections are the process's: a model that is closed and opened again finds them.
    private static readonly HttpClient Client = HttpBodies.CreateClient();

    // The whole request has one limit; a second timer of the same length would now and then tell less of it.
    private static readonly TimeSpan NoStall = Timeout.InfiniteTimeSpan;

    private readonly RemoteDescription _description;
    private readonly SemaphoreSlim _places;
    private readonly ResiliencePipeline _retries;
    private readonly TimeSpan _timeout;

    public RemoteClient(RemoteDescription description)
    {
        _description = description;
        _places = new SemaphoreSlim(description.MaxConcurrency);
        _retries = HttpRetries.Create(description.Retries, TimeSpan.FromSeconds(description.RetryDelaySeconds));
        _timeout = TimeSpan.FromSeconds(description.TimeoutSeconds);
    }

    /// <summary>The rows of each input, [rows × d], in their order. Blocks.</summary>
    /// <exception cref="RemoteEncoderException">The endpoint gave none that can be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public float[][] Encode(IReadOnlyList<RemoteInput> inputs, CancellationToken cancellationToken)
    {
        // Encoders compute on the thread that calls them; here it waits, for its requests may run side by side.
        float[][][] batches = Task.Run(
            () => Task.WhenAll(Split(inputs).Select(batch => EncodeBatchAsync(batch, cancellationToken))), cancellationToken)
            .GetAwaiter().GetResult();
        return [.. batches.SelectMany(batch => batch)];
    }

    /// <summary>The answer to one body, asked again as the description says.</summary>
    /// <exception cref="RemoteEncoderException">The endpoint gave none.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<byte[]> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _retries.ExecuteAsync(
                async token => await SendAsync(body, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (TransientHttpException error)
        {
            throw Fail($"{error.Message.TrimEnd('.')}.", error.Status, innerException: error);
        }
        finally
        {
            _places.Release();
        }
    }

    private IEnumerable<RemoteInput[]> Split(IReadOnlyList<RemoteInput> inputs)
    {
        List<RemoteInput> batch = [];
        foreach (RemoteInput input in inputs)
        {
            if (batch.Count == _description.MaxBatch || (batch.Count > 0 && (input.Task != batch[0].Task
                || RemoteRequest.IsAlone(_description, input) || RemoteRequest.IsAlone(_description, batch[0]))))
            {
                yield return [.. batch];
                batch.Clear();
            }

            batch.Add(input);
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private async Task<float[][]> EncodeBatchAsync(RemoteInput[] batch, CancellationToken cancellationToken)
    {
        byte[] answer = await PostAsync(RemoteRequest.Write(_description, batch), cancellationToken).ConfigureAwait(false);
        return RemoteAnswer.Read(answer, _description, batch.Length);
    }

    private async Task<byte[]> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _description.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (_description.KeyVariable is { } variable)
        {
            string key = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } found
                ? found
                : throw Fail($"the environment variable {variable}, which holds its key, is not set.");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using HttpResponseMessage answer = await HttpBodies.SendAsync(Client, request, NoStall, limit.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw await DescribeAsync(answer, limit.Token).ConfigureAwait(false);
            }

            return await HttpBodies.ReadAsync(answer.Content, _description.MaxAnswerBytes, NoStall, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientHttpException(
                FormattableString.Invariant($"it took more than {_description.TimeoutSeconds} s (timeoutSeconds)"), innerException: error);
        }
        catch (InvalidDataException error)
        {
            throw Fail($"{error.Message} (maxAnswerBytes).", innerException: error);
        }
    }

    private async Task<Exception> DescribeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string words = await HttpBodies.ReadWordsAsync(answer.Content, NoStall, cancellationToken).ConfigureAwait(false);
        string said = FormattableString.Invariant($"status {(int)answer.StatusCode}{(words.Length > 0 ? ": " : "")}{words}");
        if (HttpRetries.IsTransient(answer.StatusCode))
        {
            return new TransientHttpException(said, answer.StatusCode, HttpRetries.ReadRetryAfter(answer.Headers));
        }

        string advice = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => _description.KeyVariable is { } variable
                ? $" It does not accept the key in {variable}."
                : $" It wants a key: name its environment variable in {RemoteDescription.FileName} (keyVariable).",
            HttpStatusCode.RequestEntityTooLarge => " Lower maxImageSide or maxBatch.",
            HttpStatusCode.NotFound => " Is it the whole address, and does it have this model?",
            _ when (int)answer.StatusCode is >= 300 and < 400 => " Redirections are not followed: the key would go elsewhere.",
            _ => "",
        };
        bool isOfInput = answer.StatusCode
            is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity;
        return Fail(said + (said[^1] is '.' or '!' ? "" : ".") + advice, answer.StatusCode, isOfInput);
    }

    private RemoteEncoderException Fail(
        string reason, HttpStatusCode? status = null, bool isOfInput = false, Exception? innerException = null) =>
        _description.Shape == RemoteShape.Rerank
            ? new RemoteRerankerException(_description.ShownEndpoint, reason, status, isOfInput, innerException)
            : new RemoteEncoderException(_description.ShownEndpoint, reason, status, isOfInput, innerException);
}
