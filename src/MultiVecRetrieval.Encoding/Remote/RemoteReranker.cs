using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Reranking;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Asks a reranker elsewhere, in the form that Jina, Cohere and vLLM share.</summary>
internal sealed class RemoteReranker(RemoteClient client, RemoteDescription description) : Reranker
{
    /// <exception cref="ModelFormatException">The file is no valid description.</exception>
    public static RerankerPlan Detect(string folder)
    {
        RemoteDescription remote = RemoteDescription.Read(folder);
        Findings findings = new(folder);
        findings.Add("endpoint", remote.ShownEndpoint, RemoteDescription.FileName);
        findings.Add("remote model", remote.Model, RemoteDescription.FileName);
        findings.Add(
            "key", remote.KeyVariable is { } variable ? $"environment variable {variable}" : "none", RemoteDescription.FileName);
        findings.Add(
            "requests", string.Create(CultureInfo.InvariantCulture, $"at most {remote.MaxBatch} documents, {remote.TimeoutSeconds} s each"),
            RemoteDescription.FileName);
        Uri address = new(remote.Endpoint);
        if (!address.IsLoopback)
        {
            findings.Warn($"Queries and what they find go to {address.Host}{(address.Scheme == "http" ? " unencrypted" : "")}.");
        }

        RerankerContract contract = new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Family = "remote",
            IsRemote = true,
            Details = findings.Details,
            Warnings = findings.Warnings,
        };
        RemoteClient client = new(remote);
        return new RerankerPlan(folder, contract, _ => new RemoteReranker(client, remote));
    }

    public override IReadOnlyList<PairRelevance> Score(
        string query, IReadOnlyList<string> documents, int threads, CancellationToken cancellationToken)
    {
        PairRelevance[][] batches = Task.Run(
            () => Task.WhenAll(documents.Chunk(description.MaxBatch).Select(batch => ScoreAsync(query, batch, cancellationToken))),
            cancellationToken).GetAwaiter().GetResult();
        return [.. batches.SelectMany(batch => batch)];
    }

    private async Task<PairRelevance[]> ScoreAsync(string query, string[] documents, CancellationToken cancellationToken)
    {
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["model"] = description.Model,
            ["query"] = query,
            ["documents"] = documents,
        });
        byte[] answer = await client.PostAsync(request, cancellationToken).ConfigureAwait(false);
        return Read(answer, documents.Length);
    }

    // Results come best first, each with the index of its document; Voyage calls the list data.
    private PairRelevance[] Read(byte[] answer, int count)
    {
        PairRelevance?[] scores = new PairRelevance?[count];
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement root = document.RootElement;
            JsonElement results = root.TryGetProperty("results", out JsonElement list) ? list : root.GetProperty("data");
            foreach (JsonElement result in results.EnumerateArray())
            {
                int index = result.GetProperty("index").GetInt32();
                double score = result.GetProperty("relevance_score").GetDouble();
                if (index < 0 || index >= count || scores[index] is not null || !double.IsFinite(score))
                {
                    throw Refuse($"result {index} of {count} documents is there twice, out of range or no number.");
                }

                scores[index] = new PairRelevance((float)score, Math.Clamp(score, 0, 1), TokenCount: 0, OmittedTokenCount: 0);
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RemoteRerankerException(
                description.ShownEndpoint, "its answer is not {\"results\": [{\"index\", \"relevance_score\"}]}.", innerException: error);
        }

        int missing = scores.Count(score => score is null);
        return missing == 0 ? [.. scores.OfType<PairRelevance>()] : throw Refuse($"it scored {count - missing} of {count} documents.");
    }

    private RemoteRerankerException Refuse(string reason) => new(description.ShownEndpoint, reason);
}
