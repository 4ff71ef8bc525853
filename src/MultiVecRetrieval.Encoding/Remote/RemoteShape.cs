namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>What requests and answers of a remote encoder look like.</summary>
internal enum RemoteShape
{
    /// <summary>OpenAI's embeddings: <c>input</c> holds texts; a picture goes as a chat message, as vLLM takes it. One vector
    /// each.</summary>
    OpenAi,

    /// <summary>Jina's embeddings: <c>input</c> holds {text} and {image}, <c>task</c> says the side; one vector or several each.</summary>
    Jina,

    /// <summary>vLLM's <c>/pooling</c> with the task token_embed: a vector per token.</summary>
    Pooling,

    /// <summary>No encoder but a reranker, as Jina, Cohere and vLLM have it: <c>query</c> and <c>documents</c> go,
    /// <c>relevance_score</c>s come.</summary>
    Rerank,
}
