using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Sidecars;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Decides what to do with each file: nothing, copy what is stored, read it, or say why not.</summary>
internal sealed class FilePlanner(RunContext run, ReadContext reading, WorkPool pool)
{
    private readonly FileFormats _formats = new(new TextNames(reading.Options.TextExtensions));
    private readonly DocumentKeys _keys = new(run.Collection.Documents.Get);
    private readonly PageSchedule _pages = new(run, reading, pool);
    private readonly HashSet<string> _renamed = new(StringComparer.Ordinal);

    /// <summary>Which files belong to others.</summary>
    public SidecarPlan Sidecars { get; set; } = new();

    /// <summary>True when the document of a vanished file was given a new path in this run.</summary>
    public bool IsRenamed(SourceFile row) => row.DocumentKey is { } key && _renamed.Contains(key);

    /// <summary>Decides about one file. A failure is the file's.</summary>
    /// <param name="file">The file as the walk met it.</param>
    /// <param name="isForced">Reads the file even if it was read before.</param>
    /// <param name="rereads">Compares its content even if size and time are those of its row.</param>
    public void Plan(FoundFile file, bool isForced, bool rereads = false)
    {
        SourceFile? previous = run.Ledger.Find(file);
        SourceFile row = new()
        {
            Root = file.Root,
            Path = file.Path,
            State = SourceState.Pending,
            SizeInBytes = file.SizeInBytes,
            ModifiedAt = file.ModifiedAt,
            ChangedAt = file.ChangedAt,
            DocumentKey = previous?.DocumentKey ?? file.Path,
        };
        isForced |= previous?.Reason == SidecarPlan.ChangedReason || Sidecars.ChangedOwners.Contains(file.FullPath);
        try
        {
            string? owner = file.Exclusion is null && file.Problem is null ? Sidecars.FindReason(file) : null;
            if (owner is null && !isForced && !rereads && KeepAsItIs(file, previous))
            {
                return;
            }

            if (file.Exclusion is not null)
            {
                run.Post(row, new Refusal(SourceState.Excluded, file.Exclusion, Setting: null));
                return;
            }

            if (owner is not null)
            {
                run.Post(row, new Refusal(SourceState.Excluded, owner, Setting: null));
                return;
            }

            if (Refuse(file) is { } refusal)
            {
                run.Post(row, refusal);
                return;
            }

            Read(file, ref row, previous, isForced);
        }
        catch (Exception error) when (error is MediaException or IOException or UnauthorizedAccessException)
        {
            (string reason, string? setting) = FailureReason.Of(error);
            run.Post(row, new Refusal(SourceState.Failed, reason, setting));
        }
    }

    // True for a file whose size and times are those of its row, and whose row is settled.
    private bool KeepAsItIs(FoundFile file, SourceFile? previous)
    {
        if (!SourceTable.IsCurrent(previous, file) || file.Problem is not null || file.Exclusion is not null)
        {
            return false;
        }

        if (previous is { State: SourceState.Indexed, DocumentKey: { } key } && _keys.TryKeep(key, file))
        {
            if (previous.IsMissing || AwaitsSpeech(previous))
            {
                previous = previous with
                {
                    IsMissing = false,
                    Reason = AwaitsSpeech(previous)
                        ? WaitState.Join(SpeechPass.WithoutFailures(previous.Reason), WaitState.Speech)
                        : previous.Reason,
                };
                run.Writer.Post(previous, static () => { });
            }

            run.CountUnchanged(file, previous);
            return true;
        }

        // Excluded for its content, which is the same.
        if (previous is { State: SourceState.Excluded, ContentHash: not null })
        {
            run.Tally.AddExcluded(file.Path, isUnsupported: true);
            return true;
        }

        // A failure after the content was read would fail again; one before is cheap to check.
        if (previous is { State: SourceState.Failed, ContentHash: not null })
        {
            run.Tally.AddFailed(new FailedFile(file.FullPath, previous.Reason ?? "", previous.Setting));
            return true;
        }

        return false;
    }

