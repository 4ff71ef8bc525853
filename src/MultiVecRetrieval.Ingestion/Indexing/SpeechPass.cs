using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The pass that writes down what is said in videos without subtitles, when the user has named a model; they are found by what they show
/// already. A step is a video; what a stop leaves waits in the ledger.
/// </summary>
internal sealed class SpeechPass(RunContext run, ReadContext reading)
{
    /// <summary>The metadata field that names the model which listened to a video, also where nobody speaks.</summary>
    public const string ModelField = "transcribedBy";

    private const string Problem = "what is said in it could not be written down by ";

    private readonly StoredContent _stored = new(run.Collection);

    /// <summary>True for a stored video that nobody has listened to and that has no subtitles; one at which this model failed waits for a
    /// retry, or for another model.</summary>
    public static bool IsUnheard(SourceFile row, Document document, TextLayer? text, string model) =>
        document.MediaType == MediaType.Video && !document.Metadata.ContainsKey(ModelField)
        && row.Reason?.Contains($"{Problem}{SpeechReader.NameOf(model)}: ", StringComparison.Ordinal) != true && !HasSpeech(text);

    /// <summary>Problems of a row without those of models that listened before.</summary>
    public static string? WithoutFailures(string? problems) => problems is null
        ? null
        : string.Join("; ", problems.Split("; ").Where(problem => !problem.StartsWith(Problem, StringComparison.Ordinal)))
            is { Length: > 0 } rest ? rest : null;

    /// <summary>True for a text of which words have times.</summary>
    public static bool HasSpeech(TextLayer? text) => text?.Words.Any(word => word.Place.HasSpan) == true;

    /// <summary>Listens to what waits, until nothing does, the model cannot be used, or the run is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run()
    {
        if (reading.Options.SpeechModel is not { } model)
        {
            return;
        }

        List<SourceFile> rows = [.. run.Collection.Sources.List(SourceState.Indexed)
            .Where(row => !row.IsMissing && WaitState.Of(row.Reason) == WaitState.Speech)];
        SpeechReader speech = new(reading.Options.Limits, model, reading.Options.ToolFolder);
        run.Meter.ExpectSpeech(rows.Count);
        try
        {
            foreach (SourceFile row in rows)
            {
                Listen(row, speech);
                run.Meter.SpeechDone();
            }
        }
        catch (SpeechModelException error)
        {
            // The same for every video; they wait for a model that can be used.
            run.Tally.AddNotice($"What is said in {rows.Count} {(rows.Count == 1 ? "video" : "videos")} was not written down. {error.Reason}");
        }
    }

    private void Listen(SourceFile row, SpeechReader speech)
    {
        string path = IndexScope.FullPath(row);
        if (run.FindStored(row) is not { } document || !SourceTable.IsCurrent(row, new FileInfo(path))
            || run.Collection.Entries.List(document.Key) is not [{ } entry])
        {
            return;
        }

        string? problems = WaitState.ProblemsOf(row.Reason);
        double seconds = entry.DurationSeconds ?? 0;
        try
        {
            run.Meter.Reading(document.Key, 0, seconds, FileProgressUnit.Speech);
            Subtitles? said = speech.Read(
                path, seconds, run.WorkerCount, done => run.Meter.Reading(document.Key, done, seconds, FileProgressUnit.Speech),
                run.CancellationToken);
            Store(document, entry, row with { Reason = problems }, said, speech.ModelName);
        }
        catch (Exception error) when (error is not SpeechModelException && IsOfTheVideo(error))
        {
            (string reason, string? setting) = FailureReason.Of(error);
            string problem = $"{Problem}{speech.ModelName}: {reason}";
            run.Collection.Sources.Save([row with { Reason = WaitState.Join(problems, problem), Setting = setting ?? row.Setting }]);
            run.Tally.AddPartial(new FailedFile(path, problem, setting));
        }
        finally
        {
            run.Meter.ReadingEnded(document.Key);
        }
    }

    private static bool IsOfTheVideo(Exception error) => error is MediaException or IOException or UnauthorizedAccessException
        || (error is RemoteEncoderException && !FailureReason.IsOfModel(error));

    // Text, model and row of the ledger come together, or none of them.
    private void Store(Document document, Entry entry, SourceFile row, Subtitles? said, string model)
    {
        Dictionary<string, MetadataValue> metadata = new(document.Metadata) { [ModelField] = model };
        if (said?.Language is { Length: > 0 } language)
        {
            metadata[VideoRead.LanguagesField] = MetadataValue.List([language]);
        }

        using CollectionWriter batch = run.Collection.BeginWrite();
        batch.ContinueDocument(document with { Metadata = metadata });
        if (said is not null)
        {
            batch.Replace(_stored.AddTo(Encode(entry, said.Text)));
        }

        batch.SetSource(row);
        batch.Commit();
    }

    // Behind a text that stood beside the video, which keeps its rows.
    private EntryContent Encode(Entry entry, TextLayer said)
    {
        TextLayer? caption = run.Collection.Entries.GetText(entry.Key) is { Words.Count: > 0 } text ? text : null;
        Dictionary<string, MultiVector> vectors = [];
        foreach (SpaceEncoder encoder in run.Encoders.Where(encoder => encoder.Passages is not null))
        {
            MultiVector[] rows = [.. ((MultiVector?[])
            [
                caption is null ? null : encoder.Passages!.EncodeSection(caption, run.CancellationToken),
                encoder.Passages!.EncodeSpeech(PageWords(said), run.CancellationToken),
            ]).OfType<MultiVector>()];
            if (rows.Length > 0)
            {
                vectors.Add(encoder.Space.Name, EntryAssembly.Join(rows));
            }
        }

        return new EntryContent { Entry = entry, Text = caption is null ? said : TextLayers.Join([caption, said]), Vectors = vectors };
    }

    /// <summary>The words of what is said, with their times.</summary>
    public static PageWord[] PageWords(TextLayer said) =>
        [.. said.Words.Select(word => new PageWord(said.Text.Substring(word.Offset, word.Length), word.Place))];
}
