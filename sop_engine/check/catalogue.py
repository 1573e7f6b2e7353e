"""The eighty properties, each with what carries it here: a proof, a watch, structure, or why there is none yet."""

from __future__ import annotations

from collections.abc import Iterable

from sop_engine.check.judge import ASSUMES
from sop_engine.check.results import Result

STATEMENTS: dict[str, str] = {
    "P01": "Nobody is removed while a bar on removal holds.",
    "P02": "Fear, once expressed, stays on record.",
    "P03": "Within 24 hours of fear there is an asylum referral, or somebody is called.",
    "P04": "Ordinary migration only without any indicator, and by two officers.",
    "P05": "Before departure there is always a way back to protection.",
    "P06": "Lateness never refuses registration.",
    "P07": "Missing papers, route or irregular entry never refuse registration.",
    "P08": "No penalty record for irregular entry of somebody who fears return.",
    "P09": "Nothing is sent to the country of origin.",
    "P10": "Every registered claim can reach an outcome.",
    "P11": "No interview of a child alone without the guardian.",
    "P12": "A guardian within 48 hours, or somebody is called.",
    "P13": "No child, and nobody of disputed age, is detained.",
    "P14": "Whoever is found to be a child is released at once.",
    "P15": "No child is detained, and no family parted, because of the parents.",
    "P16": "No return of a child alone without a determination of best interests.",
    "P17": "Withdrawal and lapse of a child's claim only with guardian and lawyer.",
    "P18": "The first review of detention within 48 hours, or release.",
    "P19": "Later reviews in time, or release.",
    "P20": "Detention never exceeds its maximum.",
    "P21": "A ground, facts and alternatives in every detention order.",
    "P22": "No restriction without a ground.",
    "P23": "The reviewer of detention is independent.",
    "P24": "Vulnerability is asked before detention.",
    "P25": "Blocking needs bar detention without approval.",
    "P26": "Protection ends detention.",
    "P27": "Detention decides no claim, and the claim decides no detention.",
    "P28": "Nobody is refused unheard.",
    "P29": "Whoever took part before hears no appeal.",
    "P30": "Interviewer, reviewer and voter are different people.",
    "P31": "A committee decides only with quorum and opened files.",
    "P32": "A tie is never a refusal.",
    "P33": "Nothing counts against a person that was not put to them.",
    "P34": "No interview is complete without read-back.",
    "P35": "The interpreter is independent.",
    "P36": "Inclusion before exclusion, and no exclusion on a short track.",
    "P37": "Every refusal assessed danger after return.",
    "P38": "Every refusal has reasons, law, remedy, and was reviewed.",
    "P39": "Reasons never rest on demeanour or stereotypes alone.",
    "P40": "Every adult of a family is heard alone.",
    "P41": "A decision in time, or somebody is called.",
    "P42": "A faster track takes no right away.",
    "P43": "The time to appeal starts with an effective notice, and is long enough.",
    "P44": "An appeal keeps the person.",
    "P45": "An appeal needs no form, fee or lawyer.",
    "P46": "A late appeal is looked at; a child's is admitted.",
    "P47": "A remand goes to other officers and takes no right away.",
    "P48": "The appeal is suspensive, independent and full, or the deviation is named.",
    "P49": "A presumed victim of trafficking is not removed.",
    "P50": "Asylum and trafficking doors are open side by side.",
    "P51": "No controller or abuser in the room.",
    "P52": "No consular enquiry while a claim is open.",
    "P53": "A statelessness procedure bars removal.",
    "P54": "Statelessness is decided in time, or somebody is called.",
    "P55": "Severe needs are answered before the interview.",
    "P56": "Sensitive answers are read only by those who may.",
    "P57": "Consent before sensitive data leave.",
    "P58": "Status ends only with notice, hearing, reasons and appeal.",
    "P59": "An expired card ends no status.",
    "P60": "A failed solution lowers no status.",
    "P61": "No transfer without consent, guarantee, unity and determination.",
    "P62": "Nobody in transit without a responsible State.",
    "P63": "Travel documents are valid and single.",
    "P64": "The permit in time, or somebody is called.",
    "P65": "Nobody of a declared group is refused at the gate.",
    "P66": "Evacuees are asked about fear before any return.",
    "P67": "Red flags are answered the same day.",
    "P68": "The end of a group declaration ends nobody's protection.",
    "P69": "Quality review changes no case.",
    "P70": "Samples are fixed when drawn.",
    "P71": "The log is append-only and folds to the case.",
    "P72": "Nobody acts outside their role.",
    "P73": "The end of a time harms nobody.",
    "P74": "There is always a way on.",
    "P75": "A national profile keeps every safeguard.",
    "P76": "Training data and live data never meet.",
    "P77": "Merging files loses no protection.",
    "P78": "No referral rests unanswered.",
    "P79": "No removal after a closed claim without a fresh check.",
    "P80": "Status loses nothing before its final end.",
}
ELSEWHERE: dict[str, str] = {
    "P56": "access by class of answer: rules of the service, tested",
    "P69": "procedure “quality”",
    "P70": "procedure “quality”",
    "P71": "laws of the engine, tested on random walks",
    "P72": "engine, tested: offers and apply ask the same functions",
    "P75": "the loader of national profiles",
    "P76": "separate databases, tested",
}


def page(results: Iterable[Result]) -> str:
    """Return the page of the eighty properties from the verdicts of one run."""
    carried: dict[str, list[Result]] = {}
    for result in results:
        for name in result.of.safeguard.property_id.split(", "):
            carried.setdefault(name, []).append(result)
    rows = [f"| {name} | {text} | {_how(carried.get(name, []), name)} |" for name, text in STATEMENTS.items()]
    return "\n".join((*HEAD, *rows, "", f"¹ Assuming that {ASSUMES}.", ""))


HEAD = (
    """# The eighty properties

Written by `sop check --doc docs/properties.md`; not edited by hand.

- *Proved*: over every path of the declared procedures of the harmonised set; `sop check` says what proofs leave out.
- *Watched*: the engine runs the clock and calls a supervisor at its end.
- *By structure*: carried by the named declarations, which are checked to exist; no machine judges the sentence.
- *A way on was found*: from every state, if everybody whose part it is does it; that it is always open is not proved.
- *Read at run time*: no proof was found in the time given; the engine reads the safeguard after every step.

| | Property | Here |
|---|---|---|""",
)


def _how(results: list[Result], name: str) -> str:
    if not results:
        return f"not expressed over the declared procedures: {ELSEWHERE.get(name, 'nothing carries it yet')}"
    words = {
        "PROVED": "Proved",
        "BY STRUCTURE": "By structure",
        "VIOLATED": "**Violated**",
        "NO VIOLATION UP TO k": "A way on was found",
    }
    told: dict[str, list[str]] = {}
    for result in results:
        word = "Watched" if result.backend == "watch" else words.get(result.verdict, "Read at run time")
        told.setdefault(word, []).append(f"`{result.of.id}`" + ("¹" if result.assumes else ""))
    return "; ".join(f"{word}: {', '.join(names)}" for word, names in told.items())