    // A video that was indexed before there was a model to listen with.
    private bool AwaitsSpeech(SourceFile row) => reading.Options.SpeechModel is { } model && WaitState.Of(row.Reason) is null
        && run.FindStored(row) is { MediaType: MediaType.Video } video
        && SpeechPass.IsUnheard(row, video, run.Collection.Entries.GetText(video.Key), model);

    private static Refusal? Refuse(FoundFile file) =>
        file.Problem is not null ? new Refusal(SourceState.Failed, file.Problem, Setting: null)
        : DocumentKeys.FindMark(file.Path) is { } mark
            ? Failed($"the name contains '{mark}', which marks parts of documents in keys")
        : file.SizeInBytes == 0
            ? new Refusal(MediaNames.PromiseMedia(file.Path) ? SourceState.Failed : SourceState.Excluded, "empty file", Setting: null)
        : null;

    private static Refusal Failed(string reason) => new(SourceState.Failed, reason, Setting: null);

    private void Read(FoundFile file, ref SourceFile row, SourceFile? previous, bool isForced)
    {
        if (_formats.Decide(file, out MediaFormat format) is { } refusal)
        {
            run.Post(row, refusal);
            return;
        }

        MediaType mediaType = MediaSniffer.GetMediaType(format)!.Value;
        string contentType = MediaSniffer.GetContentType(format);
        TiffDirectories? tiff = format == MediaFormat.Tiff
            ? TiffDirectories.Read(file.FullPath, reading.Options.Limits.MaxPages + 1)
            : null;
        if (tiff is { IsRawPhoto: true })
        {
            run.Post(row, FileFormats.Unsupported("raw photo: its first picture is a preview"));
            return;
        }

        MediaFile.Check(file.FullPath, reading.Options.Limits);
        // Told before the content is hashed, so that the next run looks at the file again: by then the program may be there.
        foreach (ExternalProgram program in ExternalProgram.For(mediaType))
        {
            program.Require();
        }

        if (!IsQuiet(ref file))
        {
            run.PostPending(row, "the file is still being written; the next run reads it");
            return;
        }

        string hash = ContentHash.OfFile(file.FullPath, reading.CancellationToken);
        row = row with
        {
            ContentHash = hash,
            SizeInBytes = file.SizeInBytes,
            ModifiedAt = file.ModifiedAt,
            ChangedAt = file.ChangedAt,
        };
        if (_keys.Claim(file, hash, previous?.DocumentKey) is not { } key)
        {
            run.Post(row with { ContentHash = null },
                Failed("other documents have every key that its path could make; index it into another collection"));
            return;
        }

        row = row with { DocumentKey = key };
        Document? existing = run.Collection.Documents.Get(key);
        Document document = new()
        {
            Key = key,
            MediaType = tiff is { Pages.Count: > 1 } ? MediaType.Page : mediaType,
            ContentType = contentType,
            ContentHash = hash,
            SourcePath = file.FullPath,
            SizeInBytes = file.SizeInBytes,
            ModifiedAt = file.ModifiedAt,
            Metadata = run.Metadata,
        };
        bool isSame = existing?.ContentHash == hash && existing.SourcePath == file.FullPath && !isForced;
        int storedCount = isSame ? CountStoredPages(existing!, previous) : 0;
        if (existing?.ExpectedEntryCount is not null)
        {
            Document part = isSame ? document with { Metadata = Merge(existing.Metadata, run.Metadata) } : document;
            Schedule(file, part, row, run.Encoders, new FileContent(format, tiff),
                new StoredPart(IsOnlyVersion: true, isSame, storedCount));
            return;
        }

        // A row that says indexed vouches for every space; only after a crash or a new space is there something to look for.
        IReadOnlyList<SpaceEncoder> toEncode =
            !isSame ? run.Encoders : previous?.State == SourceState.Indexed ? [] : run.FindUnfilled(existing!);
        if (isSame && toEncode.Count == 0)
        {
            SourceFile settled = row with { State = SourceState.Indexed, Reason = previous?.Reason, Setting = previous?.Setting };
            run.Writer.Post(settled, () => run.CountUnchanged(file, settled));
        }
        else if (isSame && mediaType == MediaType.Text && existing!.MediaType == MediaType.Page)
        {
            // Its pages stay found while they wait to be drawn anew, for all spaces.
            SourceFile waiting = row with { State = SourceState.Indexed, Reason = WaitState.Pages, Setting = null };
            run.Writer.Post(waiting, () => run.CountUnchanged(file, waiting));
        }
        else if (!isSame && !isForced && FindCopy(hash) is { } copy)
        {
            Copy(file, document, row, copy);
        }
        else
        {
            Document read = isSame ? document with { Metadata = Merge(FindByModels(existing!, toEncode), run.Metadata) } : document;
            Schedule(file, read, row, toEncode, new FileContent(format, tiff),
                new StoredPart(IsOnlyVersion: existing is null, isSame, PageCount: 0));
        }
    }

