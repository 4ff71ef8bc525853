using System.Globalization;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Tests.Server.Fuzzing;

/// <summary>Makes bodies that are nearly right of one that is: each value of it replaced, left out, doubled or wrapped, and the whole cut,
/// nested or sent as something else.</summary>
internal static class BodyMutations
{
    private enum Edit
    {
        Replace,
        Remove,
        Double,
        Wrap,
    }

    // Values of every kind, at the edges of what a number or a text may be; not all of them are JSON.
    private static readonly string[] Others =
    [
        "null", "true", "false", "0", "-1", "1", "1.5", "-0.0", "1e308", "-1e308", "1e400", "1e-400", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "NaN", "-Infinity", "01", "\"\"", "\" \"", "\"x\"", "\"1\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\uffff\"", "\"../../etc/passwd\"", "\"data:,\"", "\"*\"", "\"%\"", "'x'", "\"x",
        "[]", "[null]", "[[]]", "[[[1]]]", "[\"x\",1]", "[1,2,3,4]", "[1e39]", "{}", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}",
        "{\"\":null}", "[1e400,1]", new string('9', 400), $"\"{new string('x', 5000)}\"", Nest(40, "1"), Nest(5000, ""), NestObjects(70),
    ];

    /// <summary>All that is made of <paramref name="good"/>, in the same order every time.</summary>
    public static IEnumerable<FuzzBody> Of(string good)
    {
        foreach (FuzzBody body in OfText(good).Concat(Types(good)))
        {
            yield return body;
        }

        JsonNode root = JsonNode.Parse(good)!;
        int count = 0;
        Write(root, ref count, -1, Edit.Remove, "");
        for (int i = 0; i < count; i++)
        {
            foreach (string other in Others)
            {
                yield return Mutated(root, i, Edit.Replace, other);
            }

            yield return Mutated(root, i, Edit.Remove, "");
            yield return Mutated(root, i, Edit.Double, "");
            yield return Mutated(root, i, Edit.Wrap, "");
        }
    }

    /// <summary>The body cut, empty, followed by more, in bytes that are no text, or with a member that is not known.</summary>
    public static IEnumerable<FuzzBody> OfText(string good)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(good);
        yield return new FuzzBody(good);
        foreach (string text in (string[])["", " ", "{", "[", "\"", "{}", "[]", "null", "NaN", $"[{good}]", good + good, good + "x", "{}{}"])
        {
            yield return new FuzzBody(text);
        }

        for (int part = 1; part < 8; part++)
        {
            yield return new FuzzBody(bytes[..(bytes.Length * part / 8)]);
            byte[] broken = [.. bytes];
            broken[bytes.Length * part / 8] = 0xff;
            yield return new FuzzBody(broken);
        }

        yield return new FuzzBody([0xef, 0xbb, 0xbf, .. bytes]);
        yield return new FuzzBody(System.Text.Encoding.Unicode.GetBytes(good));
        yield return new FuzzBody(Nest(100_000, "1"));
        yield return new FuzzBody(good.Length > 2 ? good.Insert(1, "\"unknown\":1,") : "{\"unknown\":1}");
        yield return new FuzzBody(good.Length > 2 ? good.Insert(1, "\"\\udfff\":1,") : "{\"\\udfff\":1}");
    }

    /// <summary>The body as something that it is not.</summary>
    public static IEnumerable<FuzzBody> Types(string good) =>
        ((string?[])
        [
            null, "", "text/plain", "application/json; charset=utf-16", "application/json; charset=nothing", "application/xml",
            "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b",
            "application/octet-stream", "application/problem+json", "/", "application/json, text/plain",
        ]).Select(type => new FuzzBody(good, type));

    /// <summary>Forms of files that are nearly right.</summary>
    public static IEnumerable<FuzzBody> OfForms(string name, string fileName, string content)
    {
        string header = $"Content-Disposition: form-data; name=\"{name}\"; filename=\"{fileName}\"\r\nContent-Type: text/plain\r\n";
        string good = $"--b\r\n{header}\r\n{content}\r\n--b--\r\n";
        List<string> texts =
        [
            good, "", "--b--\r\n", "--b\r\n", "--b\r\n\r\n\r\n--b--\r\n", $"--b\r\n{header}\r\n--b--\r\n", $"--c\r\n{header}\r\n{content}\r\n--c--\r\n",
            good.Replace("form-data", "attachment", StringComparison.Ordinal), good.Replace("; filename", "; other", StringComparison.Ordinal),
            good.Replace($"name=\"{name}\"", "name=\"\"", StringComparison.Ordinal), good.Replace("\r\n", "\n", StringComparison.Ordinal),
            $"--b\r\n{new string('h', 40_000)}: x\r\n\r\nx\r\n--b--\r\n", "--b\r\nno header\r\n\r\nx\r\n--b--\r\n", good + good,
            $"--b\r\nContent-Disposition: form-data; name=\"top\"\r\n\r\nx\r\n--b--\r\n",
            $"--b\r\nContent-Disposition: form-data; name=\"unknown\"\r\n\r\n1\r\n{good}",
        ];
        texts.AddRange(((string[])["..", "../x", "/", "a/b", "\0", " ", "con", new string('x', 300), "x\u0001", ".", "%00", "\ud83d\ude00", "a\\b"])
            .Select(other => good.Replace($"\"{fileName}\"", $"\"{other}\"", StringComparison.Ordinal)));
        for (int part = 1; part < 12; part++)
        {
            texts.Add(good[..(good.Length * part / 12)]);
        }

        foreach (string text in texts)
        {
            yield return new FuzzBody(text, "multipart/form-data; boundary=b");
        }

        foreach (FuzzBody body in Types(good).Concat(Types("{}")))
        {
            yield return body;
        }

        yield return new FuzzBody(good, $"multipart/form-data; boundary={new string('b', 3000)}");
        yield return new FuzzBody(good, "multipart/form-data; boundary=\"b");
    }

    private static FuzzBody Mutated(JsonNode root, int target, Edit edit, string other)
    {
        int index = 0;
        return new FuzzBody(Write(root, ref index, target, edit, other) ?? "");
    }

    // The values are counted as they are met; null means that the value is left out.
    private static string? Write(JsonNode? node, ref int index, int target, Edit edit, string other)
    {
        bool isTarget = index++ == target;
        string text;
        switch (node)
        {
            case JsonArray array:
                List<string> items = [];
                foreach (JsonNode? item in array)
                {
                    bool isDouble = index == target && edit == Edit.Double;
                    if (Write(item, ref index, target, edit, other) is { } written)
                    {
                        items.AddRange(isDouble ? [written, written] : [written]);
                    }
                }

                text = $"[{string.Join(',', items)}]";
                break;
            case JsonObject members:
                List<string> pairs = [];
                foreach ((string name, JsonNode? value) in members)
                {
                    bool isDouble = index == target && edit == Edit.Double;
                    if (Write(value, ref index, target, edit, other) is { } written)
                    {
                        string pair = $"{JsonValue.Create(name).ToJsonString()}:{written}";
                        pairs.AddRange(isDouble ? [pair, pair] : [pair]);
                    }
                }

                text = $"{{{string.Join(',', pairs)}}}";
                break;
            default:
                text = node?.ToJsonString() ?? "null";
                break;
        }

        return !isTarget ? text : edit switch
        {
            Edit.Remove => null,
            Edit.Replace => other,
            Edit.Wrap => string.Create(CultureInfo.InvariantCulture, $"[{text}]"),
            _ => text,
        };
    }

    private static string Nest(int depth, string inner) => new string('[', depth) + inner + new string(']', depth);

    private static string NestObjects(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
