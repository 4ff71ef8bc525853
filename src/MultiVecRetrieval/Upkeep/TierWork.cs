using System.Diagnostics;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Brings tiers to what they should be, one step at a time, each step one catalog transaction, so that a crash costs one
/// step.</summary>
internal sealed class TierWork(CollectionStore store)
{
    /// <summary>A tier is trained anew when the space has grown by this factor, up to <see cref="SettledRowCount"/>.</summary>
    private const int RetrainFactor = 4;

    /// <summary>Rows from which on a sample says enough of a space for it not to be trained anew.</summary>
    private const long SettledRowCount = 1 << 20;

    /// <summary>A tier is measured anew when the space has grown by this factor.</summary>
    private const int RecalibrateFactor = 2;

    /// <summary>Training that failed, for too few rows most likely, is tried again when there are this many times as many.</summary>
    private const double RetryFactor = 1.25;

    private readonly AutomaticTiers _automatic = new(store);

    /// <summary>Does the next step; false when there is nothing to do.</summary>
    public bool RunNext(IProgress<MaintenanceProgress>? progress, CancellationToken cancellationToken)
    {
        using Snapshot snapshot = new(store);
        if (_automatic.AddNext(snapshot))
        {
            return true;
        }

        foreach (LiveTier tier in snapshot.Set.Tiers)
        {
            if (RunNext(snapshot, tier, progress, cancellationToken))
            {
                return true;
            }
        }

        // The tiers of a space are measured together: what takes long is the exact answers, which all share, and only with the same queries
        // is it known what one tier finds among the candidates of another.
        foreach (IGrouping<string,
            LiveTier> tiers in snapshot.Set.Tiers.Where(tier => IsMeasurable(snapshot.Set, tier)).GroupBy(tier => tier.Record.SpaceName))
        {
            if (tiers.Any(tier => IsDue(snapshot.Set, tier)))
            {
                Calibrate(snapshot, [.. tiers], checks: null, progress, cancellationToken);
                return true;
            }

            if (tiers.Any(tier => TierChecks.IsDue(snapshot.Set, tier)))
            {
                Check(snapshot, [.. tiers], progress, cancellationToken);
                return true;
            }
        }

        return false;
    }

    private bool RunNext(Snapshot snapshot, LiveTier tier, IProgress<MaintenanceProgress>? progress, CancellationToken cancellationToken)
    {
        SegmentSet set = snapshot.Set;
        Space space = set.GetSpace(tier.Record.SpaceName);
        long rows = set.CountRows(space.Name);
        if (rows == 0)
        {
            return false;
        }

        if (!tier.Record.IsTrained)
        {
            if (tier.Record.Problem is not null && rows < tier.Record.TrainedRowCount * RetryFactor)
            {
                return false;
            }

            return Activities.Run("mvr.train", store.Folder, activity =>
            {
                activity?.SetTag("mvr.space", space.Name).SetTag("mvr.tier", tier.Record.Spec).SetTag("mvr.row_count", rows);
                TierRecord trained = Train(snapshot, tier, space, rows, progress, cancellationToken);
                if (trained.Problem is { } problem)
                {
                    activity?.SetStatus(ActivityStatusCode.Error, problem);
                    store.Logger.LogTrainingFailure(store.Folder, space.Name, trained.Spec, problem);
                }
                else
                {
                    store.Logger.LogTrained(store.Folder, space.Name, trained.Spec, rows);
                }

                return true;
            });
        }

        LiveTier? successor = set.TiersOfSpace(space.Name)
            .FirstOrDefault(t => t.Record.Spec == tier.Record.Spec && t.Record.Id > tier.Record.Id);
        if (successor is { Record.IsTrained: true })
        {
            return successor.Record.Calibration is not null && Remove(tier);
        }

        if (tier.Shared is not { IsUsable: true } shared)
        {
            return successor is null && !tier.Record.IsGiven && TierKind.IsKnown(tier.Record.Spec, space.Dimension)
                && Replace(tier);
        }

        if (FindDamaged(set, tier) is { } damaged)
        {
            return Discard(damaged);
        }

        if (FindMissing(set, tier) is { } missing)
        {
            return Encode(missing, tier, shared, progress, cancellationToken);
        }

        bool hasGrown = tier.Record.TrainedRowCount < SettledRowCount && rows >= tier.Record.TrainedRowCount * RetrainFactor;
        bool hasDrifted = tier.Calibration is { Check.HasDrifted: true };
        return (hasGrown || hasDrifted) && tier.Record.Calibration is not null && successor is null && Replace(tier);
    }

    private static bool IsMeasurable(SegmentSet set, LiveTier tier) =>
        tier.Shared is { IsUsable: true } && set.CountRows(tier.Record.SpaceName) > 0
            && !set.Tiers.Any(t => t.Record.SpaceName == tier.Record.SpaceName && t.Record.Spec == tier.Record.Spec
                && t.Record.Id > tier.Record.Id && t.Record.IsTrained);

    // Never measured, or outgrown.
    private static bool IsDue(SegmentSet set, LiveTier tier) =>
        tier.Calibration is not { } calibration || set.CountEntries(tier.Record.SpaceName) >= calibration.EntryCount * RecalibrateFactor;

    private static SharedCodes? FindDamaged(SegmentSet set, LiveTier tier) => set.OfSpace(tier.Record.SpaceName)
        .Select(segment => segment.FindCodes(tier.Record.Id))
        .FirstOrDefault(codes => codes?.Problem is not null);

