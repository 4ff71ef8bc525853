using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Reads a video: one entry, one picture a frame, each with its span of time.</summary>
/// <param name="document">The document.</param>
/// <param name="meter">Told how far it is.</param>
internal sealed class VideoRead(DocumentWork document, ProgressMeter meter) : ReadJob(document)
{
    /// <summary>The languages of the subtitles beside it, as their files are named by: <c>de, en</c>.</summary>
    public const string LanguagesField = "subtitleLanguages";

    // Behind the frames, before what is said.
    private const int VideoPart = int.MaxValue / 2;

    public override void Read(ReadContext context)
    {
        string path = Document.File.FullPath;
        VideoReader videos = new(context.Options.Limits)
        {
            Track = context.Options.Sampling.VideoTrack,
            Damage = (_, damage) => Document.Note(0, damage),
            PassedOver = (_, what) => Document.Note(0, what),
        };
        VideoInformation video = videos.ReadInformation(path, context.CancellationToken);
        Document.SetEntry(0, entry => entry with { Width = video.Width, Height = video.Height, DurationSeconds = video.DurationSeconds });
        ReadSubtitles(context, new SubtitleReader(context.Options.Limits, videos), path);
        int frameCount = 0;
        try
        {
            foreach (VideoFrame frame in videos.ReadFrames(path, context.Options.Sampling, context.CancellationToken))
            {
                if (Document.IsOver)
                {
                    return;
                }

                Document.ExpectMore(0, pictureCount: 1);
                context.Emit(new PictureJob
                {
                    Document = Document,
                    Image = frame.Image,
                    EntryIndex = 0,
                    Part = frameCount++,
                    Encoders = Document.PictureEncoders,
                    Role = ImageRole.Picture,
                    Span = (frame.StartSeconds, frame.EndSeconds),
                    HasFingerprint = true,
                });
                meter.Reading(Document.Document.Key, frame.EndSeconds, video.DurationSeconds, FileProgressUnit.Seconds);
            }
        }
        catch (MediaException error) when (frameCount > 0)
        {
            // What was read before the video broke off is kept, and the ledger says where it broke.
            Document.FailPicture(0, $"only the first {frameCount} frames could be read: {error.Reason}", error.Setting);
            return;
        }
        finally
        {
            meter.ReadingEnded(Document.Document.Key);
        }

        if (frameCount == 0)
        {
            Document.FailPicture(0, "the video has no frame that can be read");
            return;
        }

        ReadAsVideo(context, videos, path, video.DurationSeconds);

        // Settles the picture that the entry was announced with, so that it became whole only now.
        Document.DeliverNothing(0);
    }

    // A model that takes videos sees the whole of it once more, as frames from the middles of equal parts.
    private void ReadAsVideo(ReadContext context, VideoReader videos, string path, double duration)
    {
        int part = VideoPart;
        foreach (IGrouping<int, SpaceEncoder> alike in Document.PictureEncoders
            .Where(encoder => encoder.Contract.VideoFrameCount > 0).GroupBy(encoder => encoder.Contract.VideoFrameCount))
        {
            VideoFrame[] frames;
            try
            {
                FrameSampling evenly = context.Options.Sampling with
                {
                    FramesPerSecond = 0,
                    SegmentCount = alike.Key,
                    DuplicateDistance = 0,
                };
                frames = [.. videos.ReadFrames(path, evenly, context.CancellationToken)];
            }
            catch (MediaException error)
            {
                Document.Note(0, $"it could not be read as a whole, only frame by frame: {error.Reason}");
                return;
            }

            if (frames.Length < alike.Key)
            {
                Document.Note(0, $"it was not read as a whole: {alike.Key} frames are more than media:maxFrames allows");
                continue;
            }

            Document.ExpectMore(0, pictureCount: 1);
            context.Emit(new VideoJob
            {
                Document = Document,
                EntryIndex = 0,
                Part = part++,
                Encoders = [.. alike],
                Clip = new VideoClip
                {
                    Frames = [.. frames.Select(frame => frame.Image)],
                    TimesSeconds = [.. frames.Select(frame => frame.TimeSeconds)],
                    EndSeconds = duration,
                },
            });
        }
    }

    // What is said is searched by its words and its meaning, and found at its moment. Without it the video is found by what it shows.
    private void ReadSubtitles(ReadContext context, SubtitleReader subtitles, string path)
    {
        try
        {
            IReadOnlyList<Subtitles> spoken = subtitles.Read(path, context.CancellationToken);
            if (spoken.Count == 0 && Document.FindStoredText?.Invoke(Document.Document.Key) is { } heard && SpeechPass.HasSpeech(heard))
            {
                // It was listened to before, and the content is the same.
                spoken = [new Subtitles(heard, Language: null)];
            }

            if (spoken.Count == 0)
            {
                Document.Wait = context.Options.SpeechModel is null || Document.Document.Metadata.ContainsKey(SpeechPass.ModelField)
                    ? null
                    : WaitState.Speech;
                CaptionRead.Read(Document, context);
                return;
            }

            // One language behind the other: a passage is of one of them.
            Document.SetText(0, TextLayers.Join([.. spoken.Select(one => one.Text)]));
            MetadataValue[] languages = [.. spoken.Select(one => one.Language).OfType<string>().Distinct(StringComparer.Ordinal)];
            if (languages.Length > 0)
            {
                Document.Describe(stored => stored with
                {
                    Metadata = new Dictionary<string, MetadataValue>(stored.Metadata)
                    {
                        [LanguagesField] = MetadataValue.List(languages),
                    },
                });
            }

            for (int i = 0; i < spoken.Count && Document.PassageEncoders.Count > 0; i++)
            {
                PageWord[] words = SpeechPass.PageWords(spoken[i].Text);
                Document.ExpectMore(0, pictureCount: 1);
                // Behind the frames.
                Document.DeliverPassages(0, int.MaxValue - spoken.Count + 1 + i,
                    passages => passages.EncodeSpeech(words, context.CancellationToken), context.CancellationToken);
            }
        }
        catch (Exception error) when (error is MediaException or IOException or UnauthorizedAccessException)
        {
            Document.Note(0, $"its subtitles could not be read: {FailureReason.Of(error).Reason}");
        }
    }
}
