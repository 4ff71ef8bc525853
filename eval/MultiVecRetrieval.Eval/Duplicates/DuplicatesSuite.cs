using System.Globalization;
using System.Numerics;
using System.Text;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Duplicates;

/// <summary>How well the perceptual hash tells changed copies of pictures from other pictures.</summary>
/// <param name="maxDistance">Bits of 64 up to which two pictures count as near duplicates.</param>
internal sealed class DuplicatesSuite(int maxDistance)
{
    private readonly ImageDecoder _decoder = new(new MediaLimits());

    /// <summary>Reads every picture of a folder, changes it in each way and reports the distances.</summary>
    /// <exception cref="InvalidOperationException">The folder holds fewer than two pictures that differ.</exception>
    public string Run(string folder)
    {
        List<(string Path, RgbImage Picture, ulong Hash)> originals = Read(folder, out int unreadable);
        if (originals.Count < 2)
        {
            throw new InvalidOperationException($"{folder} holds {originals.Count} pictures; comparing takes at least 2.");
        }

        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{originals.Count} pictures ({unreadable} files are none or repeat another); near duplicate = at most {maxDistance} of 64 bits apart");
        report.AppendLine("| change | found | first among all | median bits |");
        report.AppendLine("|---|---|---|---|");
        foreach (PictureChange change in PictureChange.All(_decoder))
        {
            List<double> found = [];
            List<double> first = [];
            List<int> distances = [];
            foreach ((string path, RgbImage picture, ulong hash) in originals)
            {
                ulong changed = PerceptualHash.Compute(change.Apply(picture));
                int distance = Distance(hash, changed);
                distances.Add(distance);
                found.Add(distance <= maxDistance ? 1 : 0);
                // A tie counts as a miss: the original must be closer than every other picture.
                first.Add(originals.All(other => other.Path == path || Distance(other.Hash, changed) > distance) ? 1 : 0);
            }
            distances.Sort();
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {change.Name} | {ConfidenceInterval.OfMean(found)} | {ConfidenceInterval.OfMean(first)} | {distances[distances.Count / 2]} |");
        }
        report.AppendLine();
        report.AppendLine(Confusions(originals.ConvertAll(original => original.Hash)));
        report.Append(Machine.Describe());
        return report.ToString();
    }

    internal static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    private string Confusions(List<ulong> hashes)
    {
        long pairs = 0;
        long close = 0;
        for (int i = 0; i < hashes.Count; i++)
        {
            for (int j = i + 1; j < hashes.Count; j++)
            {
                pairs++;
                close += Distance(hashes[i], hashes[j]) <= maxDistance ? 1 : 0;
            }
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{close} of {pairs} pairs of different files are at most {maxDistance} bits apart");
    }

    private List<(string Path, RgbImage Picture, ulong Hash)> Read(string folder, out int unreadable)
    {
        List<(string, RgbImage, ulong)> pictures = [];
        HashSet<string> contents = new(StringComparer.Ordinal);
        unreadable = 0;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            try
            {
                RgbImage picture = _decoder.DecodeFile(path);
                if (contents.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(picture.Pixels))))
                {
                    pictures.Add((path, picture, PerceptualHash.Compute(picture)));
                }
                else
                {
                    unreadable++;
                }
            }
            catch (MediaException)
            {
                unreadable++;
            }
        }
        return pictures;
    }
}