    private static LiveSegment? FindMissing(SegmentSet set, LiveTier tier) => set.OfSpace(tier.Record.SpaceName)
        .FirstOrDefault(segment => segment.Shared.ReaderOrNull is not null && segment.FindCodes(tier.Record.Id) is null);

    private TierRecord Train(
        Snapshot snapshot, LiveTier tier, Space space, long rows, IProgress<MaintenanceProgress>? progress,
            CancellationToken cancellationToken)
    {
        progress?.Report(new MaintenanceProgress(MaintenanceStep.Train, space.Name, tier.Record.Spec, 0, rows));
        TierRecord trained;
        try
        {
            SegmentSet set = snapshot.Set;
            TrainingSample sample = RowSampler.Draw(snapshot, space, store.BuildThreads, cancellationToken);
            byte[] parameters = TierMethod.Train(
                tier.Record.Spec, sample, set.CountRows(space.Name), set.CountEntries(space.Name), cancellationToken);
            (long size, uint checksum) =
                CodecFile.Write(store.Storage, store.SegmentFolder, tier.Record.Id, space, tier.Record.Spec, parameters);
            trained = tier.Record with { SizeInBytes = size, Checksum = checksum, TrainedRowCount = rows, Problem = null };
        }
        catch (ArgumentException exception)
        {
            // The spec asks for what these rows cannot give, more centroids than there are rows for instance.
            trained = tier.Record with { TrainedRowCount = rows, Problem = ErrorText.Get(exception) };
        }

        string name = TierLayout.GetCodecFileName(tier.Record.Id);
        FileSwap.Run(store, trained.IsTrained ? [name] : [], connection => TierTable.SaveTraining(connection, trained)
            || !trained.IsTrained ? [] : [name]);
        progress?.Report(new MaintenanceProgress(MaintenanceStep.Train, space.Name, tier.Record.Spec, rows, rows));
        return trained;
    }

    private bool Encode(
        LiveSegment segment, LiveTier tier, SharedTier shared, IProgress<MaintenanceProgress>? progress,
            CancellationToken cancellationToken)
    {
        TierFileRecord file = shared.Method.Build(
            store.CreateCodesBuilder(), segment.Shared.Reader, tier.Record, progress, cancellationToken);
        string name = TierLayout.GetCodesFileName(file.Id);
        FileSwap.Run(store, [name], connection => TierTable.AddFile(connection, file) ? [] : [name]);
        return true;
    }

    private void Calibrate(
        Snapshot snapshot, IReadOnlyList<LiveTier> tiers, IReadOnlyList<TierCheck>? checks, IProgress<MaintenanceProgress>? progress,
            CancellationToken cancellationToken)
    {
        IReadOnlyList<TierCalibration> calibrations = new Calibrator(store, snapshot).Measure(tiers, progress, cancellationToken);
        TierChecks errors = new(store, snapshot);
        Save(tiers, [
            .. calibrations.Select(
            (calibration, i) => errors.AddErrors(tiers[i], calibration with { Check = checks?[i] }, cancellationToken))]);
    }

    // A tier that finds less than was promised of it is measured anew at once, and the others with it; what was measured stays otherwise.
    private void Check(Snapshot snapshot, IReadOnlyList<LiveTier> tiers, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken)
    {
        progress?.Report(
            new MaintenanceProgress(MaintenanceStep.Check, tiers[0].Record.SpaceName,
            string.Join(", ", tiers.Select(tier => tier.Record.Spec)), 0, 1));
        IReadOnlyList<TierCheck> checks = new TierChecks(store, snapshot).Run(tiers, cancellationToken);
        if (checks.Any(check => check.Recall < check.PromisedRecall))
        {
            Calibrate(snapshot, tiers, checks, progress, cancellationToken);
        }
        else
        {
            Save(tiers, [.. tiers.Select((tier, i) => tier.Calibration! with { Check = checks[i] })]);
        }

        progress?.Report(
            new MaintenanceProgress(MaintenanceStep.Check, tiers[0].Record.SpaceName,
            string.Join(", ", tiers.Select(tier => tier.Record.Spec)), 1, 1));
    }

    private void Save(IReadOnlyList<LiveTier> tiers, IReadOnlyList<TierCalibration> calibrations)
    {
        FileSwap.Run(store, [], connection =>
        {
            for (int i = 0; i < tiers.Count; i++)
            {
                TierTable.SaveCalibration(connection, tiers[i].Record.Id, calibrations[i].ToJson());
            }

            return [];
        });
    }

    // The former tier serves until the new one is trained, encoded and measured.
    private bool Replace(LiveTier tier)
    {
        FileSwap.Run(store, [], connection =>
        {
            TierTable.Add(connection, store.Counters!.NextFile(), tier.Record.SpaceName, tier.Record.Spec);
            return [];
        });
        return true;
    }

    private bool Remove(LiveTier tier)
    {
        FileSwap.Run(store, [], connection => TierTable.Remove(connection, tier.Record));
        return true;
    }

    private bool Discard(SharedCodes damaged)
    {
        FileSwap.Run(store, [], connection =>
        {
            TierTable.RemoveFile(connection, damaged.Record.Id);
            return [TierLayout.GetCodesFileName(damaged.Record.Id)];
        });
        return true;
    }
}
