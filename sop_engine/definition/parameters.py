"""The parameters of a national profile: the closed list of what a State tells about its asylum system.

Groups are the rows of the regional matrix. Where a value is not known, ``meanwhile`` says which protective reading
holds until somebody decides, and ``asked_in`` or ``decided_in`` where that decision is made on screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["system", "time_limits", "bodies", "remedies", "detention", "documents", "rights"]
Kind: TypeAlias = Literal["text", "length", "yes_no", "choice"]

GROUPS: Mapping[Group, str] = MappingProxyType(
    {
        "system": "The system",
        "time_limits": "Time limits",
        "bodies": "Bodies",
        "remedies": "Remedies",
        "detention": "Detention",
        "documents": "Documents",
        "rights": "Rights and people",
    }
)
PARTY = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing a profile tells. ``kind`` text takes anything; length also takes ``none``."""

    name: str
    group: Group
    title: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    meanwhile: str = ""
    """What holds while the value is unset."""
    asked_in: str = ""
    """The harmonised question (machine.step.question) that an officer answers anyway; the ground stands beside it."""
    decided_in: str = ""
    """The step (machine.step) that reads it: while it is unset, an officer decides there, and names the ground."""
    only_if: str = ""
    """A fact of that machine under which alone the step needs it."""
    timer: str = ""
    """The deadline of the harmonised set (machine.deadline) that carries it."""


SYSTEMS = ("government", "joint", "unhcr_mandate", "ad_hoc", "humanitarian_stay", "complementary_only")
SHAPES = ("committee_decides", "committee_recommends", "single_decider", "commission_decides", "two_key")
NOT_RUN = ("unhcr_mandate", "ad_hoc", "prima_facie_stay")
SUSPENSIVE = ("automatic", "on_order", "none", "unknown")
_STAYS = "The person stays until the result is final and told; the harmonised rule holds."

