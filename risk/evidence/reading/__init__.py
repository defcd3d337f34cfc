"""Reading files of evidence: what one is, what its record says, what it looks like.

Files are hostile until read: callers run this in a process of its own (`isolated_reader`). What
decodes them is imported there alone, with the first file.
"""

from __future__ import annotations

from risk.evidence.reading.record import READER, FileRecord, UnreadableFile

__all__ = ["READER", "FileRecord", "UnreadableFile", "playing", "read_file", "rendering"]


def read_file(content: bytes) -> FileRecord:
    """What is read of a file. Raises UnreadableFile for one that is broken, hostile, or of no kind
    that is read."""
    from risk.evidence.reading.credentials import with_credentials
    from risk.evidence.reading.document import read_document
    from risk.evidence.reading.film import read_film
    from risk.evidence.reading.media_type import media_type
    from risk.evidence.reading.picture import read_picture

    found = media_type(content)
    if found == "application/pdf":
        return read_document(content)
    read = read_picture if found.startswith("image/") else read_film
    return with_credentials(read(content, found), content)


def rendering(content: bytes, media_type: str, width: int) -> bytes:
    """A picture to show of a file, encoded anew as JPEG without its record, at most so wide: the
    first frame of a film, the first page of a document. Raises UnreadableFile."""
    from risk.evidence.reading.document import document_rendering
    from risk.evidence.reading.film import film_rendering
    from risk.evidence.reading.picture import picture_rendering

    if media_type == "application/pdf":
        return document_rendering(content, width)
    if media_type.startswith("video/"):
        return film_rendering(content, width)
    return picture_rendering(content, media_type, width)


def playing(content: bytes, media_type: str, width: int) -> bytes:
    """A film as a moving picture, encoded anew as WebP without sound or record, at most so wide.
    Raises UnreadableFile, also for what is no film."""
    from risk.evidence.reading.film import film_playing

    if not media_type.startswith("video/"):
        raise UnreadableFile("a film")
    return film_playing(content, width)
