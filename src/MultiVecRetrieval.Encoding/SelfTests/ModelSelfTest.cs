using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>Tries a model folder: what was detected, tokens, pixels, a run of each side, stored vectors, and what it is no use
/// for.</summary>
public sealed class ModelSelfTest
{
    // Normalised pixels lie within +-3; those that were not brought to [0, 1] first reach hundreds.
    private const float LargestPixel = 12;

    // An input side up to which small print cannot be read: an A4 page of 3,000 letters has 4 pixels a letter at 512.
    private const int SmallSide = 512;

    // The other text that is tried: it shares no word with the first.
    private const int Other = 4;

    private const double SameVector = 0.999_999;

    private readonly string _folder;
    private readonly EncoderOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly List<ModelCheck> _checks = [];

    private ModelSelfTest(string folder, EncoderOptions options, CancellationToken cancellationToken)
    {
        _folder = folder;
        _options = options;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Runs all checks that a model allows; one that fails does not keep the others from running.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Stops between checks.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<ModelCheck> Run(
        string folder, EncoderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ModelSelfTest test = new(folder, options ?? new EncoderOptions(), cancellationToken);
        test.RunAll();
        return test._checks;
    }

    /// <summary>Writes <c>parity.json</c>: what a model gives for the built-in inputs, so that another graph or machine can be held
    /// against it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, replaced when it is there.</param>
    /// <param name="cancellationToken">Stops between inputs.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void WriteParity(EncoderModel model, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ParityFile.Write(model, path, cancellationToken);
    }

    private void RunAll()
    {
        EncoderModel? model = null;
        Check("contract", () =>
        {
            model = EncoderModel.Load(_folder, _options);
            return Passed($"{model.Contract.Family}, {model.Contract.Dimension} values a row, space {model.Contract.SpaceId}");
        });
        if (model is null)
        {
            return;
        }

        using (model)
        {
            ModelContract contract = model.Contract;
            if (contract.EncodesText)
            {
                Check("tokens", () => CheckTokens(model));
                Check("text", () => CheckTexts(text => model.EncodeText(text, _cancellationToken).Rows, contract.Dimension));
            }

            if (contract.EncodesPassages)
            {
                Check("passage", () => CheckTexts(text => model.EncodePassage(text, _cancellationToken).Rows, contract.Dimension));
            }

            if (contract.EncodesImages)
            {
                Check("pixels", () => CheckPixels(model));
                Check("picture", () => CheckPictures(model));
            }

            if (contract.VideoFrameCount > 0)
            {
                Check("video", () => CheckVideos(model));
            }

            Check("parity", () => CheckParity(model));
            foreach (string use in FindLimits(model))
            {
                _checks.Add(new ModelCheck("use", ModelCheckState.Noted, use));
            }
        }
    }

