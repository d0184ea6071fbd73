"""The kinds of document: which are accepted, their names in words, and the extensions of each."""

from typing import NamedTuple


class Kind(NamedTuple):
    words: str
    media_type: str


_OOXML = "application/vnd.openxmlformats-officedocument."
_ACCEPTED: dict[str, Kind] = {
    "pdf": Kind("a PDF", "application/pdf"),
    "doc": Kind("a Word 97-2003 document", "application/msword"),
    "docx": Kind("a Word document", _OOXML + "wordprocessingml.document"),
    "xls": Kind("an Excel 97-2003 workbook", "application/vnd.ms-excel"),
    "xlsx": Kind("an Excel workbook", _OOXML + "spreadsheetml.sheet"),
    "ppt": Kind("a PowerPoint 97-2003 presentation", "application/vnd.ms-powerpoint"),
    "pptx": Kind("a PowerPoint presentation", _OOXML + "presentationml.presentation"),
    "rtf": Kind("a rich text document", "application/rtf"),
    "txt": Kind("plain text", "text/plain"),
    "csv": Kind("a CSV file", "text/csv"),
    "jpg": Kind("a JPEG picture", "image/jpeg"),
    "png": Kind("a PNG picture", "image/png"),
    "gif": Kind("a GIF picture", "image/gif"),
    "tif": Kind("a TIFF picture", "image/tiff"),
    "bmp": Kind("a bitmap picture", "image/bmp"),
    "heic": Kind("an HEIC picture", "image/heic"),
    "msg": Kind("an Outlook message", "application/vnd.ms-outlook"),
    "eml": Kind("an e-mail", "message/rfc822"),
    "mp3": Kind("an MP3 recording", "audio/mpeg"),
    "m4a": Kind("an M4A recording", "audio/mp4"),
    "wav": Kind("a WAV recording", "audio/wav"),
    "mp4": Kind("an MP4 video", "video/mp4"),
    "mov": Kind("a QuickTime video", "video/quicktime"),
}
ACCEPTED_KINDS: tuple[str, ...] = tuple(_ACCEPTED)
PICTURES = frozenset(name for name, kind in _ACCEPTED.items() if kind.media_type.startswith("image/"))

_OTHER_SPELLINGS = {"jpeg": "jpg", "tiff": "tif"}
_KIND_OF_EXTENSION = {kind: kind for kind in ACCEPTED_KINDS} | _OTHER_SPELLINGS
ACCEPTED_EXTENSIONS: tuple[str, ...] = tuple(_KIND_OF_EXTENSION)

# Content that is recognised so that the refusal can name it; the keys are this package's own.
_NAMED_ONLY = {
    "docm": "a Word document with macros (.docm)",
    "xlsm": "an Excel workbook with macros (.xlsm)",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "pptm": "a PowerPoint presentation with macros (.pptm)",
    "template": "an Office template or add-in",
    "slideshow": "a PowerPoint show (.ppsx)",
    "epub": "an electronic book",
    "compound": "a file of another Microsoft program",
    "iwork": "an Apple Pages, Numbers or Keynote document",
    "webp": "a WebP picture",
    "avif": "an AVIF picture",
    "avi": "an AVI video",
    "matroska": "a Matroska or WebM video",
    "ogg": "an Ogg recording",
    "flac": "a FLAC recording",
    "postscript": "a PostScript file",
    "database": "a database",
    "photoshop": "a Photoshop picture",
}

# What may stand under which ending, where it is not simply the same. A recorder's .m4a often calls itself MP4 inside,
# and a saved e-mail is also text.
_ENDINGS_OF_CONTENT = {"txt": {"txt", "csv"}, "eml": {"eml", "txt", "csv"}, "mp4": {"mp4", "m4a"}}


def _endings(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Endings that are refused with a reason of their own, whatever the content.
COMPRESSED_EXTENSIONS = _endings(
    "7z ace alz arc arj br bz bz2 bzip2 cab cbr cbz cpio deb dmg egg gz gzip img iso jar lha lz lz4 lzh lzma lzo pkg "
    "rar rpm sit sitx svgz sz tar taz tbz tbz2 tgz tlz txz tzst wim xar xz z zip zipx zoo zpaq zst zstd"
)
OPEN_DOCUMENT_EXTENSIONS = _endings(
    "odt ott oth odm ods ots odp otp odg otg odf odc odi odb fodt fods fodp fodg sxw stw sxc stc sxi sti sxd"
)
PROGRAM_EXTENSIONS = _endings(
    "ade adp apk app appimage application appx asp aspx bas bash bat c cgi chm class cmd com cpl cpp cs csh dex dll "
    "dylib elf exe fish gadget go hta inf ins ipa isp java js jse jsp kt ksh lnk lua mjs msc msi msix msp mst ocx "
    "php phtml pif pl pm ps1 ps1xml psd1 psm1 py pyc pyw pyz rb reg rs run scf scr sct service sh shb shs so swift sys "
    "tcl url vb vba vbe vbs vbscript vxd wasm workflow ws wsc wsf wsh xll zsh"
)
WEB_PAGE_EXTENSIONS = _endings("htm html xhtm xhtml shtml mht mhtml maff svg webarchive xht")
MACRO_EXTENSIONS = _endings("docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam")


def kind_of_extension(extension: str) -> str | None:
    return _KIND_OF_EXTENSION.get(extension)


def media_type(kind: str) -> str:
    return _ACCEPTED[kind].media_type


def in_words(kind: str) -> str:
    return _ACCEPTED[kind].words if kind in _ACCEPTED else _NAMED_ONLY[kind]


def agrees(content: str, kind: str) -> bool:
    """Whether a file with this content may have an extension of that kind."""
    return kind in _ENDINGS_OF_CONTENT.get(content, {content})
