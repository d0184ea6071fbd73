"""How documents and evidence reach a case, and which files are taken."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from portal.content.words import words
from portal.pages.guide import figures
from portal.pages.guide.blocks import Block, Section, Shown, Text, points, steps


def documents() -> Section:
    return Section("providing-documents", "Providing documents and evidence", (*_sending(), *_rules()))


def _sending() -> tuple[Block, ...]:
    return (
        steps(
            "Select the link of the case; you can do so from any screen. It opens the case details screen",
            "Select the **Documents** tab",
            "Select **Browse documents** to look through the files on your computer and pick those that you want to upload. Hold Ctrl on your "
            "keyboard while you select files to take more than one. You can also drag files from your folders and drop them into the documents section",
            "Select the category that fits each document best. If all of them are of one category, tick **Set same category for all documents**",
            "Finally, select **Upload documents**. They are added to the case, you get a receipt with the time at which we received each, and we are notified",
        ),
        Shown("documents"),
        Shown("categories"),
        Text(f"The categories are: {figures.categories()}."),
    )


def _rules() -> tuple[Block, ...]:
    return (
        Text(
            "You can upload any number of documents to a case. If your browser runs no scripts, it sends up to "
            f"{figures.files_at_once()} at a time. These are the rules for each:"
        ),
        points(
            f"it may be up to {figures.document_limit()}",
            "no compressed (zipped) files, no password protected files and no OpenDocument Text files (their names end in .odt)",
            "most commonly used file types are accepted, among them Microsoft Office documents, PDFs, photographs, video and recordings",
        ),
        Text(
            "A file that the portal cannot take is refused by name, with the reason and what to do about it. The other files are not affected. Refused files are listed under **Not uploaded**, and the receipt names them. "
            f"Files wait in the list for {figures.waiting_life()} until you select **Upload documents**; until then only you can see them."
        ),
        Text(words("advice.file-names")),
        Text(
            "While a document waits, **Rename** gives it another name; we see what it was sent as. An upload that was wrong can be taken back until "
            "we have opened it: select **Withdraw** or **replace** beside it. The list goes on showing that it was there, who took it back, when and why. Until then **Change** gives it another category."
        ),
        Text(
            f"Our guidance about [responding to information requests]({words('link.evidence-guidance')}) is in the landlord area of our website."
        ),
    )
