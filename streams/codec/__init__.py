"""The only reader and writer of the wire format."""

from streams.codec.dossiers import StatusChanged, admit, decode_event, encode_event, parse_status_changed
from streams.codec.envelope import BACKFILL_HEADER, decode_object, encode_envelope, is_envelope, stable_id
from streams.codec.errors import InvalidInput
from streams.codec.feedback import (
    Reason,
    Received,
    Text,
    admit_received,
    decode_feedback_event,
    decode_text,
    encode_feedback_event,
    encode_received,
    encode_text,
    parse_received,
    text_key,
)
from streams.codec.sealing import Opener, Sealer, SealError
from streams.codec.states import (
    Tick,
    decode_dossier_state,
    decode_feedback_state,
    decode_outcome,
    decode_tick,
    decode_watched,
    encode_outcome,
    encode_state,
    encode_tick,
)

__all__ = [
    "BACKFILL_HEADER",
    "InvalidInput",
    "Opener",
    "Reason",
    "Received",
    "SealError",
    "Sealer",
    "StatusChanged",
    "Text",
    "Tick",
    "admit",
    "admit_received",
    "decode_dossier_state",
    "decode_event",
    "decode_feedback_event",
    "decode_feedback_state",
    "decode_object",
    "decode_outcome",
    "decode_text",
    "decode_tick",
    "decode_watched",
    "encode_envelope",
    "encode_event",
    "encode_feedback_event",
    "encode_outcome",
    "encode_received",
    "encode_state",
    "encode_text",
    "encode_tick",
    "is_envelope",
    "parse_received",
    "parse_status_changed",
    "stable_id",
    "text_key",
]
