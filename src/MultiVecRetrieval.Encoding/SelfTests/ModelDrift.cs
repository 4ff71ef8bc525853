using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>Holds a model, for instance its graph in 8 bits, against a reference, for instance in 32.</summary>
public static class ModelDrift
{
    /// <summary>Compares the rows of both models, input by input.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reference">What it should give.</param>
    /// <param name="texts">Texts; null for the built-in 16.</param>
    /// <param name="pictures">Pictures; null for the built-in 16.</param>
    /// <param name="cancellationToken">Stops between inputs.</param>
    /// <exception cref="ArgumentException">No texts and no pictures are given.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DriftReport Compare(
        EncoderModel model, EncoderModel reference, IReadOnlyList<string>? texts = null, IReadOnlyList<RgbImage>? pictures = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        texts ??= Probes.Texts;
        pictures ??= [.. Enumerable.Range(0, Probes.PictureCount).Select(Probes.Picture)];
        if (texts.Count == 0 && pictures.Count == 0)
        {
            throw new ArgumentException("There are neither texts nor pictures to compare with.");
        }

        (ModelContract ours, ModelContract theirs) = (model.Contract, reference.Contract);
        if (ours.Dimension != theirs.Dimension)
        {
            return new DriftReport(
                [], FormattableString.Invariant($"{ours.Name} gives {ours.Dimension} values a row, {theirs.Name} {theirs.Dimension}"));
        }

        if ((ours.EncodesText, ours.EncodesImages) != (theirs.EncodesText, theirs.EncodesImages))
        {
            return new DriftReport([], $"{ours.Name} and {theirs.Name} do not have the same sides");
        }

        List<DriftSide> sides = [];
        string? problem = null;
        Add("text", ours.EncodesText, texts, (encoder, text) => encoder.EncodeText(text, cancellationToken).Rows);
        Add("passage", ours.EncodesPassages, texts, (encoder, text) => encoder.EncodePassage(text, cancellationToken).Rows);
        Add("picture", ours.EncodesImages, pictures, (encoder, picture) => encoder.EncodeImage(picture, cancellationToken));
        return new DriftReport(sides, problem);

        void Add<T>(string name, bool has, IReadOnlyList<T> inputs, Func<EncoderModel, T, MultiVector> encode)
        {
            List<double> cosines = [];
            for (int i = 0; has && problem is null && i < inputs.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (MultiVector rows, MultiVector expected) = (encode(model, inputs[i]), encode(reference, inputs[i]));
                if (RowComparison.Cosines(rows, expected) is not { } found)
                {
                    problem = FormattableString.Invariant($"{name} {i + 1}: {rows.RowCount} rows, the reference gives {expected.RowCount}");
                    return;
                }

                cosines.AddRange(found);
            }

            if (cosines.Count > 0 && problem is null)
            {
                cosines.Sort();
                double lowest = cosines[(cosines.Count - 1) / 20];
                sides.Add(new DriftSide(name, inputs.Count, cosines.Count, cosines.Average(), lowest, cosines[0]));
            }
        }
    }
}