    // Waits until the file has been left alone for the quiet period; false when it keeps changing.
    private bool IsQuiet(ref FoundFile file)
    {
        TimeSpan quiet = reading.Options.QuietPeriod;
        TimeProvider clock = reading.Options.Clock;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            TimeSpan age = clock.GetUtcNow() - file.ModifiedAt;
            // A time in the future says nothing about now.
            if (age >= quiet || age < -quiet)
            {
                return true;
            }

            Task.Delay(quiet - age, clock, reading.CancellationToken).GetAwaiter().GetResult();
            FileInfo now = new(file.FullPath);
            if (file.IsUnchangedOnDisk())
            {
                return true;
            }

            file = file with
            {
                SizeInBytes = now.Length,
                ModifiedAt = now.LastWriteTimeUtc,
                ChangedAt = ChangeTime.Get(file.FullPath),
            };
        }

        return false;
    }

    private Document? FindCopy(string hash) =>
        run.Collection.Documents.FindByHash(hash) is { } stored && !_renamed.Contains(stored.Key) && run.IsWhole(stored) ? stored : null;

    private void Copy(FoundFile file, Document document, SourceFile row, Document stored)
    {
        bool isRename = stored.SourcePath is { } path && !File.Exists(path);
        if (isRename)
        {
            _renamed.Add(stored.Key);
        }

        run.Meter.Expect(stored.EntryCount);
        SourceFile? old = run.FindRow(stored);
        Document copy = document with
        {
            MediaType = stored.MediaType,
            Title = stored.Title,
            Metadata = Merge(stored.Metadata, run.Metadata),
        };
        DocumentWork work = new(file, copy, row, run.Writer)
        {
            Encoders = [],
            CopyOf = stored,
            IsRename = isRename,
            RenamedFrom = isRename ? old : null,
            Wait = WaitState.Of(old?.Reason),
        };
        run.Writer.Notify(work);
    }

    // How many of the first pages an earlier run stored so that this one may go on behind them: without holes, problems that only its
    // report knew, or a space that was added since. Else everything is read anew.
    private int CountStoredPages(Document part, SourceFile? previous)
    {
        if (part.ExpectedEntryCount is not { } expected
            || previous?.Reason != DocumentWork.DescribePart(part.MediaType, part.EntryCount, expected)
            || run.FindUnfilled(part).Count > 0)
        {
            return 0;
        }

        IEnumerable<int?> pages = run.Collection.Entries.List(part.Key, limit: int.MaxValue).Select(entry => entry.Page);
        return pages.SequenceEqual(Enumerable.Range(1, part.EntryCount).Select(page => (int?)page)) ? part.EntryCount : 0;
    }

    private void Schedule(FoundFile file, Document document, SourceFile row, IReadOnlyList<SpaceEncoder> encoders,
        FileContent content, StoredPart stored)
    {
        TiffDirectories? tiff = content.Tiff;
        PdfInformation? pdf = document.MediaType == MediaType.Page && tiff is null
            ? reading.Pages.ReadInformation(file.FullPath, reading.CancellationToken)
            : null;
        document = pdf is not null
            ? document with { Title = pdf.Title, Metadata = Merge(PdfMetadata.Of(pdf), document.Metadata) }
            : document.MediaType == MediaType.Image
                ? document with { Metadata = Merge(PictureMetadata.Read(file.FullPath), document.Metadata) }
                : document;
        (document, string? problem) = AddSidecars(document);
        int pageCount = pdf?.PageCount ?? Math.Min(tiff?.Pages.Count ?? 0, reading.Options.Limits.MaxPages);
        DocumentWork work = new(file, document, row, run.Writer)
        {
            Encoders = encoders,
            IsOnlyVersion = stored.IsOnlyVersion,
            StoredEntryCount = stored.PageCount < pageCount ? stored.PageCount : 0,
            // Rows of a space that nobody fills now stay where they are of the same content.
            KeptSpaces = stored.IsSameContent
                ? [.. run.Collection.Spaces.Select(space => space.Name).Except(encoders.Select(encoder => encoder.Space.Name))]
                : [],
            FindStoredText = stored.IsSameContent ? run.Collection.Entries.GetText : null,
        };
        if (problem is not null)
        {
            work.Note(0, problem);
        }

        if (pdf is not null)
        {
            _pages.AddPages(work, file.FullPath, pdf.PageCount);
            return;
        }

        if (tiff is { Pages.Count: > 1 })
        {
            _pages.AddScans(work, tiff.Pages);
            return;
        }

        if (document.MediaType == MediaType.Text)
        {
            pool.Add(new TextRead(work, content.Format, run.Meter));
            return;
        }

        Entry entry = new() { Key = document.Key, DocumentKey = document.Key, MediaType = document.MediaType };
        work.Expect([(entry, 1)]);
        run.Meter.Expect(1);
        pool.Add(document.MediaType == MediaType.Video ? new VideoRead(work, run.Meter) : new ImageRead(work));
    }

    // What stands beside a file is about it, and says more than what the file itself says; what a request says comes first.
    private (Document Document, string? Problem) AddSidecars(Document document)
    {
        if (document.MediaType == MediaType.Text)
        {
            return (document, null);
        }

        try
        {
            IReadOnlyDictionary<string, MetadataValue> beside = reading.Sidecars.ReadMetadata(document.SourcePath!);
            return (document with { Metadata = Merge(Merge(document.Metadata, beside), run.Metadata) }, null);
        }
        catch (Exception error) when (error is MediaException or IOException or UnauthorizedAccessException)
        {
            return (document, $"the file beside it could not be read: {FailureReason.Of(error).Reason}");
        }
    }

    // What models said of the same content stays where they do not run again: tags, and who listened to it.
    private static Dictionary<string, MetadataValue> FindByModels(Document stored, IReadOnlyList<SpaceEncoder> encoders) =>
        stored.Metadata.Where(field => field.Key switch
        {
            PictureTags.MetadataName => !encoders.Any(encoder => encoder.Contract.GivesTags),
            SpeechPass.ModelField => true,
            // Of subtitles it is read again.
            VideoRead.LanguagesField => stored.Metadata.ContainsKey(SpeechPass.ModelField),
            _ => false,
        }).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, MetadataValue> Merge(
        IReadOnlyDictionary<string, MetadataValue> below, IReadOnlyDictionary<string, MetadataValue> above)
    {
        Dictionary<string, MetadataValue> merged = new(below);
        foreach ((string name, MetadataValue value) in above)
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <param name="Format">What the file is.</param>
    /// <param name="Tiff">Its pages, if it is a TIFF.</param>
    private sealed record FileContent(MediaFormat Format, TiffDirectories? Tiff);

    /// <param name="IsOnlyVersion">True when the document may be seen before it is whole, because it hides no other version.</param>
    /// <param name="IsSameContent">True when what is stored is of this very content.</param>
    /// <param name="PageCount">Pages that are stored already, from the first.</param>
    private sealed record StoredPart(bool IsOnlyVersion, bool IsSameContent, int PageCount);
}
