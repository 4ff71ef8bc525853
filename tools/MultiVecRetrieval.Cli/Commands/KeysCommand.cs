using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr keys</c>: the file of keys of a server (<c>server:keysFile</c>), which holds their hashes only.</summary>
internal static class KeysCommand
{
    private const int KeyLength = 32;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(GlobalOptions global)
    {
        Argument<FileInfo> file = new("file") { Description = "The file of keys.", HelpName = "KEYS.json" };
        return new Command("keys", "Make and withdraw keys of a server: --set server:keysFile=KEYS.json.")
        {
            CreateAdd(file, global), CreateRemove(file), CreateList(file, global),
        };
    }

    private static Command CreateAdd(Argument<FileInfo> file, GlobalOptions global)
    {
        Argument<string> name = new("name") { Description = "What the key is called.", HelpName = "NAME" };
        Option<string> access = new("--access") { Description = "read or write.", DefaultValueFactory = _ => "read" };
        access.AcceptOnlyFromAmong("read", "write");
        Option<string[]> only = new("--only")
        {
            Description = "A collection that it is for; * for any characters (default: all).",
            HelpName = "COLLECTION",
        };
        Command command = new("add", "Make a key, print it once, and store its hash.") { file, name, access, only };
        command.SetAction(parsed =>
        {
            FileInfo keys = parsed.GetRequiredValue(file);
            JsonArray list = Read(keys, isNew: true);
            string wanted = parsed.GetRequiredValue(name);
            if (list.Any(key => NameOf(key) == wanted))
            {
                throw new UsageException($"{keys} has a key '{wanted}'; remove it first.");
            }

            string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyLength));
            list.Add(new JsonObject
            {
                ["name"] = wanted,
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(made))),
                ["access"] = parsed.GetRequiredValue(access),
                ["collections"] = new JsonArray([.. (parsed.GetValue(only) ?? []).Select(one => (JsonNode)one)]),
            });
            Write(keys, list);
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(new { name = wanted, key = made });
            }
            else
            {
                Terminal.Out.WriteLine(made);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateRemove(Argument<FileInfo> file)
    {
        Argument<string> name = new("name") { Description = "The key.", HelpName = "NAME" };
        Command command = new("remove", "Withdraw a key; a running server takes note within a second.") { file, name };
        command.SetAction(parsed =>
        {
            FileInfo keys = parsed.GetRequiredValue(file);
            JsonArray list = Read(keys, isNew: false);
            string wanted = parsed.GetRequiredValue(name);
            JsonNode found = list.FirstOrDefault(key => NameOf(key) == wanted)
                ?? throw new UsageException($"{keys} has no key '{wanted}'.");
            list.Remove(found);
            Write(keys, list);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateList(Argument<FileInfo> file, GlobalOptions global)
    {
        Command command = new("list", "List the keys by name.") { file };
        command.SetAction(parsed =>
        {
            var keys = Read(parsed.GetRequiredValue(file), isNew: false).Select(key => new
            {
                name = NameOf(key),
                access = key?["access"]?.GetValue<string>() ?? "read",
                collections = key?["collections"]?.AsArray().Select(one => one!.GetValue<string>()).ToArray() ?? [],
            }).ToArray();
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(keys);
                return ExitCode.Success;
            }

            foreach (var key in keys)
            {
                string covered = key.collections.Length == 0 ? "all collections" : string.Join(", ", key.collections);
                Terminal.Out.MarkupLineInterpolated($"{key.name}  {key.access}  [grey]{covered}[/]");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string? NameOf(JsonNode? key) => (key as JsonObject)?["name"]?.GetValue<string>();

    private static JsonArray Read(FileInfo file, bool isNew)
    {
        if (!file.Exists && isNew)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(file.FullName)) as JsonArray ?? throw new UsageException($"{file} is no list of keys.");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{file} is no list of keys: {wrong.Message}");
        }
    }

    // A server that reads it meanwhile sees the old file or the new one, and nobody else reads it.
    private static void Write(FileInfo file, JsonArray list)
    {
        string partial = $"{file.FullName}.part";
        File.Delete(partial);
        PrivateFile.Create(partial, list.ToJsonString(Indented) + "\n", PrivateFile.OwnerOnly);
        File.Move(partial, file.FullName, overwrite: true);
    }
}
