using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Encodes the parts of one question for every space that can compare them.</summary>
internal sealed class PartEncoder(
    Snapshot snapshot, LibraryQuery query, ModelShelf models, PictureSource pictures, AttributeSpaces attributes, LibraryOptions options,
    CancellationToken cancellationToken)
{
    // An example page has hundreds of rows; this many, evenly taken, rank its neighbours nearly the same in less than half the time.
    // On 541 pages of seven manuals, 40 examples of 385 to 1,072 rows: the first hit is the same in 0.85, of the first ten 0.89 are.
    private const int MaxExampleRows = 256;

    private readonly List<string> _withoutText = [];

    /// <summary>What could not be done, for people.</summary>
    public List<string> Notices { get; } = [];

    public IReadOnlyList<EncodedPart> Encode(IReadOnlyList<QueryPart> parts)
    {
        List<EncodedPart> encoded = [];
        foreach (QueryPart part in parts)
        {
            EncodedPart made = new(part, EncodedPart.LabelOf(part));
            encoded.Add(made);
            if (part.Text is not null)
            {
                AddText(made);
            }
            else if (part.HasPicture)
            {
                AddPicture(made);
            }
            else if (part.Entry is not null)
            {
                AddEntry(made);
            }
            else
            {
                AddRows(made);
            }

            if (part.Attribute is { } attribute)
            {
                KeepAttribute(made, attribute);
            }
        }

        // A space of pictures beside one of words is as it should be; alone it leaves the question without an answer.
        Notices.AddRange(encoded.All(part => part.Rows.Count == 0) ? _withoutText.Distinct() : []);
        return encoded;
    }

    // What else is known of the part says more than the attribute asks.
    private void KeepAttribute(EncodedPart part, string name)
    {
        AttributeDefinition attribute = snapshot.Attributes.FirstOrDefault(state => state.Attribute.Name == name)?.Attribute
            ?? throw new InvalidQueryException($"'{name}' is no attribute of this collection; "
                + (snapshot.Attributes.Count == 0 ? "it has none." : $"there are {string.Join(", ", snapshot.Attributes.Select(state => state.Attribute.Name))}."),
                "attribute");
        EncodedAttribute encoded = attributes.Encode(snapshot.Spaces, attribute, cancellationToken);
        PartRows? rows = part.Rows.GetValueOrDefault(encoded.Space.Name);
        part.Rows.Clear();
        (part.Text, part.Fingerprint, part.ContentHash) = (null, null, null);
        (MultiVector Rows, int[] Kept)? projected = rows is null ? null : encoded.Project(rows.Rows);
        if (projected is { Kept.Length: > 0 } left)
        {
            Add(part, encoded.Space, left.Rows, [.. left.Kept.Select(row => rows!.Labels[row])]);
        }
        else
        {
            Notices.Add($"Nothing of {part.Label} says anything about '{name}' in space '{encoded.Space.Name}'.");
        }
    }

    /// <summary>The row of a text in a space whose model gives one; null where it gives several, or none.</summary>
    public float[]? EncodeLine(Space space, string text) =>
        FindModels(isOptional: true).FirstOrDefault(side => side.Space.Name == space.Name) is { Contract.EncodesText: true } side
            && side.Lead(Encode(side, text).Rows) is { RowCount: 1 } rows
            ? rows.Row(0).ToArray()
            : null;

    private void AddText(EncodedPart part)
    {
        string text = part.Part.Text!;
        part.Text = query.Using == SearchSide.Vectors ? null : text;
        if (query.Using == SearchSide.Text)
        {
            return;
        }

        CheckTask();
        string plain = query.Using == SearchSide.Vectors ? text : SearchText.WithoutOperators(text);
        List<(QueryEncoder Side, Task<EncodedText> Encoding)> sides = [];
        foreach (QueryEncoder side in FindModels(isOptional: query.Using == SearchSide.Fused))
        {
            if (!side.Contract.EncodesText)
            {
                _withoutText.Add($"The model {side.Contract.Name} takes no text; space '{side.Space.Name}' was not searched.");
                continue;
            }

            // A model of meaning gives rows for dots and dashes, and for writing that it never saw, too; they mean nothing.
            if ((!side.Contract.IsSemantic || plain.Any(char.IsLetterOrDigit)) && side.Contract.CanRead(plain))
            {
                // Each loads its network when it is first asked, which takes longer than a search.
                sides.Add((side, Task.Run(() => Encode(side, plain), cancellationToken)));
            }
        }

        foreach ((QueryEncoder side, Task<EncodedText> encoding) in sides)
        {
            try
            {
                // A task that no other thread has begun runs on this one.
                AddText(part, side, encoding.GetAwaiter().GetResult(), plain);
            }
            catch (RemoteEncoderException error) when (query.Using == SearchSide.Fused)
            {
                Notices.Add($"Space '{side.Space.Name}' was not asked: {error.Message}");
            }
        }
    }

    private EncodedText Encode(QueryEncoder side, string text) =>
        models.Load(side.Folder).EncodeTextForTask(text, HasTask(side.Contract) ? query.Task : null, cancellationToken);

    private bool HasTask(ModelContract contract) =>
        query.Task is { } task && contract.Tasks.Contains(task, StringComparer.OrdinalIgnoreCase);

    private void CheckTask()
    {
        if (query.Task is null)
        {
            return;
        }

        ModelContract[] contracts = [.. FindModels(isOptional: true).Select(side => side.Contract)];
        if (!contracts.Any(HasTask))
        {
            string[] tasks = [.. contracts.SelectMany(contract => contract.Tasks).Distinct(StringComparer.OrdinalIgnoreCase)];
            throw new InvalidQueryException(
                $"No model of the collection has words for the task '{query.Task}'; "
                    + (tasks.Length == 0 ? "there are none by task." : $"there are {string.Join(", ", tasks)}."), "task");
        }
    }

    private void AddText(EncodedPart part, QueryEncoder side, EncodedText encoded, string plain)
    {
        Notices.AddRange(encoded.Notices);
        if (!side.Contract.IsSemantic)
        {
            encoded = WithoutCommonWords(encoded, SearchText.FindCommonWords(plain));
        }

        Add(part, side.Space, side.Lead(encoded.Rows),
            side.Contract.EncodesPassages ? [.. encoded.Labels.Select(_ => "meaning")] : encoded.Labels, side.Contract);
    }

    // Every page has "the" somewhere.
    private static EncodedText WithoutCommonWords(EncodedText encoded, IReadOnlySet<string> common)
    {
        int[] kept = [.. Enumerable.Range(0, encoded.Rows.RowCount).Where(row => !common.Contains(SearchText.Fold(encoded.Labels[row])))];
        return kept.Length == encoded.Rows.RowCount
            ? encoded
            : encoded with { Rows = Take(encoded.Rows, kept), Labels = [.. kept.Select(row => encoded.Labels[row])] };
    }

    private void AddPicture(EncodedPart part)
    {
        ImageDecoder decoder = new(options.Limits);
        RgbImage image;
        string hash;
        if (part.Part.ImagePath is { } path)
        {
            MediaFile.Check(path, options.Limits);
            CheckIsImage(MediaSniffer.DetectFile(path));
            (image, hash) = (decoder.DecodeFile(path), ContentHash.OfFile(path, cancellationToken));
        }
        else
        {
            ReadOnlyMemory<byte> bytes = part.Part.ImageBytes!.Value;
            CheckIsImage(MediaSniffer.Detect(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]));
            (image, hash) = (decoder.Decode(bytes), ContentHash.Of(bytes.Span));
        }

        bool isUnderstood;
        if (part.Part.Region is { } region)
        {
            image = image.Crop(region);
            isUnderstood = EncodePicture(part, image, []);
        }
        else
        {
            (part.ContentHash, isUnderstood) = (hash, EncodePicture(part, image, []));
        }

        // A plain region has the fingerprint of everything plain.
        part.Fingerprint = part.Part.Region is null || !isUnderstood ? PictureFingerprint.Of(image, Place.Whole) : null;
        if (!isUnderstood)
        {
            Notices.Add("This collection has no model that understands pictures, so the picture was compared by content and likeness only "
                + "(exact and near duplicates). Index with a CLIP, SigLIP or ColPali model to search by what it shows.");
        }
    }

    // False when no model understands pictures.
    private bool EncodePicture(EncodedPart part, RgbImage image, HashSet<string> known)
    {
        bool isUnderstood = false;
        foreach (QueryEncoder side in FindModels(isOptional: true, ofPictures: true))
        {
            // The rows of a model that only reads words say nothing about what a picture shows.
            if (side.Contract.ComparesPictures && !known.Contains(side.Space.Name))
            {
                EncoderModel encoder = models.Load(side.Folder);
                MultiVector rows = side.Lead(encoder.Encode([encoder.Prepare(image, ImageRole.Picture)], cancellationToken)[0]);
                Add(part, side.Space, rows, [.. Enumerable.Repeat("picture", rows.RowCount)]);
                isUnderstood = true;
            }
        }

        return isUnderstood;
    }

    private static void CheckIsImage(MediaFormat format)
    {
        if (MediaSniffer.GetMediaType(format) != MediaType.Image)
        {
            throw new MediaException($"The picture to search by is no image that can be read ({MediaSniffer.GetContentType(format)}).");
        }
    }

    private void AddEntry(EncodedPart part)
    {
        string key = part.Part.Entry!;
        Entry entry = snapshot.Entries.Find(key) ?? throw new EntryNotFoundException(query.Collection, key);
        CheckSpan(entry, part.Part.Region);
        HashSet<string> whole = [];
        foreach (Space space in snapshot.Spaces.Where(IsAsked).Where(IsCompared))
        {
            if (snapshot.Entries.GetVectors(entry.Key, space.Name) is not { RowCount: > 0 } stored)
            {
                continue;
            }

            int[] rows = part.Part.Region is { } region ? FindRows(stored, region) : [.. Enumerable.Range(0, stored.RowCount)];
            if (rows.Length > 0)
            {
                int[] taken = [.. Enumerable.Range(0, Math.Min(rows.Length, MaxExampleRows))
                    .Select(i => rows[(int)((long)i * rows.Length / Math.Min(rows.Length, MaxExampleRows))])];
                Add(part, space, Take(stored, taken), [.. taken.Select(_ => "")]);
                whole.Add(space.Name);
            }
        }

        if (part.Part.Region is { } box)
        {
            EncodeRegion(part, entry, box, whole);
        }
        else
        {
            IReadOnlyList<Fingerprint> fingerprints = snapshot.Entries.GetFingerprints(entry.Key);
            part.Fingerprint = fingerprints.Count > 0 ? fingerprints[0] : null;
        }

        if (part.Rows.Count == 0 && part.Fingerprint is null)
        {
            Notices.Add($"Nothing is stored for '{key}' that other entries could be compared with.");
        }
    }

    // Rows of parts of the entry whose middle lies in the region; none of an entry that has a single row for all of it.
    // A region within one of them is that row.
    private static int[] FindRows(MultiVector stored, Place region)
    {
        if (stored.RowCount == 1)
        {
            return [];
        }

        // The row of a whole video has its middle in one of its moments and is of none.
        Place? whole = region.HasSpan ? FrameRows.FindWhole(stored) : null;
        int[] rows = [.. Enumerable.Range(0, stored.RowCount).Where(row => whole is not { } all
            || !stored.PlacesOf(row).ToArray().All(place => FrameRows.IsSpan(place, all)))];
        int[] within = [.. rows.Where(row => stored.PlacesOf(row).ToArray().Any(place => Contains(region, place)))];
        return within.Length > 0
            ? within
            : [.. rows
                .Where(row => stored.PlacesOf(row).ToArray().Any(place => Contains(place, region)))];
    }

    private static void CheckSpan(Entry entry, Place? region)
    {
        if (region is not { HasSpan: true } span)
        {
            return;
        }

        if (entry.MediaType != MediaType.Video)
        {
            throw new InvalidQueryException($"'{entry.Key}' is no video; a time span is of videos only.", "span");
        }

        if (entry.DurationSeconds is { } duration && span.StartSeconds >= duration)
        {
            throw new InvalidQueryException(
                $"The span begins at {span.StartSeconds} s; '{entry.Key}' lasts {Math.Round(duration, 3)} s.", "span");
        }
    }

    private static bool Contains(Place region, Place place)
    {
        (float x, float y) = ((place.Left + place.Right) / 2, (place.Top + place.Bottom) / 2);
        float time = (place.StartSeconds + place.EndSeconds) / 2;
        return x >= region.Left && x <= region.Right && y >= region.Top && y <= region.Bottom
            && (!region.HasSpan || (time >= region.StartSeconds && time <= region.EndSeconds));
    }

    // Spaces that keep one row of an entry see the region as a picture of its own, while its file is there.
    private void EncodeRegion(EncodedPart part, Entry entry, Place region, HashSet<string> known)
    {
        bool isPart = region.Right - region.Left < 1 || region.Bottom - region.Top < 1 || region.HasSpan;
        if (!isPart || entry.MediaType is MediaType.Text or MediaType.Record
            || FindModels(isOptional: true, ofPictures: true)
                .All(side => !side.Contract.ComparesPictures || known.Contains(side.Space.Name)))
        {
            return;
        }

        try
        {
            Document document = snapshot.Documents.Find(entry.DocumentKey)!;
            RgbImage image = pictures.Read(query.Collection, document, entry, region, cancellationToken).Crop(region);
            EncodePicture(part, image, known);
        }
        catch (SourceMissingException missing)
        {
            Notices.Add($"The region of '{entry.Key}' was compared only where its rows are stored: {missing.Message}");
        }
    }

    private void AddRows(EncodedPart part)
    {
        MultiVector rows = part.Part.Rows!;
        Space space = snapshot.Spaces.FirstOrDefault(known => known.Name == part.Part.Space)
            ?? throw new UnknownSpaceException(part.Part.Space ?? "", [.. snapshot.Spaces.Select(known => known.Name)]);
        if (space.Dimension != rows.Dimension)
        {
            throw new DimensionMismatchException(space.Name, space.Dimension, rows.Dimension);
        }

        // What encoders write has length 1, and scores of anything else would mean nothing beside others.
        float[] units = [.. Enumerable.Range(0, rows.RowCount).SelectMany(row => VectorComposition.Sum([rows.Row(row).ToArray()], [1]))];
        Add(part, space, new MultiVector(rows.Dimension, units), [.. Enumerable.Repeat("rows", rows.RowCount)]);
    }

    private static void Add(EncodedPart part, Space space, MultiVector rows, IReadOnlyList<string> labels, ModelContract? words = null)
    {
        if (rows.RowCount > 0)
        {
            part.Rows[space.Name] = new PartRows(space, rows, labels, words);
        }
    }

    private static MultiVector Take(MultiVector rows, int[] kept) =>
        new(rows.Dimension, [.. kept.SelectMany(row => rows.Row(row).ToArray())]);

    // Rows that only words are compared with say less of a picture than those of a space of pictures; added to the words there they made
    // changed pictures harder to find (eval composed, R@5 .79 in place of .86).
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

    private static bool IsAsked(Space space) => space.State == SpaceState.Live;

    // A space whose model is gone cannot be asked. With another side to answer that is a notice, else an error.
    private IEnumerable<QueryEncoder> FindModels(bool isOptional, bool ofPictures = false)
    {
        if (query.Bridge is { } bridge)
        {
            yield return QueryEncoder.Create(snapshot.Spaces, bridge, models);
            yield break;
        }

        // Nobody knows what made the vectors of a client.
        foreach (Space space in snapshot.Spaces.Where(IsAsked).Where(space => !isOptional || !VectorSpec.IsOfClient(space)))
        {
            string folder;
            try
            {
                folder = models.FindForQueries(space, ofPictures);
            }
            catch (ModelNotFoundException missing) when (isOptional)
            {
                Notices.Add(missing.Notice);
                continue;
            }

            yield return new QueryEncoder(space, models.GetContract(folder), folder, Bridge: null);
        }
    }
}
