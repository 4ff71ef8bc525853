using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Duplicates;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Eval.Photos;

/// <summary>How well photographs are found by their names, by the kind of thing, and by a changed copy of themselves.</summary>
/// <param name="cacheFolder">Holds the package.</param>
/// <param name="hasCopies">Whether changed copies are made and looked for, which takes most of the time.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class PhotosSuite(string cacheFolder, bool hasCopies, Action<string> log)
{
    private static readonly double[] Thresholds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];

    // What folders of the package call otherwise than tags do.
    private static readonly Dictionary<string, string[]> Also = new(StringComparer.Ordinal)
    {
        ["clothe"] = ["clothing"],
        ["music"] = ["musical", "instrument"],
        ["bovine"] = ["hoofed"],
        ["deer"] = ["deer", "hoofed"],
        ["equine"] = ["hoofed"],
        ["flight"] = ["aircraft"],
        ["auto"] = ["car"],
        ["ship"] = ["boat"],
        ["house"] = ["house", "building"],
        ["shellfish"] = ["animal", "crustacean"],
    };

    private readonly ImageDecoder _decoder = new(new MediaLimits());
    private readonly StringBuilder _report = new();

    /// <summary>Fetches the package, encodes every photograph and reports.</summary>
    public string Run()
    {
        string version = DebianPackage.Unpack(
            StampPhoto.Package, Path.GetFullPath(Path.Combine(cacheFolder, "packages", StampPhoto.Package)), package => log($"fetching {package}"));
        IReadOnlyList<StampPhoto> photos = StampPhoto.Read(Path.Combine(cacheFolder, "packages", StampPhoto.Package));
        _report.AppendLine(CultureInfo.InvariantCulture, $"{photos.Count} photographs of {StampPhoto.Package} {version}");
        using ModelVariants variants = new();
        using EncoderModel words = EncoderModel.Load(variants.WithTagsFrom(Thresholds[0]));
        using EncoderModel whole = EncoderModel.Load(variants.WholeAlone());
        using EncoderModel alike = EncoderModel.Load(Path.Combine(BundledModels.Folder, "photos-alike"));
        log($"encoding {photos.Count} photographs");
        IReadOnlyList<EncodedImage>[] encoded =
            [.. photos.Select(photo => EncoderModel.EncodeImage([words, whole, alike], _decoder.DecodeFile(photo.Path)))];

        ReportNames(photos, words, whole, encoded);
        ReportSimilarities(photos, words, encoded);
        ReportMany(photos, words, encoded);
        ReportKinds(photos, words, encoded);
        if (hasCopies)
        {
            ReportCopies(photos, alike, encoded);
        }

        ReportTags(photos, encoded);
        _report.Append(Machine.Describe());
        return _report.ToString();
    }

    private void ReportNames(
        IReadOnlyList<StampPhoto> photos, EncoderModel words, EncoderModel whole, IReadOnlyList<EncodedImage>[] encoded)
    {
        string[] names = [.. photos.Select(photo => photo.Name).Distinct(StringComparer.Ordinal)];
        string[] shuffled = [.. names];
        new Random(1).Shuffle(shuffled);
        MultiVector[] queries = [.. names.Select(name => words.EncodeText(name).Rows)];
        _report.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"By name, {names.Length} names: the share that finds a photograph of that name among the first, and nDCG@10")
            .AppendLine("| by | hit@1 | hit@10 | nDCG@10 |").AppendLine("|---|---|---|---|");
        Add("the whole and the best patch", i => names[i], 0);
        Add("the whole alone", i => names[i], 1);
        Add("control: names exchanged", i => shuffled[i], 0);
        double chance = names.Average(name => HitByChance(photos.Count, photos.Count(photo => photo.Name == name), 10));
        _report.AppendLine(CultureInfo.InvariantCulture, $"| chance | | {chance:0.000} | |");

        void Add(string label, Func<int, string> answer, int model)
        {
            List<double> first = [], tenth = [], gain = [];
            for (int i = 0; i < names.Length; i++)
            {
                IReadOnlyList<string> ranking = Rank(photos, encoded, model, queries[i], excluded: -1);
                Dictionary<string, double> gains =
                    photos.Where(photo => photo.Name == answer(i)).ToDictionary(photo => photo.Path, _ => 1.0);
                first.Add(RetrievalMetrics.HitAt(1, ranking, gains));
                tenth.Add(RetrievalMetrics.HitAt(10, ranking, gains));
                gain.Add(RetrievalMetrics.NdcgAt(10, ranking, gains));
            }

            Row(label, first, tenth, gain);
        }
    }

    // From which score a picture may be taken to show what was asked for: chooses presenceSimilarity.
    private void ReportSimilarities(IReadOnlyList<StampPhoto> photos, EncoderModel words, IReadOnlyList<EncodedImage>[] encoded)
    {
        List<double> named = [], others = [];
        foreach (string name in photos.Select(photo => photo.Name).Distinct(StringComparer.Ordinal))
        {
            MultiVector query = words.EncodeText(name).Rows;
            for (int i = 0; i < photos.Count; i++)
            {
                (photos[i].Name == name ? named : others).Add(MaxSim.Score(query.View, encoded[i][0].Rows.View));
            }
        }

        _report.AppendLine().AppendLine("Scores of a name and a photograph: the share that reaches a score")
            .AppendLine("| from | of that name | of another |").AppendLine("|---|---|---|");
        foreach (double from in (double[])[0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5])
        {
            _report.AppendLine(CultureInfo.InvariantCulture,
                $"| {from:0.00} | {named.Count(score => score >= from) / (double)named.Count:0.000} | {others.Count(score => score >= from) / (double)others.Count:0.0000} |");
        }
    }

    // The best of many pictures, as the frames of a video are, is more similar to anything than one picture is: what a threshold passes
    // that stays, or that grows with the logarithm of their number.
    private void ReportMany(IReadOnlyList<StampPhoto> photos, EncoderModel words, IReadOnlyList<EncodedImage>[] encoded)
    {
        const int Sets = 100;
        double[] growths = [0, 0.01, 0.02, 0.03, 0.05];
        string[] names = [.. photos.Select(photo => photo.Name).Distinct(StringComparer.Ordinal)];
        float[][] scores = [.. names.Select(name => words.EncodeText(name).Rows)
            .Select(query => encoded.Select(images => MaxSim.Score(query.View, images[0].Rows.View)).ToArray())];
        _report.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"The best of many photographs: the share of names that reaches {words.Contract.PresenceSimilarity} + growth ln(photographs), of one among them / of none")
            .AppendLine(CultureInfo.InvariantCulture, $"| photographs | {string.Join(" | ", growths.Select(growth => $"growth {growth}"))} |")
            .AppendLine($"|---|{string.Concat(growths.Select(_ => "---|"))}");
        Random random = new(2);
        foreach (int size in (int[])[1, 5, 20, 80])
        {
            List<float> shown = [], others = [];
            for (int set = 0; set < Sets; set++)
            {
                int[] members = [.. Enumerable.Range(0, photos.Count).OrderBy(_ => random.Next()).Take(size)];
                HashSet<string> there = [.. members.Select(member => photos[member].Name)];
                for (int i = 0; i < names.Length; i++)
                {
                    (there.Contains(names[i]) ? shown : others).Add(members.Max(member => scores[i][member]));
                }
            }

            IEnumerable<string> cells = growths.Select(growth => words.Contract.PresenceSimilarity!.Value + (growth * Math.Log(size)))
                .Select(from => string.Create(CultureInfo.InvariantCulture,
                    $"{shown.Count(score => score >= from) / (double)shown.Count:0.000} / {others.Count(score => score >= from) / (double)others.Count:0.0000}"));
            _report.AppendLine(CultureInfo.InvariantCulture, $"| {size} | {string.Join(" | ", cells)} |");
        }
    }

    // The last folder names a kind: "birds". Kinds of fewer than five photographs are no question.
    private void ReportKinds(IReadOnlyList<StampPhoto> photos, EncoderModel words, IReadOnlyList<EncodedImage>[] encoded)
    {
        var kinds = photos.GroupBy(photo => photo.Kind).Where(kind => kind.Count() >= 5).ToList();
        List<double> precision = [], chance = [];
        foreach (var kind in kinds)
        {
            HashSet<string> members = [.. kind.Select(photo => photo.Path)];
            MultiVector query = words.EncodeText(kind.Key.Split('/')[^1]).Rows;
            precision.Add(Rank(photos, encoded, 0, query, excluded: -1).Take(10).Count(members.Contains) / 10.0);
            chance.Add((double)members.Count / photos.Count);
        }

        _report.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"By kind, {kinds.Count} folder names: precision of the first ten {ConfidenceInterval.OfMean(precision)}; chance {chance.Average():0.000}");
        ReportAttribute([.. kinds.Select(kind => kind.Key)], photos, words, encoded);
    }

    private void ReportCopies(IReadOnlyList<StampPhoto> photos, EncoderModel alike, IReadOnlyList<EncodedImage>[] encoded)
    {
        // Every second one: the others are the company that it must be told from.
        int[] originals = [.. Enumerable.Range(0, photos.Count).Where(i => i % 2 == 0)];
        float[][] colours = [.. photos.Select(photo => ColourHistogram.Compute(_decoder.DecodeFile(photo.Path)))];
        _report.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"By a changed copy, {originals.Length} of them: the share whose original comes first")
            .AppendLine("| change | all rows | R-MAC alone | regions alone | colour histogram |").AppendLine("|---|---|---|---|---|");
        List<double> kindAll = [], kindOne = [], kindRegions = [], kindColour = [];
        foreach (PictureChange change in PhotoCopies.All(_decoder))
        {
            log($"changing: {change.Name}");
            List<double> all = [], one = [], regions = [], colour = [];
            foreach (int i in originals)
            {
                RgbImage copy = change.Apply(_decoder.DecodeFile(photos[i].Path));
                MultiVector rows = alike.EncodeImage(copy);
                all.Add(FirstBy(j => Similarity(rows, encoded[j][2].Rows, 0, 15), i));
                one.Add(FirstBy(j => Similarity(rows, encoded[j][2].Rows, 0, 1), i));
                regions.Add(FirstBy(j => Similarity(rows, encoded[j][2].Rows, 1, 14), i));
                float[] histogram = ColourHistogram.Compute(copy);
                colour.Add(FirstBy(j => TensorPrimitives.Dot(histogram, colours[j]), i));
            }

            Row(change.Name, all, one, regions, colour);
        }

        for (int i = 0; i < photos.Count; i++)
        {
            int same = photos.Count(photo => photo.Kind == photos[i].Kind);
            if (same >= 5)
            {
                int own = i;
                kindAll.Add(SameKind(j => Similarity(encoded[own][2].Rows, encoded[j][2].Rows, 0, 15), own));
                kindOne.Add(SameKind(j => Similarity(encoded[own][2].Rows, encoded[j][2].Rows, 0, 1), own));
                kindRegions.Add(SameKind(j => Similarity(encoded[own][2].Rows, encoded[j][2].Rows, 1, 14), own));
                kindColour.Add(SameKind(j => TensorPrimitives.Dot(colours[own], colours[j]), own));
            }
        }

        Row("the next one is of the same kind", kindAll, kindOne, kindRegions, kindColour);

        double FirstBy(Func<int, double> similarity, int expected)
        {
            double own = similarity(expected);
            return Enumerable.Range(0, photos.Count).All(j => j == expected || similarity(j) < own) ? 1 : 0;
        }

        double SameKind(Func<int, double> similarity, int own) =>
            photos[Enumerable.Range(0, photos.Count).Where(j => j != own).MaxBy(similarity)].Kind == photos[own].Kind ? 1 : 0;
    }

    // Each photograph of these kinds gets the most similar of their names, as an attribute with these values does; and only where the model
    // takes it to be there.
    private void ReportAttribute(
        string[] kinds, IReadOnlyList<StampPhoto> photos, EncoderModel words, IReadOnlyList<EncodedImage>[] encoded)
    {
        MultiVector[] values = [.. kinds.Select(kind => words.EncodeText(kind.Split('/')[^1]).Rows)];
        List<double> all = [], given = [];
        var known = photos.Zip(encoded).Where(pair => kinds.Contains(pair.First.Kind));
        foreach ((StampPhoto photo, IReadOnlyList<EncodedImage> image) in known)
        {
            (float similarity, string kind) = values.Zip(kinds)
                .Select(value => (MaxSim.Score(value.First.View, image[0].Rows.View), value.Second)).MaxBy(value => value.Item1);
            all.Add(kind == photo.Kind ? 1 : 0);
            if (similarity >= words.Contract.PresenceSimilarity)
            {
                given.Add(all[^1]);
            }
        }

        int largest = kinds.Max(kind => photos.Count(photo => photo.Kind == kind));
        _report.AppendLine(CultureInfo.InvariantCulture,
            $"The kind as an attribute of {kinds.Length} values: right {ConfidenceInterval.OfMean(all)} where each gets one; {ConfidenceInterval.OfMean(given)} of the {given.Count / (double)all.Count:0.00} that reach the model's threshold; the most frequent kind for all {largest / (double)all.Count:0.000}");
    }

    // A tag counts as right when one of its words is in the name or the kind. Rightly named relatives count as wrong ("lorikeet" for a
    // rosella), so the precision is a lower bound.
    private void ReportTags(IReadOnlyList<StampPhoto> photos, IReadOnlyList<EncodedImage>[] encoded)
    {
        _report.AppendLine().AppendLine("Tags by the probability from which they are given")
            .AppendLine("| from | photographs with a tag | tags a photograph | right, at least |").AppendLine("|---|---|---|---|");
        foreach (double threshold in Thresholds)
        {
            List<double> has = [], count = [], right = [];
            for (int i = 0; i < photos.Count; i++)
            {
                HashSet<string> truth =
                    [.. $"{photos[i].Name} {photos[i].Kind}".Split(' ', '/', '-').Select(Singular).SelectMany(word => Also.GetValueOrDefault(word, [word]))];
                string[] tags = [.. encoded[i][0].Tags.Where(tag => tag.Probability >= threshold).Select(tag => tag.Name)];
                has.Add(tags.Length > 0 ? 1 : 0);
                count.Add(tags.Length);
                right.AddRange(tags.Select(tag => tag.Split(' ', '-').Select(Singular).Any(truth.Contains) ? 1.0 : 0));
            }

            _report.AppendLine(CultureInfo.InvariantCulture,
                $"| {threshold:0.00} | {ConfidenceInterval.OfMean(has)} | {count.Average():0.00} | {ConfidenceInterval.OfMean(right)} |");
        }
    }

    private static string Singular(string word) => word.EndsWith('s') && word.Length > 3 ? word[..^1] : word;

    private static IReadOnlyList<string> Rank(
        IReadOnlyList<StampPhoto> photos, IReadOnlyList<EncodedImage>[] encoded, int model, MultiVector query, int excluded) =>
        [.. Enumerable.Range(0, photos.Count).Where(i => i != excluded)
            .OrderByDescending(i => MaxSim.Score(query.View, encoded[i][model].Rows.View))
            .ThenBy(i => photos[i].Path, StringComparer.Ordinal)
            .Select(i => photos[i].Path)];

    private static double Similarity(MultiVector query, MultiVector picture, int first, int count)
    {
        int d = query.Dimension;
        return MaxSim.Score(
            new MultiVectorView(d, query.Values.Slice(first * d, count * d)),
            new MultiVectorView(d, picture.Values.Slice(first * d, count * d)));
    }

    // 1 - C(n - r, k) / C(n, k).
    private static double HitByChance(int all, int relevant, int drawn)
    {
        double none = 1;
        for (int i = 0; i < drawn; i++)
        {
            none *= (double)(all - relevant - i) / (all - i);
        }

        return 1 - none;
    }

    private void Row(string label, params List<double>[] values) =>
        _report.AppendLine(CultureInfo.InvariantCulture, $"| {label} | {string.Join(" | ", values.Select(list => ConfidenceInterval.OfMean(list)))} |");
}
