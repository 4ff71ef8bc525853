using System.CommandLine;
using MultiVecRetrieval.Eval.Presence;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval calibrate</c>: from which similarity on a model that reads words has seen one.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        Option<string> collection =
            new("--collection") { Description = "Collection of pages with text layers.", DefaultValueFactory = _ => "pages" };
        Option<string> data = new("--data") { Description = "Folder of collections.", DefaultValueFactory = _ => "indexes" };
        Option<string> space = new("--space") { Description = "Space of the model.", DefaultValueFactory = _ => "page-words" };
        Option<int> pages = new("--pages") { Description = "Pages, evenly taken.", DefaultValueFactory = _ => 140 };
        Option<int> words = new("--words") { Description = "Words of each kind per page or picture.", DefaultValueFactory = _ => 20 };
        Option<string?> scenes = new("--scenes") { Description = "Folder of drawn pictures (tools/models/page-words/scenes.py)." };
        Option<int> sceneCount = new("--scene-count") { Description = "Scenes that are read.", DefaultValueFactory = _ => 40 };
        Option<int> seed = new("--seed") { Description = "The same seed and input give the same figures.", DefaultValueFactory = _ => 1 };
        Command command = new("calibrate", "Measures similarities of words that are and are not printed, and chooses presenceSimilarity.")
        {
            collection, data, space, pages, words, scenes, sceneCount, seed,
        };
        command.SetAction(arguments =>
        {
            PresenceOptions options = new()
            {
                Collection = arguments.GetValue(collection)!,
                DataFolder = arguments.GetValue(data)!,
                Space = arguments.GetValue(space)!,
                PageCount = arguments.GetValue(pages),
                WordCount = arguments.GetValue(words),
                ScenesFolder = arguments.GetValue(scenes),
                SceneCount = arguments.GetValue(sceneCount),
                Seed = arguments.GetValue(seed),
            };
            (IReadOnlyList<PresenceSample> samples, IReadOnlyDictionary<string, int> counts) =
                new PresenceCalibration(options, Console.Error.WriteLine).Run();
            Console.WriteLine(new PresenceReport(samples, counts).ToMarkdown());
            return 0;
        });
        return command;
    }
}
