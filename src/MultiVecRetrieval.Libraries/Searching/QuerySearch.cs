using System.Diagnostics;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Turns a question into rows for every space that can answer it, and searches.</summary>
internal sealed class QuerySearch(ModelShelf models, LibraryOptions options)
{
    /// <summary>Searches one generation: the example, its neighbours and what is shown of them are all of it.</summary>
    public SearchResult Search(Snapshot snapshot, LibraryQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        long start = Stopwatch.GetTimestamp();
        QueryRows rows = new();
        List<string> notices = [];
        SearchRequest request = new(query);
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            request = request with { Text = query.Using == SearchSide.Vectors ? null : query.Text };
            AddText(snapshot, query, rows, notices, cancellationToken);
        }

        if (query.ImagePath is not null || query.ImageBytes is not null)
        {
            request = AddPicture(snapshot, query, request, rows, notices, cancellationToken);
        }

        if (query.LikeEntry is { } example)
        {
            request = AddExample(snapshot, query, example, request, rows, notices);
        }

        request = request with { Vectors = rows.ToQueries() };
        double encodeMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        bool asks = request.Vectors.Count > 0 || request.Text is not null || request.Fingerprint is not null
            || request.ContentHash is not null;
        SearchResult found = asks
            ? snapshot.Search(request, cancellationToken)
            : new SearchResult { Hits = [], IsExact = true, CandidateCount = 0 };
        return Finish(snapshot, query, request, found, notices, encodeMs);
    }

    /// <exception cref="ArgumentException">The query asks nothing, or asks a side that cannot answer it.</exception>
    private static void Check(LibraryQuery query)
    {
        bool hasPicture = query.ImagePath is not null || query.ImageBytes is not null;
        if (string.IsNullOrWhiteSpace(query.Text) && !hasPicture && query.LikeEntry is null)
        {
            throw new ArgumentException("The query has no text, no picture and no example.", nameof(query));
        }

        if (hasPicture && query.LikeEntry is not null)
        {
            throw new ArgumentException("The query has a picture and an example; give one of them, with or without a text.", nameof(query));
        }

        if (query.Using == SearchSide.Text && string.IsNullOrWhiteSpace(query.Text))
        {
            throw new ArgumentException("Full text answers only queries with a text; this one has a picture or an example.", nameof(query));
        }

        if (query is { Using: SearchSide.Text, Effort: SearchEffort.TiersEffort named })
        {
            throw new TierChoiceException("tier", $"Full text has no tiers; '{named}' was named.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(query.Top, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset, nameof(query));
    }

    private void AddText(
        Snapshot snapshot, LibraryQuery query, QueryRows rows, List<string> notices, CancellationToken cancellationToken)
    {
        if (query.Using == SearchSide.Text)
        {
            return;
        }

        string plain = query.Using == SearchSide.Vectors ? query.Text! : SearchText.WithoutOperators(query.Text!);
        List<string> withoutText = [];
        foreach (QueryEncoder side in FindModels(snapshot, query, notices, isOptional: query.Using == SearchSide.Fused))
        {
            if (!side.Contract.EncodesText)
            {
                withoutText.Add($"The model {side.Contract.Name} takes no text; space '{side.Space.Name}' was not searched.");
                continue;
            }

            // A sentence encoder gives rows for dots and dashes, and for writing that it never saw, too; they mean nothing.
            if ((side.Contract.EncodesPassages && !plain.Any(char.IsLetterOrDigit)) || !side.Contract.CanRead(plain))
            {
                continue;
            }

            EncodedText encoded = models.Load(side.Folder).EncodeText(plain, cancellationToken);
            notices.AddRange(encoded.Notices);
            if (!side.Contract.IsSemantic)
            {
                encoded = WithoutCommonWords(encoded, SearchText.FindCommonWords(plain));
            }

            rows.Add(
                side.Space, side.Lead(encoded.Rows), row => side.Contract.EncodesPassages ? "meaning" : encoded.Labels[row], side.Contract);
        }

        // A space of pictures beside one of words is as it should be; alone it leaves the question without an answer.
        notices.AddRange(rows.IsEmpty ? withoutText : []);
    }

    // Every page has "the" somewhere.
    private static EncodedText WithoutCommonWords(EncodedText encoded, IReadOnlySet<string> common)
    {
        int[] kept = [.. Enumerable.Range(0, encoded.Rows.RowCount).Where(row => !common.Contains(SearchText.Fold(encoded.Labels[row])))];
        return kept.Length == encoded.Rows.RowCount
            ? encoded
            : encoded with
            {
                Rows = new MultiVector(encoded.Rows.Dimension, [.. kept.SelectMany(row => encoded.Rows.Row(row).ToArray())]),
                Labels = [.. kept.Select(row => encoded.Labels[row])],
            };
    }

    private SearchRequest AddPicture(
        Snapshot snapshot, LibraryQuery query, SearchRequest request, QueryRows rows, List<string> notices,
        CancellationToken cancellationToken)
    {
        ImageDecoder decoder = new(options.Limits);
        RgbImage image;
        string hash;
        if (query.ImagePath is { } path)
        {
            MediaFile.Check(path, options.Limits);
            CheckIsImage(MediaSniffer.DetectFile(path));
            (image, hash) = (decoder.DecodeFile(path), ContentHash.OfFile(path, cancellationToken));
        }
        else
        {
            ReadOnlyMemory<byte> bytes = query.ImageBytes!.Value;
            CheckIsImage(MediaSniffer.Detect(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]));
            (image, hash) = (decoder.Decode(bytes), ContentHash.Of(bytes.Span));
        }

        bool isUnderstood = false;
        foreach (QueryEncoder side in FindModels(snapshot, query, notices, isOptional: true))
        {
            // The rows of a model that only reads words say nothing about what a picture shows.
            if (side.Contract.ComparesPictures)
            {
                EncoderModel encoder = models.Load(side.Folder);
                rows.Add(side.Space, side.Lead(encoder.Encode([encoder.Prepare(image, ImageRole.Picture)], cancellationToken)[0]),
                    static _ => "picture");
                isUnderstood = true;
            }
        }

        if (!isUnderstood)
        {
            notices.Add("This collection has no model that understands pictures, so the picture was compared by content and likeness only "
                + "(exact and near duplicates). Index with a CLIP, SigLIP or ColPali model to search by what it shows.");
        }

        return request with { ContentHash = hash, Fingerprint = PictureFingerprint.Of(image, Place.Whole) };
    }

    private static void CheckIsImage(MediaFormat format)
    {
        if (MediaSniffer.GetMediaType(format) != MediaType.Image)
        {
            throw new MediaException($"The picture to search by is no image that can be read ({MediaSniffer.GetContentType(format)}).");
        }
    }

    private SearchRequest AddExample(
        Snapshot snapshot, LibraryQuery query, string example, SearchRequest request, QueryRows rows, List<string> notices)
    {
        Entry entry = snapshot.Entries.Find(example) ?? throw new EntryNotFoundException(query.Collection, example);
        foreach (Space space in snapshot.Spaces.Where(IsCompared))
        {
            if (snapshot.Entries.GetVectors(entry.Key, space.Name) is { RowCount: > 0 } stored)
            {
                rows.AddExample(space, stored);
            }
        }

        IReadOnlyList<Fingerprint> fingerprints = snapshot.Entries.GetFingerprints(entry.Key);
        if (rows.IsEmpty && fingerprints.Count == 0)
        {
            notices.Add($"Nothing is stored for '{example}' that other entries could be compared with.");
        }

        return request with
        {
            ExcludeEntry = entry.Key,
            Fingerprint = request.Fingerprint ?? (fingerprints.Count > 0 ? fingerprints[0] : null),
        };
    }

    // Rows that only words are compared with say less of a picture than those of a space of pictures.
    private bool IsCompared(Space space)
    {
        try
        {
            return models.GetContract(models.FindForSpace(space)) is not { IsSemantic: true, EncodesImages: true, ComparesPictures: false };
        }
        catch (Exception missing) when (missing is ModelNotFoundException or ModelFormatException)
        {
            return true;
        }
    }

    // A space whose model is gone cannot be asked. With another side to answer that is a notice, else an error.
    private IEnumerable<QueryEncoder> FindModels(Snapshot snapshot, LibraryQuery query, List<string> notices, bool isOptional)
    {
        if (query.Bridge is { } bridge)
        {
            yield return QueryEncoder.Create(snapshot.Spaces, bridge, models);
            yield break;
        }

        foreach (Space space in snapshot.Spaces)
        {
            string folder;
            try
            {
                folder = models.FindForQueries(space);
            }
            catch (ModelNotFoundException missing) when (isOptional)
            {
                notices.Add(missing.Notice);
                continue;
            }

            yield return new QueryEncoder(space, models.GetContract(folder), folder, Bridge: null);
        }
    }

    // MaxSim ranks every entry, also when none has a word of the query: that is said, or the list looks like an answer. Matches of
    // a model that has no threshold are all likely, so this is said only where models know.
    private static SearchHit Show(SearchHit hit, ShownMatches shown)
    {
        SearchHit chosen = shown.Choose(hit);
        bool isLikely = chosen.IsLikely
            && (chosen.Sources.Count > 1 || chosen.Matches.Count == 0 || chosen.Matches.Any(match => match.IsLikely));
        return chosen with
        {
            IsLikely = isLikely,
            Others = [.. chosen.Others.Select(other => Show(other, shown)).Where(other => other.IsLikely || !isLikely)],
        };
    }

    private SearchResult Finish(
        Snapshot snapshot, LibraryQuery query, SearchRequest request, SearchResult found, List<string> notices, double encodeMs)
    {
        Dictionary<string, double> timings = new(found.TimingsMs) { ["encode"] = encodeMs };
        ShownMatches shown = new(snapshot, models, request.Vectors);
        SearchHit[] hits = [.. found.Hits.Select(hit => Show(hit, shown))];
        if (query.Filter is not null && found.TimingsMs.Count > 0 && found.CandidateCount == 0)
        {
            notices.Add("No entry passes the filter.");
        }

        if (query is { Text: not null, Explain: true } && hits.Length > 0 && !hits.Any(hit => hit.IsLikely))
        {
            notices.Add("Nothing here matches the query; these are the nearest.");
        }

        return found with
        {
            Hits = hits,
            TimingsMs = timings,
            Notices = [.. notices.Concat(found.Notices).Distinct(StringComparer.Ordinal)],
        };
    }
}
