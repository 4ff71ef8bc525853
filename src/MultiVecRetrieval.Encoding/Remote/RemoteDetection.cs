using System.Globalization;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Reads a model folder whose network runs elsewhere.</summary>
internal static class RemoteDetection
{
    private const int UsualPassageTokens = 200;

    /// <summary>Detects what a folder with remote.json declares; no connection is made.</summary>
    /// <exception cref="ModelFormatException">Something is missing or contradictory; the message says what.</exception>
    public static ModelPlan Detect(string folder, EncoderDescription encoder, int largestPageSide)
    {
        RemoteDescription remote = RemoteDescription.Read(folder);
        Findings findings = new(folder);
        CheckAlone(encoder, findings);
        AddFindings(remote, findings);
        int dimension = ModelDetection.ShortenDimension(encoder, remote.Dimension, findings);
        int passageTokens = encoder.Text?.PassageTokens ?? UsualPassageTokens;
        bool encodesPassages = remote.Texts && !remote.Images;
        ModelContract contract = new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Family = encoder.Family ?? "remote",
            SpaceId = DeclaredSpace.OfFolder(
                encoder, ModelDetection.HashIdentity(remote.Identity + PictureDetection.Shortening(encoder)), findings),
            QuerySpace = DeclaredSpace.OfQueries(encoder, findings),
            Dimension = dimension,
            CanShorten = encoder.MatryoshkaDimension is not null,
            IsMultiVector = remote.IsMultiVector,
            EncodesImages = remote.Images,
            EncodesText = remote.Texts,
            PassageTokens = encodesPassages ? passageTokens : 0,
            ReadsLatinOnly = encoder.Text?.LatinOnly ?? false,
            ReadsPages = encoder.ReadsPages ?? true,
            ComparesPictures = remote.Images && (encoder.ComparesPictures ?? encoder.IsSemantic ?? true),
            PageLongSideInPixels = encoder.PageLongSide ?? Math.Min(remote.MaxImageSide, largestPageSide),
            IsSemantic = encoder.IsSemantic ?? true,
            PresenceSimilarity = ModelDetection.ReadPresence(encoder, findings),
            PresenceWidth = ModelDetection.ReadPresenceWidth(encoder, findings),
            CopySimilarity = ModelDetection.ReadCopySimilarity(encoder, findings),
            Details = findings.Details,
            Warnings = findings.Warnings,
        };
        RemoteClient client = new(remote);
        int? kept = encoder.MatryoshkaDimension;
        Tokenizer? tokenizer = encodesPassages && File.Exists(Path.Combine(folder, "tokenizer.json")) ? Tokenizer.Load(folder) : null;
        return new ModelPlan(
            folder,
            contract,
            remote.Images ? _ => new RemoteImageTower(client, remote, kept) : null,
            remote.Texts ? _ => new RemoteTextTower(client, remote, kept, tokenizer) : null);
    }

    // What decides about graphs here would look as if it had an effect there.
    private static void CheckAlone(EncoderDescription encoder, Findings findings)
    {
        bool hasGraphs = Directory.Exists(Path.Combine(findings.Folder, "onnx"))
            || Directory.EnumerateFiles(findings.Folder, "*.onnx").Any();
        if (hasGraphs || encoder.Vision is not null || encoder.Task is not null || encoder.Dimension is not null)
        {
            throw findings.Refuse(hasGraphs
                ? $"it has graphs and {RemoteDescription.FileName}; it is either a model here or one elsewhere."
                : $"{EncoderDescription.FileName}: vision, task and dimension do not go with {RemoteDescription.FileName}.");
        }
    }

    private static void AddFindings(RemoteDescription remote, Findings findings)
    {
        void Add(string subject, string value) => findings.Add(subject, value, RemoteDescription.FileName);
        Add("endpoint", remote.ShownEndpoint);
        Add("shape", $"{remote.Shape}, vectors as {(remote.Base64 ? "base64" : "numbers")}");
        Add("remote model", remote.Revision.Length > 0 ? $"{remote.Model}, revision {remote.Revision}" : remote.Model);
        Add("dimension", remote.Dimension.ToString(CultureInfo.InvariantCulture) + (remote.AsksForDimension ? ", asked for" : ""));
        if (remote.Texts)
        {
            Add("prompt", $"\"{remote.QueryPrompt}\"{(remote.QueryTask is { } task ? $", task {task}" : "")}");
        }

        if (remote.Texts && !remote.Images)
        {
            Add("passage prompt", $"\"{remote.PassagePrompt}\"{(remote.PassageTask is { } task ? $", task {task}" : "")}");
        }

        if (remote.Images)
        {
            Add("pictures", string.Create(CultureInfo.InvariantCulture, $"PNG, longer side at most {remote.MaxImageSide}"));
            Add("boxes of rows", !remote.IsMultiVector ? "the whole picture"
                : remote.ImageGrid is { } grid ? string.Create(CultureInfo.InvariantCulture, $"a grid of {grid.Rows} x {grid.Columns} from row {grid.FirstRow}")
                : "none: a match says the picture, not where in it");
        }

        Add("key", remote.KeyVariable is { } variable ? $"environment variable {variable}" : "none");
        Add("requests", string.Create(
            CultureInfo.InvariantCulture,
            $"at most {remote.MaxBatch} inputs, {remote.MaxConcurrency} at a time, {remote.TimeoutSeconds} s each, {remote.Retries} repetitions"));
        Uri address = new(remote.Endpoint);
        if (address is { Scheme: "http", IsLoopback: false })
        {
            findings.Warn(remote.KeyVariable is null
                ? $"What is indexed and asked goes to {address.Host} unencrypted."
                : $"What is indexed and asked goes to {address.Host} unencrypted, and the key with it.");
        }
        else if (!address.IsLoopback)
        {
            findings.Warn($"What is indexed and asked goes to {address.Host}.");
        }
    }
}