    private void Check(string name, Func<ModelCheck> check)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _checks.Add(check() with { Name = name });
        }
        catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
        {
            _checks.Add(Failed(error is ModelFormatException format ? format.Reason : error.Message) with { Name = name });
        }
    }

    private static ModelCheck CheckTokens(EncoderModel model)
    {
        IReadOnlyList<int> ids;
        try
        {
            ids = model.Tokenize(Probes.Texts[0]);
        }
        catch (NotSupportedException error)
        {
            return new ModelCheck("", ModelCheckState.Noted, error.Message);
        }

        string shown = $"\"{Probes.Texts[0]}\" is {string.Join(' ', ids)}";
        return ids.Count == 0 ? Failed($"\"{Probes.Texts[0]}\" has no tokens")
            : ids.SequenceEqual(model.Tokenize(Probes.Texts[Other])) ? Failed($"{shown}, and \"{Probes.Texts[Other]}\" the same")
            : Passed(shown);
    }

    private static ModelCheck CheckTexts(Func<string, MultiVector> encode, int dimension)
    {
        MultiVector first = encode(Probes.Texts[0]);
        long start = Stopwatch.GetTimestamp();
        MultiVector second = encode(Probes.Texts[Other]);
        return CheckRows([first, second], dimension, Stopwatch.GetElapsedTime(start), "text");
    }

    private ModelCheck CheckPictures(EncoderModel model)
    {
        MultiVector first = model.EncodeImage(Probes.Picture(0), _cancellationToken);
        long start = Stopwatch.GetTimestamp();
        MultiVector second = model.EncodeImage(Probes.Picture(2), _cancellationToken);
        TimeSpan time = Stopwatch.GetElapsedTime(start);

        // A model that reads words sees none on the smooth fields, and is right to say so.
        return !model.Contract.IsSemantic && first.RowCount == 0
            ? Passed(Invariant($"no words on a picture without any; {time.TotalMilliseconds:0} ms a picture"))
            : CheckRows([first, second], model.Contract.Dimension, time, "picture");
    }

    private ModelCheck CheckVideos(EncoderModel model)
    {
        VideoClip Clip(int seed) => new()
        {
            Frames = [.. Enumerable.Range(seed, model.Contract.VideoFrameCount).Select(frame => Probes.Picture(320, 240, frame))],
            TimesSeconds = [.. Enumerable.Range(0, model.Contract.VideoFrameCount).Select(frame => frame + 0.5)],
            EndSeconds = model.Contract.VideoFrameCount,
        };
        MultiVector first = model.EncodeVideo(Clip(0), _cancellationToken);
        long start = Stopwatch.GetTimestamp();
        MultiVector second = model.EncodeVideo(Clip(3), _cancellationToken);
        return CheckRows([first, second], model.Contract.Dimension, Stopwatch.GetElapsedTime(start), "video");
    }

    private static ModelCheck CheckRows(MultiVector[] rows, int dimension, TimeSpan time, string what)
    {
        string? problem = rows.Select(RowComparison.FindProblem).FirstOrDefault(found => found is not null);
        if (problem is null && rows[0].Dimension != dimension)
        {
            problem = Invariant($"rows have {rows[0].Dimension} values, the contract says {dimension}");
        }

        if (problem is null && RowComparison.Cosines(rows[0], rows[1]) is { } cosines && cosines.All(cosine => cosine > SameVector))
        {
            problem = $"two different {what}s give the same vectors: the graph does not see its input";
        }

        float[] lengths = [.. Enumerable.Range(0, rows[0].RowCount).Select(row => TensorPrimitives.Norm(rows[0].Row(row)))];
        bool isUnit = lengths.All(length => Math.Abs(length - 1) < 1e-3);
        return problem is not null
            ? Failed(problem)
            : Passed(Invariant(
                $"{rows[0].RowCount} x {rows[0].Dimension}, finite, {(isUnit ? "unit rows" : $"rows of length {lengths.Min():0.###} to {lengths.Max():0.###}")}; {time.TotalMilliseconds:0} ms a {what}"));
    }

    private static ModelCheck CheckPixels(EncoderModel model)
    {
        PreparedImage prepared = model.Prepare(Probes.Picture(0));
        float[]? values = prepared switch
        {
            PreparedPixels pixels => pixels.Tensor,
            PreparedPicture picture => picture.Input.Pixels,
            _ => null,
        };
        string details = string.Join("; ", model.Contract.Details
            .Where(detail => detail.Key is "resize" or "crop" or "filter" or "rescale" or "mean" or "standard deviation")
            .Select(detail => $"{detail.Key} {detail.Value}"));
        if (values is null)
        {
            return Passed(details.Length > 0 ? details : "prepared");
        }

        (float least, float most) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        string range = Invariant($"{values.Length} values of {least:0.##} to {most:0.##}");
        return !float.IsFinite(least) || !float.IsFinite(most) ? Failed($"{range}: not finite; is image_std zero?")
            : least == most ? Failed($"{range}: all the same")
            : Math.Max(-least, most) > LargestPixel ? new ModelCheck("", ModelCheckState.Noted, $"{range}; {details}: right only for a graph that scales pixels itself; else do_rescale or rescale_factor is missing")
            : Passed(details.Length > 0 ? $"{range}; {details}" : range);
    }

    private ModelCheck CheckParity(EncoderModel model)
    {
        ParityFile? file = ParityFile.TryRead(_folder);
        if (file is null)
        {
            return new ModelCheck("", ModelCheckState.Noted, $"no {ParityFile.FileName} in the folder: vectors were held against no reference");
        }

        double worst = 1;
        string worstItem = "";
        foreach (ParityItem item in file.Items)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            MultiVector rows = Encode(model, item);
            if (RowComparison.Cosines(rows, item.Read()) is not { } cosines)
            {
                return Failed($"{item.Name}: {rows.RowCount} x {rows.Dimension} values, {ParityFile.FileName} has {item.Rows} x {item.Dimension}");
            }

            double least = cosines.DefaultIfEmpty(1).Min();
            if (!(least >= worst))
            {
                (worst, worstItem) = (least, item.Name);
            }
        }

        string found = Invariant($"{file.Items.Count} inputs, least cosine {worst:0.000000} ({worstItem}), {file.MinimumCosine} is asked for");
        return worst >= file.MinimumCosine ? Passed(found) : Failed(found);
    }

    private MultiVector Encode(EncoderModel model, ParityItem item) => item switch
    {
        { Picture: { } picture } => model.EncodeImage(Probes.Picture(picture.Width, picture.Height, picture.Seed), _cancellationToken),
        { Role: ParityItem.Passage } => model.EncodePassage(item.Text!, _cancellationToken).Rows,
        _ => model.EncodeText(item.Text!, _cancellationToken).Rows,
    };

    // What a class of models cannot do, whatever its weights.
    private static IEnumerable<string> FindLimits(EncoderModel model)
    {
        ModelContract contract = model.Contract;
        if (contract is { EncodesImages: true, IsMultiVector: false, IsSemantic: true, ReadsPages: true }
            && FindFixedSide(model) is { } side and <= SmallSide)
        {
            yield return Invariant($"pages of text: of no use. One vector of {side} x {side} pixels shows no words; models of this class reach 9 to 18 of 100 on pages (nDCG@10, ViDoRe v3), page models 26 to 65. Set readsPages to false in encoder.json to leave pages out");
        }

        if (contract is { EncodesImages: true, ReadsPages: false })
        {
            yield return "pages of documents: left out, as encoder.json says";
        }

        if (contract.EncodesPassages)
        {
            yield return "pictures: of no use. It encodes text only, and finds a picture or a scan by the text beside it or recognised in it";
        }

        if (!contract.EncodesText)
        {
            yield return "questions in words: of no use. It compares pictures with pictures";
        }

        if (!contract.IsSemantic)
        {
            yield return "meaning: of no use. It finds words that are printed in the picture";
        }

        if (contract.ReadsLatinOnly)
        {
            yield return "texts in other than Latin letters: of no use, and left out";
        }
    }

    private static int? FindFixedSide(EncoderModel model) =>
        model.Prepare(Probes.Picture(0)) is PreparedPixels pixels ? (int)Math.Sqrt(pixels.Tensor.Length / 3.0) : null;

    private static ModelCheck Passed(string detail) => new("", ModelCheckState.Passed, detail);

    private static ModelCheck Failed(string detail) => new("", ModelCheckState.Failed, detail);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
