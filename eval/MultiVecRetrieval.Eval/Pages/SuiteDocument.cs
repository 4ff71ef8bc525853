namespace MultiVecRetrieval.Eval.Pages;

/// <summary>A real PDF that the page suite reads, and where it comes from.</summary>
/// <param name="Package">Debian package.</param>
/// <param name="Path">File inside the package; <c>.gz</c> is unpacked.</param>
/// <param name="Typesetter">What made it, as far as its metadata tell: pages differ most by that.</param>
internal sealed record SuiteDocument(string Package, string Path, string Typesetter)
{
    /// <summary>File name in the indexed folder.</summary>
    public string FileName => System.IO.Path.GetFileName(Path).Replace(".gz", "", StringComparison.Ordinal);

    /// <summary>Seven manuals of six packages, 541 pages in Debian 12; read whole.</summary>
    public static IReadOnlyList<SuiteDocument> All { get; } =
    [
        new("auto-multiple-choice-doc-pdf", "usr/share/doc/auto-multiple-choice/latex/automultiplechoice.pdf", "LaTeX, many macros"),
        new("debian-policy", "usr/share/doc/debian-policy/fhs/fhs-3.0.pdf.gz", "DocBook, FOP"),
        new("developers-reference", "usr/share/developers-reference/developers-reference.pdf", "Sphinx, pdfTeX"),
        new("live-manual-pdf", "usr/share/doc/live-manual/pdf/live-manual.landscape.en.letter.pdf.gz", "SiSU, XeTeX, landscape"),
        new("pari-doc", "usr/share/pari/doc/tutorial.pdf", "plain TeX, formulas"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-intro.pdf", "Texinfo"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-lang.pdf", "Texinfo"),
    ];

    /// <summary>The documents of which there are questions.</summary>
    public static IReadOnlyList<SuiteDocument> Questioned =>
    [
        .. Long,
        new("gnuplot-doc", "usr/share/doc/gnuplot/gnuplot.pdf", "LaTeX"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-FAQ.pdf", "Texinfo"),
        new("auto-multiple-choice-doc-pdf", "usr/share/doc/auto-multiple-choice/auto-multiple-choice.en.pdf", "DocBook, dblatex"),
        new("asymptote-doc", "usr/share/doc/asymptote/asymptote.pdf", "Texinfo, code"),
    ];

    /// <summary>The same with seven longer manuals of the same packages, 2,279 pages: enough that what is found among 1,000 says
    /// something.</summary>
    public static IReadOnlyList<SuiteDocument> Long { get; } =
    [
        .. All,
        new("debian-policy", "usr/share/doc/debian-policy/policy.pdf.gz", "Sphinx, XeTeX"),
        new("pari-doc", "usr/share/pari/doc/libpari.pdf", "plain TeX, code"),
        new("pari-doc", "usr/share/pari/doc/users.pdf", "plain TeX, formulas"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-admin.pdf", "Texinfo"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-data.pdf", "Texinfo"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-exts.pdf", "Texinfo"),
        new("r-doc-pdf", "usr/share/R/doc/manual/R-ints.pdf", "Texinfo"),
    ];
}