_ALL = (
    Parameter(name="system", group="system", title="Kind of system", kind="choice", choices=SYSTEMS),
    Parameter(name="authority", group="system", title="Who handled claims, by year", kind="text"),
    Parameter(name="convention_1951", group="system", title="1951 Convention", decided_in="decision.outcome"),
    Parameter(name="protocol_1967", group="system", title="1967 Protocol", decided_in="decision.outcome"),
    Parameter(name="stateless_1954", group="system", title="1954 Convention (stateless persons)",
              decided_in="statelessness.determination"),
    Parameter(name="stateless_1961", group="system", title="1961 Convention (reduction of statelessness)",
              decided_in="statelessness.birth_route"),
    Parameter(name="law", group="system", title="Law or policy"),
    Parameter(
        name="application_window", group="time_limits", title="Window to apply", kind="length",
        meanwhile="A claim is received at any time; lateness is a fact to explain and never refuses registration.",
        decided_in="registration.journey",
    ),
    Parameter(
        name="decision_notice", group="time_limits", title="Notice of the decision", kind="length",
        meanwhile="The harmonised time limit holds.", timer="decision.notify_in_time",
        decided_in="decision.letter",
    ),
    Parameter(
        name="appeal_period", group="time_limits", title="Time to appeal", kind="length",
        meanwhile="The harmonised time limit holds.", timer="appeal.appeal_window",
        decided_in="decision.letter", only_if="negative_part",
    ),
    Parameter(name="appeal_extension", group="time_limits", title="Extension of the time to appeal", kind="length",
              decided_in="appeal.late_examination"),
    Parameter(name="address_change", group="time_limits", title="Notice of a change of address", kind="length",
              decided_in="registration.contact"),
    Parameter(name="receives_claims", group="bodies", title="Receives claims",
              meanwhile="Any officer receives the claim and refers it the same day.",
              decided_in="registration.claim"),
    Parameter(
        name="decision_shape", group="bodies", title="Decision shape", kind="choice", choices=(*SHAPES, *NOT_RUN),
        meanwhile="The reviewer records, with the file, who decides under the law in force.",
        asked_in="decision.endorsement.decision_model",
    ),
    Parameter(name="first_instance", group="bodies", title="Decides in first instance",
              meanwhile="The case supervisor finds out and writes down who decides, before the file is endorsed.",
              asked_in="decision.endorsement.decision_model"),
    Parameter(name="committee", group="bodies", title="Committee and members", decided_in="decision.listing"),
    Parameter(name="quorum", group="bodies", title="Quorum",
              meanwhile="Three members, more than half of those who may sit, and the chair.",
              decided_in="decision.listing",
    ),
    Parameter(name="unhcr_role", group="bodies", title="Role of UNHCR and partners"),
    Parameter(name="appeal_body", group="remedies", title="Appeal goes to",
              meanwhile="The appeal is received and kept; the registrar finds out which body is competent.",
              decided_in="appeal.file_transfer"),
    Parameter(
        name="suspensive", group="remedies", title="Effect of an appeal on removal", kind="choice", choices=SUSPENSIVE,
        meanwhile="Unknown counts as automatic: removal is blocked, and the question goes to the supervisor.",
        asked_in="appeal.file_transfer.suspensive",
    ),
    Parameter(name="further_remedy", group="remedies", title="Further remedy", decided_in="appeal.notice"),
    Parameter(name="late_claim", group="remedies", title="Late claims",
              meanwhile="Lateness never refuses registration.", decided_in="registration.journey"),
    Parameter(name="irregular_entry", group="detention", title="Irregular entry of an asylum-seeker",
              decided_in="reception.five_tests"),
    Parameter(
        name="detention_maximum", group="detention", title="Longest detention", kind="text",
        meanwhile="The harmonised ceiling holds, and the system orders the release when it is reached.",
        timer="reception.maximum_detention",
        decided_in="reception.order_terms",
    ),
    Parameter(name="detention_review", group="detention", title="Review of detention",
              meanwhile="The harmonised reviews hold: within 48 hours, then every seven days.",
              decided_in="reception.next_review",
    ),
    Parameter(name="detention_place", group="detention", title="Place of detention",
              decided_in="reception.order_terms"),
    Parameter(name="alternatives", group="detention", title="Alternatives to detention",
              decided_in="reception.atd_ladder"),
    Parameter(name="protected_from_detention", group="detention", title="Protected from detention",
              decided_in="reception.five_tests"),
    Parameter(name="document_validity", group="documents", title="Renewal of the asylum-seeker's document",
              kind="length", timer="registration.certificate_date", meanwhile="The harmonised time limit holds.",
              decided_in="registration.certificate"),
    Parameter(name="residence_permit", group="documents", title="Residence permit", decided_in="permit.application"),
    Parameter(name="travel_document", group="documents", title="Travel document",
              decided_in="travel_document.application"),
    Parameter(name="required_papers", group="documents", title="Papers asked for",
              meanwhile="A claim is received without papers.", decided_in="registration.papers"),
    Parameter(name="work_pending", group="rights", title="Work while the claim is open",
              meanwhile="The officer says that it is not settled and refers the person to legal help.",
              decided_in="registration.information"),
    Parameter(name="work_recognised", group="rights", title="Work after recognition", decided_in="permit.grant"),
    Parameter(name="unaccompanied_child", group="rights", title="Unaccompanied children go to",
              meanwhile="The child protection officer takes the child into care the same day.",
              decided_in="reception.child_arrival"),
    Parameter(name="languages", group="rights", title="Languages", decided_in="registration.preferences"),
    Parameter(name="solutions", group="rights", title="Solutions", decided_in="permit.plan"),
    Parameter(name="stock", group="rights", title="People on file"),
)  # fmt: skip

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "government": "The State decides",
        "joint": "The State and UNHCR decide together",
        "unhcr_mandate": "UNHCR decides under its mandate",
        "ad_hoc": "From case to case",
        "humanitarian_stay": "No asylum procedure; a humanitarian stay",
        "complementary_only": "Protection from return only, no refugee status",
        "committee_decides": "A committee decides",
        "committee_recommends": "A committee recommends, an office-holder decides",
        "single_decider": "One officer decides",
        "commission_decides": "An inter-ministerial commission decides",
        "two_key": "Two keys: both are needed to refuse",
        "prima_facie_stay": "A stay on first sight",
        "automatic": "Automatic: the person stays",
        "on_order": "Only by order",
        "unknown": "Unknown: counts as automatic",
    }
)
"""The codes of choices in words."""


def in_words(parameter: str, values: tuple[str, ...]) -> str:
    """Return the values of a parameter as a reader reads them."""
    known = PARAMETERS[parameter].kind == "choice"
    return "; ".join(WORDS.get(value, value) if known else value for value in values)


PARAMETERS: Mapping[str, Parameter] = MappingProxyType({parameter.name: parameter for parameter in _ALL})
REQUIRED = (
    "system", "convention_1951", "law", "receives_claims", "decision_shape", "application_window", "appeal_period",
    "appeal_body", "suspensive", "detention_maximum", "work_pending", "languages",
)  # fmt: skip
"""What every profile says something about, be it only that nobody knows."""

READINESS: Mapping[str, str] = MappingProxyType(
    {
        "law": "A law that gives the right to asylum and forbids return to danger",
        "procedures": "Written procedures for every stage",
        "unit": "A unit that receives and registers claims",
        "decision_body": "A body that decides, with its quorum",
        "second_instance": "An independent second instance",
        "alternatives": "Alternatives to detention",
        "documents": "Documents for asylum-seekers and refugees",
        "data": "A register and statistics",
        "training": "Trained officers",
    }
)
"""The nine parts of a comprehensive asylum system."""
