namespace MultiVecRetrieval.Tests.Server.Fuzzing;

/// <summary>Requests that are answered, by route: what is sent wrongly is made of them.</summary>
internal static class GoodBodies
{
    private const string Points = "/collections/{collection}/points";
    private const string Stores = "/v1/vector_stores";
    private const string V1 = "/v1/collections/{collection}";
    private const string Selected = """{"points":[1,"98a9a4b1-4ef2-46fb-8315-a97d874fe1d7"]}""";

    private const string Filter = """
        {"must":[{"key":"n","range":{"gte":1,"lt":9}},{"should":[{"key":"city","match":{"any":["Berlin"]}},{"has_id":[1]}]}],
         "must_not":[{"is_empty":{"key":"x"}},{"key":"loc","geo_radius":{"center":{"lat":52.5,"lon":13.4},"radius":10}}],
         "min_should":{"conditions":[{"key":"n","match":{"value":3}}],"min_count":1}}
        """;

    private const string Upsert = """
        {"points":[{"id":1,"vector":{"dense":[1,0,0,0],"many":[[1,0],[0,1]]},"payload":{"city":["Berlin"],"n":3,"loc":{"lat":52.5,"lon":13.4}}}]}
        """;

    private const string StoreFilter = """
        {"type":"and","filters":[{"type":"eq","key":"team","value":"tides"},{"type":"in","key":"n","value":[1,2]},
          {"type":"or","filters":[{"type":"gte","key":"page","value":1}]}]}
        """;

