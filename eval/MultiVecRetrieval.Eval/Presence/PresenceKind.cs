namespace MultiVecRetrieval.Eval.Presence;

/// <summary>What a word is to a picture.</summary>
public enum PresenceKind
{
    /// <summary>It is printed there.</summary>
    Present,

    /// <summary>It is not printed there, and nothing that looks like it.</summary>
    Absent,

    /// <summary>It is not printed there, but a word that holds it, begins like it, or differs in one or two letters.</summary>
    Near,
}
