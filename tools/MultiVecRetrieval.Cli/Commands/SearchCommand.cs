using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr search</c>: find entries by text, by an image file, or by a stored entry; one query or a file of them.</summary>
internal static class SearchCommand
{
    // One page to read and where else to look, for every document. Who measures ranks pages, and names how many are looked at.
    private const int StandardGroupSize = 6;

    public static Command Create(GlobalOptions global)
    {
        Argument<string[]> words = new("text") { Description = "Words to find.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> image = new("--image") { Description = "Search by an image file; with words: like it and about them.", HelpName = "FILE" };
        Option<string?> like = new("--like") { Description = "Search by a stored entry (its key), with or without words.", HelpName = "KEY" };
        Option<string[]> but = new("--but")
        {
            Description = "How the picture or entry is to be different, in words; with --image or --like.",
            HelpName = "WORDS",
        };
        Option<string?> showing = new("--showing")
        {
            Description = "What the picture or entry shows, in words: --but changes that.",
            HelpName = "WORDS",
        };
        Option<string[]> not = new("--not") { Description = "What must not be there, in words or as a picture file.", HelpName = "WORDS" };
        Option<string[]> then = new("--then")
        {
            Description = "What comes next, in words or as a picture file: finds videos in which one follows the other.",
            HelpName = "WORDS",
        };
        Option<string[]> part = new("--part")
        {
            Description = "A part of the question as JSON, as over HTTP: text, image (a file), entry, box, span, attribute, role, weight, rows, space.",
            HelpName = "JSON",
        };
        Option<string> combine = new("--combine")
        {
            Description = "How the parts become one question: auto, sum, direction, slerp, all, any, sequence.",
            DefaultValueFactory = _ => "auto",
        };
        combine.AcceptOnlyFromAmong("auto", "sum", "direction", "slerp", "all", "any", "sequence");
        Option<double> scale = new("--direction-scale")
        {
            Description = "How far --but moves the picture, -4 to 4.",
            DefaultValueFactory = _ => 1,
        };
        Option<double> textShare = new("--text-share")
        {
            Description = "What share words have beside the picture in a direction, 0 to 1.",
            DefaultValueFactory = _ => 0.5,
        };
        Option<int> top = new("--top", "-k") { Description = "How many hits, 1 to 10000.", DefaultValueFactory = _ => 10 };
        Option<int> offset = new("--offset") { Description = "Hits to skip." };
        Option<string> side = new("--using")
        {
            Description = "fused: vectors and full text together; vectors; text.",
            DefaultValueFactory = _ => "fused",
        };
        side.AcceptOnlyFromAmong("fused", "vectors", "text");
        Option<string?> filter = new("--filter", "-f")
        {
            Description = "Condition, for instance \"type = page and path like 'reports/*' and page <= 10\".",
            HelpName = "EXPR",
        };
        Option<double?> recall =
            new("--recall")
            {
                Description = "Share of the exact best hits that must be found, in (0, 1] (default: exact while that is fast, then 0.95)."
            };
        Option<bool> exact = new("--exact") { Description = "Score every entry exactly, however long it takes." };
        Option<int?> rows =
            new("--rows")
            {
                Description = "Score each entry by at most this many of its first rows; for collections made with the reduction order.",
                HelpName = "N"
            };
        Option<int?> group = new("--group")
        {
            Description = "Hits of one document at most, shown together, 1 to 100; 0: every page is a hit by itself "
                + $"(default: {StandardGroupSize}; 0 with --tier or --queries).",
            HelpName = "N",
        };
        Option<string?> tier = new("--tier")
        {
            Description =
                "Let the codes of this tier choose candidates, or those of several, each among the candidates of the one before, as in \"codeset:4096 > bits:2\" (default: the collection chooses).",
            HelpName = "SPEC",
        };
        Option<string?> budget = new("--budget")
        {
            Description =
                "Candidates that each tier of --tier passes on, as in 3000,500; those of the last are scored exactly.",
            HelpName = "N[,N...]",
        };
        Option<string?> fusion = new("--fusion")
        {
            Description = "How sides are joined: evidence (default), rrf (weighted reciprocal ranks), dbsf (scores by their spread).",
            HelpName = "evidence|rrf|dbsf",
        };
        Option<string?> weights = new("--weights")
        {
            Description = "How much each side counts in rrf and dbsf, as in \"text=2, minilm=0.5\" (default: 1 each).",
            HelpName = "SIDE=N[,...]",
        };
        Option<double?> minScore = new("--min-score")
        {
            Description = "Leave out hits of a lower score; of several sides it is evidence in [0, 1], and answers begin at 0.3.",
            HelpName = "S",
        };
        Option<double?> minEvidence = new("--min-evidence")
        {
            Description = "Leave out hits with less evidence, in [0, 1] on every side; answers begin at 0.3.",
            HelpName = "E",
        };
        Option<string?> sort = new("--sort")
        {
            Description = "Put likely hits in order by a field, as in \"taken desc\" (default: by score).",
            HelpName = "FIELD [asc|desc]",
        };
        Option<double> diversity = new("--diversity")
        {
            Description = "How much hits are to differ from those before them, 0 to 1 (default: 0).",
            HelpName = "D",
        };
        Option<string?> facets = new("--facets")
        {
            Description = "Count the values of these fields over the likely hits, as in type,year,tags.",
            HelpName = "FIELD[,...]",
        };
        Option<string?> task = new("--task")
        {
            Description = "What the question is about, for models that have other words around a query by task (see mvr models).",
            HelpName = "NAME",
        };
        Option<string?> rerank = new("--rerank")
        {
            Description = "Let this reranker, a folder or its name, score the best hits again and decide their order.",
            HelpName = "MODEL",
        };
        Option<int> rerankTop = new("--rerank-top")
        {
            Description = "With --rerank: how many of the best hits, 1 to 1000.",
            DefaultValueFactory = _ => 50,
        };
        Option<FileInfo?> through = new("--through")
        {
            Description = "Ask by a new model what an old one indexed: the file that mvr binarizer train --old wrote; with --model.",
            HelpName = "FILE.mvrb",
        };
        Option<string?> model =
            new("--model", "-m") { Description = "With --through: the new model, a folder or its name.", HelpName = "DIR" };
        Option<FileInfo?> queries =
            new("--queries")
            {
                Description = "Run many queries: one {\"id\",\"query\"} a line; a query may be an image path.",
                HelpName = "FILE.jsonl"
            };
        Option<FileInfo?> run =
            new("--run") { Description = "With --queries: write a TREC run (id Q0 key rank score tag) to this file.", HelpName = "FILE" };
        Command command = new("search", "Find pages, texts, pictures and moments by text, by example, or by both.")
        {
            words, image, like, but, showing, not, then, part, combine, scale, textShare, top, offset, side, filter, group, recall, exact,
            tier, budget, rows, fusion, weights, minScore, minEvidence, sort, diversity, facets, task, rerank, rerankTop, through,
            model, queries, run,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LibraryQuery query = new()
            {
                Collection = parsed.GetRequiredValue(global.Collection),
                Text = parsed.GetValue(words) is { Length: > 0 } given ? string.Join(' ', given) : null,
                ImagePath = parsed.GetValue(image),
                LikeEntry = parsed.GetValue(like),
                Parts =
                [
                    .. QueryPartOptions.Words(QueryRole.Context, parsed.GetValue(showing) is { } context ? [context] : []),
                    .. QueryPartOptions.Words(QueryRole.Modifier, parsed.GetValue(but) ?? []),
                    .. QueryPartOptions.Words(QueryRole.Exclude, parsed.GetValue(not) ?? []),
                    .. QueryPartOptions.Words(QueryRole.Subject, parsed.GetValue(then) ?? []),
                    .. QueryPartOptions.Parse(parsed.GetValue(part) ?? []),
                ],
                Combine = ReadCombination(parsed.GetRequiredValue(combine), parsed.GetValue(then) is { Length: > 0 }),
                DirectionScale = parsed.GetValue(scale),
                TextShare = parsed.GetValue(textShare),
                Using = Enum.Parse<SearchSide>(parsed.GetRequiredValue(side), ignoreCase: true),
                Filter = parsed.GetValue(filter) is string expression ? Filter.Parse(expression) : null,
                Top = parsed.GetValue(top),
                Offset = parsed.GetValue(offset),
                Effort = ReadEffort(
                    parsed.GetValue(recall), parsed.GetValue(exact), parsed.GetValue(tier), ParseBudgets(parsed.GetValue(budget))),
                RowLimit = parsed.GetValue(rows),
                GroupSize = ReadGroupSize(
                    parsed.GetValue(group) ?? (parsed.GetValue(tier) is null && parsed.GetValue(queries) is null ? StandardGroupSize : 0)),
                Fusion = ReadFusion(parsed.GetValue(fusion), parsed.GetValue(weights)),
                MinScore = parsed.GetValue(minScore),
                MinEvidence = parsed.GetValue(minEvidence),
                Order = ReadOrder(parsed.GetValue(sort)),
                Diversity = parsed.GetValue(diversity),
                Facets = (parsed.GetValue(facets) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Task = parsed.GetValue(task),
                Rerank = ReadRerank(parsed.GetValue(rerank), parsed.GetValue(rerankTop)),
                Bridge = ReadBridge(parsed.GetValue(through), parsed.GetValue(model)),
            };
            Check(query, parsed.GetValue(queries), parsed.GetValue(run));
            using Library library = Settings.OpenLibrary(parsed, global);
            if (parsed.GetValue(queries) is FileInfo queryFile)
            {
                return await QueryFile.RunAsync(library, query, queryFile.FullName, parsed.GetValue(run)!.FullName, cancellationToken);
            }

            Stopwatch clock = Stopwatch.StartNew();
            SearchResultBody result = SearchResultBody.From(await library.SearchAsync(query, cancellationToken), query.Offset);
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(result);
            }
            else
            {
                SearchPrinter.Print(result, clock.Elapsed);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static QueryCombination ReadCombination(string name, bool hasNext)
    {
        QueryCombination combination = Enum.Parse<QueryCombination>(name, ignoreCase: true);
        return !hasNext ? combination
            : combination is QueryCombination.Auto or QueryCombination.Sequence ? QueryCombination.Sequence
            : throw new UsageException($"--then asks for a sequence; --combine {name} does not go with it.");
    }

    private static int? ReadGroupSize(int size) => size switch
    {
        0 => null,
        >= 1 and <= 100 => size,
        _ => throw new UsageException($"--group must be in [0, 100], found {size}."),
    };

    private static int[] ParseBudgets(string? list) => list is null ? [] :
    [
        .. list.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int budget) && budget > 0
            ? budget : throw new UsageException(
                $"--budget takes whole numbers from 1 on, separated by commas, as in 3000,500; found '{list}'.")),
    ];

    // What is wrong is said of the option, as people typed it.
    private static SearchEffort ReadEffort(double? recall, bool isExact, string? tiers, int[] budgets)
    {
        try
        {
            return SearchEffort.From(recall, isExact, tiers, budgets);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new UsageException($"--{wrong.ParamName}: {ErrorText.Get(wrong)}");
        }
        catch (SearchOptionException wrong)
        {
            throw new UsageException($"--{(wrong.Parameter == "budgets" ? "budget" : wrong.Parameter)}: {wrong.Message}");
        }
    }

    private static SideFusion ReadFusion(string? method, string? weights)
    {
        try
        {
            return SideFusion.From(method, weights);
        }
        catch (SearchOptionException wrong)
        {
            throw new UsageException($"--{wrong.Parameter}: {wrong.Message}");
        }
    }

    private static EntryOrder? ReadOrder(string? text)
    {
        try
        {
            return text is null ? null : EntryOrder.Parse(text);
        }
        catch (SearchOptionException wrong)
        {
            throw new UsageException($"--{wrong.Parameter}: {wrong.Message}");
        }
    }

    private static RerankOptions? ReadRerank(string? model, int candidates) => model is null ? null
        : candidates is >= 1 and <= RerankOptions.MaxCandidates ? new RerankOptions { Model = model, Candidates = candidates }
        : throw new UsageException($"--rerank-top must be in [1, {RerankOptions.MaxCandidates}], found {candidates}.");

    private static QueryBridge? ReadBridge(FileInfo? through, string? model) => (through, model) switch
    {
        (null, null) => null,
        ({ } file, { } name) => new QueryBridge { Model = name, Binarizer = BinarizerFile.Read(file.FullName) },
        _ => throw new UsageException("--through FILE and --model DIR go together."),
    };

    private static void Check(LibraryQuery query, FileInfo? queries, FileInfo? run)
    {
        bool hasWords = !string.IsNullOrWhiteSpace(query.Text);
        bool asks = hasWords || query.ImagePath is not null || query.LikeEntry is not null || query.Parts.Count > 0;
        if (!asks && queries is null)
        {
            throw new UsageException("give words, --image FILE, --like KEY or --part JSON, or several of them, or --queries FILE.");
        }

        if (hasWords && query is { ImagePath: null, LikeEntry: null, Parts.Count: 0 }
            && SearchText.WithoutOperators(query.Text!).Length == 0)
        {
            throw new UsageException($"{query.Text} only says what must not be there; a word that begins with a dash is searched for in quotes: "
                + "mvr search '\"-word\"'.");
        }

        bool hasSubject = query is not { ImagePath: null, LikeEntry: null } || query.Parts.Any(part => part.Role == QueryRole.Subject);
        if (!hasSubject && query.Parts.Any(part => part.Role is QueryRole.Modifier or QueryRole.Context))
        {
            throw new UsageException("--but and --showing go with --image FILE or --like KEY, which they change.");
        }

        if (queries is not null && asks)
        {
            throw new UsageException("--queries has the questions; words, --image, --like and parts do not go with it.");
        }

        if ((queries is null) != (run is null))
        {
            throw new UsageException("--queries FILE and --run FILE go together.");
        }

        if (query.Top is < 1 or > 10_000)
        {
            throw new UsageException($"--top must be in [1, 10000], found {query.Top}.");
        }

        if (query.Offset is < 0 or > 1_000_000)
        {
            throw new UsageException($"--offset must be in [0, 1000000], found {query.Offset}.");
        }

        if (query.Diversity is not (>= 0 and <= 1))
        {
            throw new UsageException($"--diversity must be in [0, 1], found {query.Diversity}.");
        }

        if (query is { Using: SearchSide.Text, Effort: SearchEffort.TiersEffort })
        {
            throw new UsageException("--tier does not go with --using text: full text has no tiers.");
        }

        if (query.RowLimit is < 1)
        {
            throw new UsageException($"--rows must be at least 1, found {query.RowLimit}.");
        }

        if (query.ImagePath is string image && !File.Exists(image))
        {
            throw new FileNotFoundException($"No image file at {image}.");
        }
    }
}