    private static readonly Dictionary<string, string[]> Bodies = new(StringComparer.Ordinal)
    {
        ["PUT /collections/{collection}"] =
        [
            """{"vectors":{"dense":{"size":4,"distance":"Dot"},"many":{"size":2,"distance":"Cosine","multivector_config":{"comparator":"max_sim"}}}}""",
            """{"vectors":{"size":4,"distance":"Cosine","on_disk":true,"hnsw_config":{"m":16}},"shard_number":1,"replication_factor":1}""",
        ],
        ["PATCH /collections/{collection}"] = ["""{"optimizers_config":{"indexing_threshold":1000},"vectors":{"dense":{"on_disk":true}}}"""],
        ["PUT /collections/{collection}/index"] = ["""{"field_name":"city","field_schema":{"type":"keyword","is_tenant":false}}"""],
        [$"PUT {Points}"] = [Upsert, """{"batch":{"ids":[1,2],"vectors":{"dense":[[1,0,0,0],[0,1,0,0]]},"payloads":[{"a":1},null]}}"""],
        [$"POST {Points}"] = ["""{"ids":[1,2],"with_payload":{"include":["city"]},"with_vector":["dense"]}"""],
        [$"POST {Points}/delete"] = [Selected, """{"filter":FILTER}"""],
        [$"POST {Points}/payload"] = ["""{"payload":{"n":4,"deep":{"a":[1]}},"points":[1],"key":"deep"}"""],
        [$"PUT {Points}/payload"] = ["""{"payload":{"n":4},"filter":FILTER}"""],
        [$"POST {Points}/payload/delete"] = ["""{"keys":["n"],"points":[1]}"""],
        [$"POST {Points}/payload/clear"] = [Selected],
        [$"PUT {Points}/vectors"] = ["""{"points":[{"id":1,"vector":{"dense":[0,1,0,0]}}]}"""],
        [$"POST {Points}/vectors/delete"] = ["""{"points":[1],"vector":["many"]}"""],
        [$"POST {Points}/batch"] =
        [
            """{"operations":[{"upsert":UPSERT},{"set_payload":{"payload":{"n":5},"points":[1]}},{"delete_vectors":{"points":[1],"vector":["many"]}},{"delete":{"points":[9]}}]}""",
        ],
        [$"POST {Points}/count"] = ["""{"filter":FILTER,"exact":true}"""],
        [$"POST {Points}/scroll"] = ["""{"filter":FILTER,"limit":2,"offset":1,"with_payload":["city"],"with_vector":true,"order_by":{"key":"n","direction":"desc","start_from":9}}"""],
        ["POST /collections/{collection}/facet"] = ["""{"key":"city","limit":3,"filter":FILTER,"exact":true}"""],
        [$"POST {Points}/query"] =
        [
            """{"query":[0.2,0.1,0.9,0.7],"using":"dense","filter":FILTER,"limit":3,"offset":0,"score_threshold":0.1,"with_payload":true,"with_vector":true,"params":{"exact":true,"hnsw_ef":9}}""",
            """{"prefetch":[{"query":[1,0,0,0],"using":"dense","limit":5},{"prefetch":{"query":[[1,0],[0,1]],"using":"many","limit":5},"query":2,"using":"dense"}],"query":{"rrf":{"k":60,"weights":[1,2]}},"limit":3}""",
            """{"prefetch":{"query":[1,0,0,0],"using":"dense","limit":5},"query":{"formula":{"sum":["$score",{"mult":[0.5,{"key":"n","match":{"value":3}}]},{"gauss_decay":{"x":{"datetime":"2024-01-01"},"scale":5,"target":1,"midpoint":0.5}}]},"defaults":{"n":1}}}""",
            """{"query":{"recommend":{"positive":[1,[0,1,0,0]],"negative":[2],"strategy":"best_score"}},"using":"dense"}""",
            """{"query":{"nearest":[1,0,0,0],"mmr":{"diversity":0.5,"candidates_limit":20}},"using":"dense"}""",
            """{"query":{"order_by":{"key":"n"}}}""", """{"query":{"fusion":"dbsf"},"prefetch":[{"query":[1,0,0,0],"using":"dense"}]}""",
            """{"query":1,"using":"dense","lookup_from":{"collection":"t","vector":"dense"}}""", """{"query":{"sample":"random"}}""",
        ],
        [$"POST {Points}/query/batch"] = ["""{"searches":[{"query":[1,0,0,0],"using":"dense","limit":1},{"query":2,"using":"dense"}]}"""],
        [$"POST {Points}/query/groups"] = ["""{"query":[1,0,0,0],"using":"dense","group_by":"city","group_size":2,"limit":3}"""],
        [$"POST {Points}/search"] = ["""{"vector":{"name":"dense","vector":[1,0,0,0]},"limit":2,"score_threshold":0.1}"""],
        [$"POST {Points}/search/batch"] = ["""{"searches":[{"vector":{"name":"dense","vector":[1,0,0,0]},"limit":1}]}"""],
        [$"POST {Points}/search/groups"] = ["""{"vector":{"name":"dense","vector":[1,0,0,0]},"group_by":"city","limit":1}"""],
        [$"POST {Points}/recommend"] = ["""{"positive":[1],"negative":[2],"strategy":"average_vector","using":"dense","limit":2}"""],
        [$"POST {V1}/search"] =
        [
            """{"text":"page red","filter":"type = page or page > 0","top":3,"offset":1,"fusion":"rrf","weights":"text=2","facets":"type,year","sort":"page desc"}""",
            """{"parts":[{"text":"red","weight":2},{"image":"IMAGE","box":[0.1,0.1,0.9,0.9],"role":"modifier"},{"text":"blue","role":"exclude","weight":0.5}],"combine":"all","top":2}""",
            """{"parts":[{"rows":[[1,0,0,0]],"space":"dense"}],"minScore":0.1,"diversity":0.3,"groupSize":2}""",
            """{"text":"red","exact":true,"explain":true,"snapshot":"keep"}""", """{"entry":"seen.png","recall":0.9}""",
            """{"text":"red","tier":"bits:2","budgets":[30]}""",
        ],
        [$"POST {V1}/search/batch"] = ["""{"searches":[{"text":"red"},{"entry":"seen.png","top":2}]}"""],
        [$"POST {V1}/answer"] = ["""{"text":"red","contextOnly":true,"maxContextTokens":100,"pictures":false,"stream":true}"""],
        [$"POST {V1}/records"] = ["""{"records":[{"key":"a/1","vectors":{"dense":[[1,0,0,0]],"many":[[1,0],[0,1]]},"payload":{"a":{"b":[1,null]}}}]}"""],
        ["PUT /v1/collections/{collection}"] =
            ["""{"vectors":[{"name":"dense","dimension":4,"distance":"dot"}]}""", """{"models":[],"reduction":"ward:3"}"""],
        ["POST /v1/embeddings"] =
        [
            """{"model":"MODEL","input":["red",{"text":"blue"},{"image":"IMAGE"},{"content":[{"type":"text","text":"red"}]}],"encoding_format":"base64"}""",
            """{"model":"MODEL","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,IMAGE"}}]}]}""",
        ],
        ["POST /v2/embed"] =
        [
            """{"model":"MODEL","texts":["red","blue"],"input_type":"search_query","embedding_types":["float","base64"],"truncate":"END"}""",
            """{"model":"MODEL","images":["IMAGE"],"input_type":"image","output_dimension":null}""",
        ],
        ["POST /v1/pooling"] = ["""{"model":"MODEL","input":["red"],"task":"embed","encoding_format":"float"}"""],
        ["POST /v1/score"] = ["""{"model":"MODEL","text_1":"red","text_2":["red",{"text":"blue"}]}"""],
        ["POST /v1/rerank"] = ["""{"model":"MODEL","query":"red","documents":["red",{"text":"blue"}],"top_n":1,"return_documents":true}"""],
        [$"POST {Stores}"] = ["""{"name":"t","description":"d","metadata":{"team":"tides"},"file_ids":[],"expires_after":{"days":1}}"""],
        [$"POST {Stores}/{{id}}"] = ["""{"name":"seen","description":null,"metadata":{"team":"tides"}}"""],
        [$"POST {Stores}/{{id}}/search"] =
        [
            """{"query":["red","blue"],"max_num_results":3,"filters":STORE_TERMS,"ranking_options":{"score_threshold":0.1,"ranker":"auto"},"rewrite_query":false}""",
        ],
        [$"POST {Stores}/{{id}}/files"] = ["""{"file_id":"file-none","attributes":{"year":2024,"team":"tides","new":true},"chunking_strategy":{"type":"auto"}}"""],
        [$"POST {Stores}/{{id}}/file_batches"] = ["""{"file_ids":["file-none"],"attributes":{"a":"b"}}""", """{"files":[{"file_id":"file-none","attributes":{"a":1}}]}"""],
        ["POST /mcp"] =
        [
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"red","collection":"seen","top":2,"filter":"type = image"}}}""",
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"fetch","arguments":{"id":"seen/seen.png"}}}""",
            """{"jsonrpc":"2.0","id":"4","method":"tools/list","params":{}}""",
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
        ],
    };

    // Other addresses of the same handlers.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["POST /v1/multimodalembeddings"] = "POST /v1/embeddings",
        ["POST /pooling"] = "POST /v1/pooling",
        ["POST /score"] = "POST /v1/score",
        ["POST /rerank"] = "POST /v1/rerank",
        ["POST /v2/rerank"] = "POST /v1/rerank",
    };

    /// <summary>Those of a route, with the model and the picture that they name; none where the route has no body or only
    /// docs/openapi.json says what it takes.</summary>
    public static IReadOnlyList<string> Of(string route, string model, string image) =>
    [
        .. Bodies.GetValueOrDefault(Aliases.GetValueOrDefault(route, route), []).Select(body => body
            .Replace("FILTER", Filter, StringComparison.Ordinal).Replace("UPSERT", Upsert, StringComparison.Ordinal)
            .Replace("STORE_TERMS", StoreFilter, StringComparison.Ordinal)
            .Replace("MODEL", model, StringComparison.Ordinal).Replace("IMAGE", image, StringComparison.Ordinal)),
    ];
}
