namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>One check of a model.</summary>
/// <param name="Name">What was checked: <c>contract</c>, <c>tokens</c>, <c>pixels</c>, <c>text</c>, <c>passage</c>, <c>picture</c>,
/// <c>parity</c>, <c>use</c>.</param>
/// <param name="State">What came out.</param>
/// <param name="Detail">What was seen, or what is wrong.</param>
public sealed record ModelCheck(string Name, ModelCheckState State, string Detail);
