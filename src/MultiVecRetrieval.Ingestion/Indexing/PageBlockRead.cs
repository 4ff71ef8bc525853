using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Passages;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Reads a few pages of a PDF, rendered at the size that some models want; the first rendering of a page also reads its words.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="texts">The text layers of all its pages.</param>
/// <param name="first">First page, from 1.</param>
/// <param name="last">Last page.</param>
/// <param name="part">Order of this rendering among those of other sizes.</param>
/// <param name="longSide">Pixels of the longer side.</param>
/// <param name="encoders">The models that want this size; empty when only the words are read.</param>
internal sealed class PageBlockRead(
    DocumentWork document, PageTexts texts, int first, int last, int part, int longSide, IReadOnlyList<SpaceEncoder> encoders)
    : ReadJob(document)
{
    // Behind the pictures; what no page shows before what it shows.
    private const int TextPart = int.MaxValue;
    private const int UnseenPart = int.MaxValue - 1;

    public override void Read(ReadContext context)
    {
        HashSet<int> withoutText = part == 0 ? ReadText(context) : [];
        if (part == 0)
        {
            EncodeText(context, withoutText);
        }

        if (encoders.Count == 0)
        {
            for (int page = first; page <= last; page++)
            {
                Document.DeliverNothing(page - 1);
            }
        }
        else
        {
            Render(context);
        }

        SettleText(withoutText);
    }

    private void Render(ReadContext context)
    {
        int next = first;
        try
        {
            foreach (PageResult<RgbImage> rendered in context.Pages.RenderPages(
                texts.GetFile(context.Pages), first, last, longSide, context.CancellationToken))
            {
                if (Document.IsOver)
                {
                    return;
                }

                next = rendered.Page + 1;
                if (rendered.Value is not { } image)
                {
                    Document.FailPicture(rendered.Page - 1, rendered.Problem!.Reason, rendered.Problem.Setting);
                    continue;
                }

                Emit(context, rendered.Page, image);
            }
        }
        catch (MediaException error)
        {
            FailFrom(next, error.Reason, error.Setting);
            return;
        }

        FailFrom(next, "the page was not rendered", setting: null);
    }

    private void Emit(ReadContext context, int page, RgbImage image) => context.Emit(new PictureJob
    {
        Document = Document,
        Image = image,
        EntryIndex = page - 1,
        Part = part,
        Encoders = encoders,
        Role = ImageRole.Page,
    });

    private void FailFrom(int page, string reason, string? setting)
    {
        for (; page <= last; page++)
        {
            Document.FailPicture(page - 1, reason, setting);
        }
    }

    /// <returns>The pages that have no words.</returns>
    private HashSet<int> ReadText(ReadContext context)
    {
        texts.Read(context);
        if (texts.Lacking is { } lacking)
        {
            Document.Note(0, lacking);
        }

        if (texts.Loss is { } loss)
        {
            Document.Fail(loss);
        }

        HashSet<int> withoutText = [];
        for (int page = first; page <= last && !Document.IsOver; page++)
        {
            PageResult<PdfPageText> read = texts[page];
            TextLayer? unseen = texts.FindUnseen(page);
            AddUnseen(context, page, unseen);
            if (read.Value is not { } found)
            {
                Document.Note(page - 1, $"its words could not be read: {read.Problem!.Reason}");
                withoutText.Add(page);
                continue;
            }

            (int width, int height) = ((int)Math.Round(found.WidthInPoints), (int)Math.Round(found.HeightInPoints));
            Document.SetText(
                page - 1, unseen is null ? found.Text : TextLayers.Join([found.Text, unseen]),
                entry => entry with { Width = width, Height = height });
            if (found.Text.Words.Count == 0)
            {
                withoutText.Add(page);
                if (unseen is null)
                {
                    Document.LookForText(page - 1, context);
                }
            }
        }

        return withoutText;
    }

    private void AddUnseen(ReadContext context, int page, TextLayer? unseen)
    {
        if (unseen is null)
        {
            return;
        }

        Document.SetText(page - 1, unseen);
        if (Document.PassageEncoders.Count > 0)
        {
            Document.ExpectMore(page - 1, pictureCount: 1);
            Document.DeliverPassages(page - 1, UnseenPart,
                passages => passages.EncodeSection(unseen, context.CancellationToken), context.CancellationToken);
        }
    }

    // Rows of the text, for the pages that have some; the others settle once they were looked at.
    private void EncodeText(ReadContext context, HashSet<int> withoutText)
    {
        if (Document.PassageEncoders.Count == 0)
        {
            return;
        }

        for (int page = first; page <= last && !Document.IsOver; page++)
        {
            if (!withoutText.Contains(page))
            {
                Deliver(context, page, texts[page].Value!.Text, texts.Layout);
            }
        }
    }

    private void Deliver(ReadContext context, int page, TextLayer text, DocumentLayout layout) => Document.DeliverPassages(
        page - 1, TextPart, passages => passages.Encode(text, layout, context.CancellationToken), context.CancellationToken);

    private void SettleText(HashSet<int> withoutText)
    {
        if (Document.PassageEncoders.Count > 0)
        {
            foreach (int page in withoutText)
            {
                Document.DeliverNothing(page - 1);
            }
        }
    }
}
