using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Http;
using Polly;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Lists and downloads files of a repository over the protocol of Hugging Face's hub.</summary>
/// <remarks>
/// GET /api/models/{repository}/revision/{revision} gives the commit, GET .../tree/{commit}?recursive=true the files in pages that the
/// Link header chains, GET /{repository}/resolve/{commit}/{path} a file, mostly by a redirection to another host.
/// </remarks>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirections = 10;
    private const int MaxPages = 1000;
    private const int MaxFiles = 100_000;
    private const long MaxListingBytes = 64 << 20;

    private readonly ModelHubOptions _options;
    private readonly string _repository;
    private readonly HttpClient _client = HttpBodies.CreateClient();
    private readonly ResiliencePipeline _retries;

    public HubClient(ModelHubOptions options, string repository)
    {
        _options = options;
        _repository = repository;
        _retries = HttpRetries.Create(options.Retries, options.RetryDelay);
    }

    /// <summary>The commit that a revision means.</summary>
    /// <exception cref="ModelPullException">There is none, or no way to it.</exception>
    public async Task<string> ResolveAsync(string revision, CancellationToken cancellationToken)
    {
        using JsonDocument answer = await GetJsonAsync(
            AddressOf($"api/models/{_repository}/revision/{Uri.EscapeDataString(revision)}"), cancellationToken).ConfigureAwait(false);
        string? commit = answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("sha", out JsonElement sha)
            && sha.ValueKind == JsonValueKind.String ? sha.GetString() : null;
        return IsCommit(commit) ? commit! : throw Fail("the hub names no commit (sha) of the revision.");
    }

    /// <summary>All files of a commit, by path.</summary>
    /// <exception cref="ModelPullException">There is no way to the list, or it cannot be understood.</exception>
    public async Task<IReadOnlyDictionary<string, HubFile>> ListAsync(string commit, CancellationToken cancellationToken)
    {
        Dictionary<string, HubFile> files = new(StringComparer.Ordinal);
        Uri? page = AddressOf($"api/models/{_repository}/tree/{commit}?recursive=true");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaxPages || files.Count > MaxFiles)
            {
                throw Fail(FormattableString.Invariant($"the hub lists more than {MaxFiles} files."));
            }

            Uri current = page;
            page = null;
            using JsonDocument answer = await GetJsonAsync(current, cancellationToken, next => page = next).ConfigureAwait(false);
            AddFiles(answer.RootElement, files);
        }

        return files;
    }

    /// <summary>Downloads a file to <paramref name="path"/>, going on where an earlier download ended.</summary>
    /// <param name="file">The file.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">Where it is written.</param>
    /// <param name="report">Is told how many bytes are there.</param>
    /// <param name="cancellationToken">Stops; what is there stays.</param>
    /// <exception cref="ModelPullException">It cannot be had.</exception>
    public async Task DownloadAsync(
        HubFile file, string commit, string path, Action<long> report, CancellationToken cancellationToken)
    {
        string escaped = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        Uri address = AddressOf($"{_repository}/resolve/{commit}/{escaped}");
        while (true)
        {
            long before = Length(path);
            try
            {
                await _retries.ExecuteAsync(
                    async token => await AppendAsync(address, file, path, report, token).ConfigureAwait(false),
                    cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (TransientHttpException error)
            {
                // A connection that is cut again and again still gets there as long as each brings something.
                if (Length(path) <= before)
                {
                    throw Fail($"{file.Path}: {error.Message.TrimEnd('.')}. What came is kept; the same command goes on there.", error.Status, error);
                }
            }
        }
    }

    public void Dispose() => _client.Dispose();

    public static bool IsCommit(string? text) => text is { Length: 40 } && text.All(char.IsAsciiHexDigitLower);

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private async Task AppendAsync(Uri address, HubFile file, string path, Action<long> report, CancellationToken cancellationToken)
    {
        FileStream target = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        await using (target.ConfigureAwait(false))
        {
            if (target.Length > file.Size)
            {
                target.SetLength(0);
            }

            target.Position = target.Length;
            if (target.Length == file.Size)
            {
                report(file.Size);
                return;
            }

            using HttpResponseMessage answer = await SendAsync(
                address, target.Length > 0 ? new RangeHeaderValue(target.Length, null) : null, cancellationToken).ConfigureAwait(false);

            // A server without ranges sends the whole; one whose range starts elsewhere is not asked again.
            if (target.Length > 0 && (answer.StatusCode != HttpStatusCode.PartialContent
                || answer.Content.Headers.ContentRange?.From != target.Length))
            {
                if (answer.StatusCode == HttpStatusCode.PartialContent)
                {
                    throw Fail($"{file.Path}: the server answers a range of bytes that was not asked for.");
                }

                target.SetLength(0);
            }

            await CopyAsync(answer.Content, target, file, report, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(
        HttpContent content, FileStream target, HubFile file, Action<long> report, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 17];
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await HttpBodies.ReadPieceAsync(stream, buffer, _options.StallTimeout, cancellationToken).ConfigureAwait(false)
                is var read and > 0)
            {
                if (target.Position + read > file.Size)
                {
                    target.SetLength(0);
                    throw Fail(FormattableString.Invariant($"{file.Path}: more than the {file.Size} bytes that are listed came."));
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                report(target.Position);
            }
        }

        if (target.Position < file.Size)
        {
            throw new TransientHttpException(
                FormattableString.Invariant($"the connection was cut after {target.Position} of {file.Size} bytes"));
        }
    }

    private void AddFiles(JsonElement list, Dictionary<string, HubFile> files)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Fail("the hub's list of files is no JSON array.");
        }

        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (Text(entry, "type") != "file")
            {
                continue;
            }

            string path = Text(entry, "path") ?? "";
            HubFileChoice.CheckPath(path);
            JsonElement large = entry.TryGetProperty("lfs", out JsonElement found) && found.ValueKind == JsonValueKind.Object ? found : entry;
            long size = large.TryGetProperty("size", out JsonElement number) && number.TryGetInt64(out long bytes) && bytes >= 0
                ? bytes
                : throw Fail($"the hub gives no size of {path}.");
            files[path] = new HubFile(path, size,
                FileDigest.TryParse(Text(large, "oid")) ?? throw Fail($"the hub gives no checksum (oid) of {path}; nothing is fetched unchecked."));
        }
    }

    private async Task<JsonDocument> GetJsonAsync(Uri address, CancellationToken cancellationToken, Action<Uri>? onNextPage = null)
    {
        byte[] body;
        try
        {
            body = await _retries.ExecuteAsync(
                async token =>
                {
                    using HttpResponseMessage answer = await SendAsync(address, range: null, token).ConfigureAwait(false);
                    if (FindNextPage(answer, address) is { } next)
                    {
                        onNextPage?.Invoke(next);
                    }

                    return await HttpBodies.ReadAsync(answer.Content, MaxListingBytes, _options.StallTimeout, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (TransientHttpException error)
        {
            throw Fail(
                $"{_options.Endpoint.Host} cannot be read: {error.Message.TrimEnd('.')}. Behind a proxy set HTTPS_PROXY; another hub is named by HF_ENDPOINT.",
                error.Status, error);
        }
        catch (InvalidDataException error)
        {
            throw Fail($"{error.Message}.", status: null, error);
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw Fail($"{address.AbsolutePath} gives no JSON: {error.Message}", status: null, error);
        }
    }

    // Link: <https://.../tree/main?cursor=...>; rel="next"
    private static Uri? FindNextPage(HttpResponseMessage answer, Uri address)
    {
        string? link = answer.Headers.TryGetValues("Link", out IEnumerable<string>? links)
            ? links.SelectMany(value => value.Split(',')).FirstOrDefault(value => value.Contains("rel=\"next\"", StringComparison.Ordinal))
            : null;
        int start = link?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        int end = link?.IndexOf('>', StringComparison.Ordinal) ?? -1;
        return start >= 0 && end > start && Uri.TryCreate(address, link![(start + 1)..end], out Uri? next)
            && IsSameOrigin(next, address) ? next : null;
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    // Redirections are followed here and not by the handler, so that the token goes to the hub alone.
    private async Task<HttpResponseMessage> SendAsync(Uri address, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        for (int hop = 0; hop <= MaxRedirections; hop++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Range = range;
            if (_options.Token is { } token && IsSameOrigin(address, _options.Endpoint))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage answer = await HttpBodies.SendAsync(_client, request, _options.StallTimeout, cancellationToken)
                .ConfigureAwait(false);
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location)
            {
                answer.Dispose();
                Uri next = new(address, location);
                if (next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme != "https"))
                {
                    throw Fail($"{address.Host} redirects to {next.Scheme}://{next.Host}, which is not followed.");
                }

                address = next;
                continue;
            }

            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw await DescribeAsync(answer, address, cancellationToken).ConfigureAwait(false);
            }
        }

        throw Fail($"more than {MaxRedirections} redirections.");
    }

    private async Task<Exception> DescribeAsync(HttpResponseMessage answer, Uri address, CancellationToken cancellationToken)
    {
        string said = answer.Headers.TryGetValues("X-Error-Message", out IEnumerable<string>? messages)
            ? string.Join(' ', messages)
            : await HttpBodies.ReadWordsAsync(answer.Content, _options.StallTimeout, cancellationToken).ConfigureAwait(false);
        string words = said.Length == 0 ? "" : $" It says: {said}";
        int status = (int)answer.StatusCode;
        if (HttpRetries.IsTransient(answer.StatusCode))
        {
            TimeSpan? wait = HttpRetries.ReadRetryAfter(answer.Headers);
            string asks = wait is { } time ? FormattableString.Invariant($", and asks to wait {time.TotalSeconds:0} s") : "";
            return new TransientHttpException($"{address.Host} answers {status}{asks}", answer.StatusCode, wait);
        }

        return Fail(
            answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized when _options.Token is null =>
                    $"{address.Host} answers 401. There is no such repository, or it is private or gated: set HF_TOKEN to a token that may read it.{words}",
                HttpStatusCode.Unauthorized => $"{address.Host} answers 401: it does not accept the token of HF_TOKEN for this repository.{words}",
                HttpStatusCode.Forbidden =>
                    $"{address.Host} answers 403. The repository is gated: accept its terms on its page, and set HF_TOKEN.{words}",
                HttpStatusCode.NotFound => $"{address.Host} answers 404: there is no {address.AbsolutePath}.{words}",
                _ => $"{address.Host} answers {status} for {address.AbsolutePath}.{words}",
            },
            answer.StatusCode);
    }

    private Uri AddressOf(string path) => new(_options.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private ModelPullException Fail(string reason, HttpStatusCode? status = null, Exception? innerException = null) =>
        new(_repository, reason, status, innerException);
}
