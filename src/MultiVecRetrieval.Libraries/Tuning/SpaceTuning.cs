using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Tuning;

/// <summary>Finds queries for a space and tunes it.</summary>
internal sealed class SpaceTuning(ModelShelf models)
{
    private const int QueryCount = 200;
    private const int MinQueryCount = 20;

    public TuneReport Run(
        Collection collection, TuneRequest request, IReadOnlyList<string> texts, bool apply, IProgress<string>? progress,
            CancellationToken cancellationToken)
    {
        if (request.Queries.Count > 0)
        {
            return Apply(collection, collection.Tiers.Tune(request, progress, cancellationToken), request.Queries, apply);
        }

        Space space = collection.Spaces.FirstOrDefault(known => known.Name == request.Space)
            ?? throw new UnknownSpaceException(request.Space, [.. collection.Spaces.Select(known => known.Name)]);
        foreach (string tier in request.Tiers)
        {
            TierKind.Check(tier, space.Dimension);
        }

        progress?.Report("finding queries");
        (string from, texts) = Choose(collection, texts);
        bool areMade = texts.Count == 0;
        List<MultiVector> queries = FindTextEncoder(space, isRequired: !areMade) is { } encoder
            ? Encode(encoder, areMade
                ? TextQueries.Make(collection, QueryCount, request.Seed, cancellationToken)
                : texts, cancellationToken)
            : [];
        if (areMade && queries.Count < MinQueryCount)
        {
            queries = [];
        }

        TuneReport report = collection.Tiers.Tune(request with { Queries = queries }, progress, cancellationToken);
        return Apply(collection, queries.Count > 0 ? report with { QueriesFrom = from } : report, queries, apply);
    }

    // The queries go with the tier: it is trained to their modality and measured with them.
    private static TuneReport Apply(Collection collection, TuneReport report, IReadOnlyList<MultiVector> queries, bool apply)
    {
        if (apply && report.Recommended is { } tier)
        {
            if (queries.Count > 0)
            {
                collection.Tiers.SetQueries(report.Space, queries);
            }

            collection.Tiers.Set(report.Space, [tier]);
        }

        return report;
    }

    private static (string From, IReadOnlyList<string> Texts) Choose(Collection collection, IReadOnlyList<string> given)
    {
        if (given.Count > 0)
        {
            return ("the given queries", given);
        }

        IReadOnlyList<string> logged = new QueryLog(collection.Folder).Read();
        return logged.Count >= MinQueryCount ? ("the logged queries", logged) : ("words of stored entries", []);
    }

    private EncoderModel? FindTextEncoder(Space space, bool isRequired)
    {
        try
        {
            string folder = models.FindForQueries(space);
            if (models.GetContract(folder).EncodesText)
            {
                return models.Load(folder);
            }

            return isRequired
                ? throw new ArgumentException($"The model of space '{space.Name}' takes no text; text queries cannot tune it.")
                : null;
        }
        catch (ModelNotFoundException) when (!isRequired)
        {
            return null;
        }
    }

    private static List<MultiVector> Encode(EncoderModel encoder, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        List<MultiVector> queries = [];
        foreach (string text in texts)
        {
            MultiVector rows = encoder.EncodeText(text, cancellationToken).Rows;
            if (rows.RowCount > 0)
            {
                queries.Add(rows);
            }
        }

        return queries;
    }
}
