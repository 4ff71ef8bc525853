namespace MultiVecRetrieval;

/// <summary>How a field is compared with a value.</summary>
public enum Comparison
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c>; also true where the field is missing.</summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>like</c>: <c>*</c> stands for any characters, '/' among them, <c>?</c> for one; case matters.</summary>
    Like,

    /// <summary><c>contains</c>: the text is anywhere in the value; case, accents and width of letters do not matter.</summary>
    Contains,
}
