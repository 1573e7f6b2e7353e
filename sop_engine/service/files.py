"""Files handed in with an answer: the answer names the file by its digest, the content is kept beside the case."""

from __future__ import annotations

from sop_engine.service import access
from sop_engine.service.errors import NotFound
from sop_engine.service.sandbox import refuse_from_sandbox
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import attachments
from sop_engine.store.attachments import Attachment


def keep_file(
    svc: Service, reader: Reader, case_id: str, *, name: str, media_type: str, digest: str, content: bytes
) -> None:
    """Keep a file with a case, once. Raises NotFound, and InvalidAnswers for a paper of the training sandbox."""
    if not svc.is_training:
        refuse_from_sandbox(content)
    with svc.store.writing() as conn:
        access.find(conn, svc.current, reader, case_id)
        if any(found.sha256 == digest for found in attachments.attachments_of(conn, case_id)):
            return
        kept = Attachment(svc.ids(), case_id, name, media_type, digest, len(content), reader.user, svc.clock())
        attachments.add_attachment(conn, kept, content)


def load_file(svc: Service, reader: Reader, case_id: str, *, digest: str) -> tuple[Attachment, bytes]:
    """Return a file of a case with its content, to a reader who holds every class a file may have. Raises NotFound."""
    with svc.store.reading() as conn:
        access.find(conn, svc.current, reader, case_id)
        # Which answer a file belongs to, and so its class, is not looked up: the strictest reading holds.
        if not {"story", "sensitive"} <= access.classes_read(svc.current, reader):
            raise NotFound
        for found in attachments.attachments_of(conn, case_id):
            if found.sha256 == digest:
                content = attachments.load_content(conn, case_id=case_id, attachment_id=found.id)
                if content is not None:
                    return found, content
    raise NotFound
