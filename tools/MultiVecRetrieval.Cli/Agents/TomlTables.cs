using System.Text;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Sets a table in the text of a TOML file and leaves everything else as it was, comments and order included.</summary>
internal static class TomlTables
{
    /// <summary>The text with the table <c>[section.name]</c> in it.</summary>
    /// <exception cref="FormatException">The text is no TOML, or holds the section in another form.</exception>
    public static string SetTable(string text, string section, string name, AgentProgram program)
    {
        DocumentSyntax document = SyntaxParser.Parse(text);
        if (document.HasErrors)
        {
            throw new FormatException($"it is no TOML: {document.Diagnostics.First()}");
        }

        TomlTable before = Read(text);
        string changed = Tables(document).LastOrDefault(table => Path(table.Name) is [var first, var second]
            && first == section && second == name) is { } known ? Update(document, known, program) : Append(text, section, name, program);

        // Whatever the file held is still there, or nothing is written.
        string rest = Without(before, section, name);
        return SyntaxParser.Parse(changed) is { HasErrors: false } && Without(Read(changed), section, name) == rest
            && Read(changed) is var after && after[section] is TomlTable servers && servers[name] is TomlTable ours
            && ours["command"] is string command && command == program.Command
            ? changed
            : throw new FormatException($"it holds {section} in a form that cannot be added to; add the entry by hand");
    }

    private static IEnumerable<TableSyntax> Tables(DocumentSyntax document) => document.Tables.OfType<TableSyntax>();

    private static string Append(string text, string section, string name, AgentProgram program)
    {
        StringBuilder changed = new(text);
        if (text.Length > 0)
        {
            changed.Append(text.EndsWith('\n') ? "\n" : "\n\n");
        }

        changed.Append('[').Append(section).Append('.').Append(name).Append("]\ncommand = ").Append(Quote(program.Command))
            .Append("\nargs = [").AppendJoin(", ", program.Arguments.Select(Quote)).Append("]\n");
        if (program.Environment.Count > 0)
        {
            changed.Append("env = { ").AppendJoin(", ", program.Environment.Select(pair => $"{pair.Key} = {Quote(pair.Value)}"))
                .Append(" }\n");
        }

        return changed.ToString();
    }

    // What else the table says, for instance how long a start may take, is the user's.
    private static string Update(DocumentSyntax document, TableSyntax table, AgentProgram program)
    {
        Set(table, "command", new StringValueSyntax(program.Command));
        Set(table, "args", new ArraySyntax([.. program.Arguments]));
        return document.ToString();
    }

    private static void Set(TableSyntax table, string key, ValueSyntax value)
    {
        if (table.Items.FirstOrDefault(item => Path(item.Key) is [var only] && only == key) is { } item)
        {
            item.Value = value;
        }
        else
        {
            table.Items.Add(new KeyValueSyntax(key, value));
        }
    }

    private static string[] Path(KeySyntax? key) => key is null ? []
        : [Text(key.Key), .. key.DotKeys.Select(part => Text(part.Key))];

    private static string Text(BareKeyOrStringValueSyntax? part) => part switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => "",
    };

    private static TomlTable Read(string text)
    {
        try
        {
            return TomlSerializer.Deserialize<TomlTable>(text) ?? [];
        }
        catch (TomlException wrong)
        {
            throw new FormatException($"it is no TOML: {wrong.Message}");
        }
    }

    private static string Without(TomlTable table, string section, string name)
    {
        if (table.TryGetValue(section, out object? found) && found is TomlTable servers)
        {
            servers.Remove(name);
            if (servers.Count == 0)
            {
                table.Remove(section);
            }
        }

        return TomlSerializer.Serialize(table);
    }

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char unit in text)
        {
            _ = unit switch
            {
                '"' or '\\' => quoted.Append('\\').Append(unit),
                < ' ' or '\u007F' => quoted.Append("\\u").Append(((int)unit).ToString("X4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => quoted.Append(unit),
            };
        }

        return quoted.Append('"').ToString();
    }
}
