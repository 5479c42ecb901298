"""One byline -> the names of people and agencies in it, without roles, places, dates and the outlet itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...writing_systems import COMMON_IDEOGRAPHS, HANGUL, KANA, chars
from .agencies import is_agency, split_tail
from .byline_labels import EASTERN_NAMED, EASTERN_PREFIX, PREFIX
from .months import BY_LANGUAGE
from .structured import fold

_SPLIT = re.compile(
    r"\s*(?:[;|•·&]|\b(?:and|AND|und|UND|et|ET|och|og)\b|\ben\b|\bja\b|\boraz\b|\bi(?=\s[A-ZŁŚŻČŠŽĆĐ])"
    r"|\by(?=\s[A-ZÁÉÍÓÚÑ])"
    r"|\be(?=\s[A-ZÀÈÉÌÒÙÁÍÓÚ])|\bи(?=\s[А-ЯЁ])|\bта(?=\s[А-ЯІЇЄ])|\s/\s|、|，|\bund\b|\s\+\s|\bas told to\b)\s*"
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|journalist|columnist|contributor|producer|analyst|critic"
    r"|photographer|staff|educator|horticulturalist|gardener|founder|co-?founder|consultant|coordinator|specialist"
    r"|manager|grader|nutritionist|dietitian|coach|engineer|developer|designer|attorney|lawyer|candidate|physician"
    r"|representative|nurse|strategist|expert|advis[oe]r|associate|assistant|officer|executive|owner|vice president"
    r"|reviewer|winemaker|therapist|psychologist|pharmacist|veterinarian|economist|copywriter|blogger|meteorologist"
    r"|ceo|cto|cmo|cfo|"
    r"desk|bureau chief|chief|fellow|intern|anchor|host|presenter|director|professor|researcher|newsroom|team|"
    r"redakteur(?:in)?|redaktor(?:in)?|korrespondent(?:in)?|reporterin|journalistin?|chefredakteur(?:in)?"
    r"|leiter(?:in)?|autorin?|volont[äa]r(?:in)?|"
    r"redacteur|redactrice|correspondante?|envoyée? spéciale?|journaliste|rédacteur|rédactrice|rédaction|"
    r"redactora?|periodista|corresponsal|enviad[oa] especial|redacci[oó]n|repórter|jornalista|correspondente|"
    r"giornalista|inviat[oa]|redazione|corrispondente|verslaggever|redacteur|correspondent|journalist|redaktör|"
    r"muhabir|editör|корреспондент\w*|редактор\w*|журналист\w*|обозреватель|кореспондент\w*|журналіст\w*|기자|特派員"
    r"|記者|编辑|记者)\b",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|fr|html?)/|^\d+$|^(?:null|none|undefined|admin|administrator|user"
    r"|guest|unknown|n/?a|"
    r"author|autor|by|author name|the author|member login|company type|privacy policy|terms of (?:use|service)"
    r"|learn more|full bio|link copied|written by|posted by|post author|revised edition"
    r"|end user licen[cs]e agreement(?: \(eula\))?"
    r"|community|uncategorized|cookie policy|contact us|sign (?:in|up)|log ?in|subscribe|newsletter|keine kommentare"
    r"|guest post|guest author|read more|follow|share|updated|published|view all|more|home|image|photo|video"
    r"|post|webmaster|root|"
    r"web desk|online desk|news desk|editorial team|staff|staff writer|staff reporter|contributor|person"
    r"|anonymous|advertisement|sponsored|about the author|meet the author|author bio|"
    r"view profile|see more|contributors?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|content|center|centre|research)$",
    re.I,
)
GENERIC = re.compile(
    r"^(?:web|online|news|digital|editorial|staff|agency|agencies|desk|team|our|special|the)\b.*\b(?:desk|team"
    r"|staff|reporter|correspondent|bureau|agencies|writer)s?$",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:\([^()]*\)?|\[.*\]?|\bfor\b .*|\bon behalf of\b.*|\bin [A-Z].*|\bat [A-Z].*"
    r"|\bwith (?:additional|reporting).*|\bfrom [A-Z].*|[-–—]\s.*|\d{1,2}[:.]\d\d.*|\bпублик.*"
    r"|\bupdated\b.*|\bpublished\b.*|\bposted\b.*)$",
    re.I,
)
_MONTH = "|".join(
    sorted(
        {name for language in ("en", "de", "fr", "es", "it", "pt", "nl") for name in BY_LANGUAGE[language]}, key=len
    )[::-1]
)
# A date in a byline, with the words around it: "December 16, 2026", "18. November", "2 days ago", "Updated: Oct 9".
_DATE = re.compile(
    r"\b(?:on |am )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:am )?(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b"
    r"|\b(?:(?:last )?updated?|published|posted|modified|publié|veröffentlicht|aktualisiert|publicado"
    r"|actualizado|stand)(?: (?:on|at|le|am|el))?\b:?(?! by\b)(?=\s*(?:on )?(?:[A-Z][a-zé]{2,8}\.? )?\d|\s*$|\s*\|)"
    rf"|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    rf"(?:{_MONTH})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?: de| of)? (?:{_MONTH})\b\.?(?: de)?(?:,? \d{{4}})?"
    r"|\b(?:about |vor )?\d+ (?:second|minute|hour|day|week|month|year|min|hr|std|stunde|tag|woche|jahr|monat)\w*\.?"
    r"(?: ago)?\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b|\b\d{4}-\d\d-\d\d\S*|\b\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?"
    r"(?: (?:[A-Z]{2,4}|Uhr)\b)?",
    re.I,
)
# "Ann NameNovember 18": no blank between two boxes.
_GLUED_DATE = re.compile(
    r"(?<=[a-zà-ÿ])(?=(?:January|February|March|April|May|June|July|August|September|October|November|December) \d)"
)
# What a name's bearer is head of, which may hold an "and".
_POSITION = re.compile(
    r",\s+(?:[A-Z][\w-]+ ){0,2}(?:Head|Director|Manager|President|VP|Dean|Chair(?:man|woman)?|Chief)"
    r" (?:of|for|at) [^,;|]*"
)
_BUTTON_TEXT = re.compile(
    r"\b(?:get author rss feed|rss feed|view (?:all|bio|profile|full bio)|full bio|read (?:full )?bio|see more"
    r"|learn more|follow(?: us| me| on \w+)?|size small medium large|small medium large|text size|print|email"
    r"|subscribe|shares?|no comments?|\d+ comments?|leave a comment|keine kommentare|comments? off|min(?:ute)?s? read"
    r"|about the author|contact|opens in new \w+)\b",
    re.I,
)
# Segments that name somebody who did something else, from their beginning or from there on.
_WORK = (
    r"(?:photo(?:s|graph(?:s|y|ed)?)?|pictures?|images?|illustrat(?:ed|ions?)|videos?|graphics?|fotos?|bilder"
    r"|foto[sg]\w*"
    r"|(?:medically |clinically |expert |fact[- ]?)?(?:reviewed|checked)|edited|translated|translation|traduc\w+"
    r"|traduit|übersetz\w+|produced|narrated|compiled from)"
)
_OTHER_WORK = re.compile(
    rf"{_WORK}(?: (?:credit|courtesy))?\s*(?:by|von|par|por|di|of|:)\s|©|\(c\)|categor(?:y|ies)\b", re.I
)
_OTHER_WORK_BEHIND = re.compile(
    rf"[\s,;./–—-]+(?:and |with |& )?{_WORK}(?: (?:credit|courtesy))?\s*(?:by|von|par|por|di|:)\s.*"
    r"|\s*\((?:avec|with|mit|con|com|met)\b.*",
    re.I,
)


def without_other_work(byline: str) -> str:
    """A byline up to who took its pictures, reviewed or translated it."""
    return "" if _OTHER_WORK.match(byline) else _OTHER_WORK_BEHIND.sub("", byline)


MORE = re.compile(
    r"^(?:recipe|guide|review|interview|eingestellt|pressemitteilung|post(?: author)?|(?:zeige )?alle? (?:beiträge"
    r"|artikel)|alles|authored|article|written) (?:by|von)\b:?\s*"
    r"|^(?:more(?: (?:stories|articles|posts|from|by|about))*(?: (?:by|from))?|all (?:posts|articles|stories) by"
    r"|see all by|articles by|posts by|read more about)\b\s*",
    re.I,
)
_BRACKETED = re.compile(r"[\[［【(（〔「]\s*([^\[\]［］【】()（）〔〕「」]{2,60})\s*[\]］】)）〕」]")
# A job glued to a name by the template: "Ann Name Content Marketing Coordinator".
_TITLED = re.compile(
    r"(?<=[a-zà-ÿ.]) (?:(?:Former|Senior|Junior|Chief|Lead|Staff (?=\w)|Content|Digital|Guest|Managing|Associate"
    r"|Assistant|Executive|Contributing|Freelance|Certified|Licensed|Registered)\b ?[-\w ]*"
    r"|(?:Co-?)?(?:Founder|Owner|Writer|Author|Editor|Reporter|Gardener|CEO|CTO)\b.*"
    r"|(?:RN|MD|PhD|Ph\.D\.|MPH|RDN?|CFP|CPA|DVM|JD|LLP)\.?)$"
)
# Letters of a degree behind first and last name: "Ann B. Name CPP"; not "Ann Name III".
_LETTERS = re.compile(r"(?<=[a-z]) (?!I+$|IV$|JR$)[A-Z]{2,5}$")
_DANGLING = re.compile(r"\s+(?:on|am|at|in|by|le|el|il|von|der|prije|pre|hace|há|il y a)$|^(?:on|am|le|el)\s+", re.I)
_DATE_LIKE = re.compile(r"\d{4}|\d{1,2}[:./]\d{1,2}")
# With the vowel signs of Indic, Thai and Khmer script, which are no letters.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff\u0e30-\u0e4e\u1000-\u109f\u17b4-\u17d3])*")

# What stands behind a name in the same byline: whom its bearer works for. An agency is none of these.
AFFILIATION = re.compile(
    r"[®™]|\b(?:News|Media|Books|Reports?|Journal|Times|Post|Herald|Network|University|Institute|Magazine|Group|Today"
    r"|Weekly|TV|Radio"
    r"|Gazette|Tribune|Chronicle|Enquirer|Observer|Guardian|College|Foundation|Labs?|Zeitung|Nachrichten"
    r"|Universität|Verlag)\b"
    r"|^[A-Z][A-Z-]{1,5}(?: \d+)?$|\b(?:Head|Director|Founder|President|Minister|CEO|Mayor|Partner) (?:of|at)\b"
)
_BUTTONS = frozenset(
    "twitter facebook instagram linkedin whatsapp telegram email mail print share subscribe newsletter comments"
    " minutes read".split()
)
_SUFFIX_ROLE = re.compile(r"\s*(?:기자|특파원|記者|特派員|论説委員)$")


# One body with "for", "of" or "and" in its name, not two people: "Center for Drug Evaluation and Research".
_BODY = re.compile(
    r"(?:The )?(?:[A-Z][\w&'’.-]* ){0,4}(?:Center|Centre|Institute|Department|Office|Ministry|Association|Society"
    r"|Council|Committee|Bureau|Agency|School|College|Division|Board) (?:for|of|on) [A-Z][^|;:]{3,80}"
)


def names(value: str, outlets: Sequence[str] = (), strict: bool = False, surname_first: bool = False) -> list[str]:
    """The names in one byline, in order; [] where it holds none.

    A part that is a role ("Politics reporter"), a date, an address or an account is no name; what stands behind a name
    ("in Berlin", "for the Herald", a time, the outlet) is cut, and so is who took the pictures or translated. `strict`
    is for text that only looks like a byline: every name then has to be two to five words, capitalised.
    """
    value = fold(value, 400)
    value = re.sub(r"\S+@\S+|https?://\S+", "", value).strip(' ,;|-–—~©"“”')
    if surname_first and (match := re.fullmatch(r"([^\s,]+), ([^,]{2,30})", value)):
        value = f"{match[2]} {match[1]}"
    if bracketed := _BRACKETED.fullmatch(value):
        value = bracketed[1]
    value = EASTERN_PREFIX.sub("", value)
    if match := EASTERN_NAMED.match(value):
        value = next(name for name in match.groups() if name)
    value = _BUTTON_TEXT.sub(" | ", _DATE.sub(" | ", _GLUED_DATE.sub(" ", value)))
    value = _POSITION.sub("", value)
    if _BODY.match(value):
        return [value]
    candidates: list[str] = []
    for segment in value.split("|"):
        if _OTHER_WORK.match(segment.strip(" ,;-–—/•·")):
            continue
        segment = _OTHER_WORK_BEHIND.sub("", segment)
        for part in _parts(segment):
            part = PREFIX.sub("", part).strip(" ,.:;|-–—/~" if part.endswith("..") else " ,:;|-–—/~")
            part = PREFIX.sub("", part)
            part = _TAIL.sub("", part).strip(" ,:;|-–—/") or part
            part = MORE.sub("", _SUFFIX_ROLE.sub("", _without_outlet(part, outlets))).strip(" ,:;|-–—/")
            untitled = _TITLED.sub("", part).strip()
            untitled = _LETTERS.sub("", untitled)
            part = _DANGLING.sub("", untitled if " " in untitled else part).strip(" ,:;|-–—/●•»«")
            if part.count("(") != part.count(")"):
                part = part.strip("()").strip()
            if part.endswith(".") and not re.search(r"(?:\b|\.)\w{1,2}\.$", part):
                part = part.rstrip(".")
            candidates += [name for name in split_tail(part) if is_name(name, strict)]
    people = [
        name for name in candidates if is_agency(name) or not (AFFILIATION.search(name) or _is_branch(name, outlets))
    ]
    return list(dict.fromkeys(people or candidates))


def _is_branch(name: str, outlets: Sequence[str]) -> bool:
    """ "LRT Kauno" of lrt.example: the outlet's short name in capitals and a word for a part of it."""
    first = name.split()[0]
    return first != name and first.isupper() and any(first.casefold() == outlet.casefold() for outlet in outlets)


def _without_outlet(part: str, outlets: Sequence[str]) -> str:
    """ "Ann Name The Herald" -> "Ann Name"; the outlet alone stays."""
    for outlet in outlets:
        cut = len(part) - len(outlet)
        if cut > 4 and len(outlet) >= 5 and part[cut - 1] == " " and part[cut:].casefold() == outlet.casefold():
            rest = part[:cut].rstrip(" ,|-–—")
            return rest if " " in rest else part  # "Ann Name" of name.example
    return part


# What stands behind a comma and belongs to the printed name: generations, degrees, licences of professions.
_CREDENTIAL = re.compile(
    r"(?:Jr|Sr|II|III|Esq|MP|MD|M\.D|DO|D\.O|DDS|DMD|DVM|VMD|PhD|Ph\.D|PsyD|Psy\.D|EdD|Ed\.D|PharmD|DPT|DNP|JD|J\.D|LLM"
    r"|MBA|MPH|MPA|MSW|MFA|MEd|M\.Ed|MSN|MSc|MS|M\.S|MA|M\.A|BSN|BSc|BS|BA|RN|NP|FNP|APRN|PA-C|RD|RDN|LD|LDN|CNS|CSCS|CPT|ATC"
    r"|LCSW|LMFT|LPC|LMHC|IBCLC|CFP|CFA|CPA|CEPF|CKA|EA|CPP|PSP|CISSP|FACS|FACP|FACLM|FACC|FAND|FOMA|DABOM|DACVB|LVT|CVT)"
    r"[.®]{0,2}"
)


def _parts(value: str) -> Iterator[str]:
    """Split at "and" and its like, then at commas: "Name, role, place" keeps the name, "Name, Name" both."""
    for part in _SPLIT.split(value):
        pieces = [p for p in re.split(r"\s*,\s+|,(?=\S)", part) if p.strip()]
        others = (i for i, piece in enumerate(pieces[1:], 1) if not _CREDENTIAL.fullmatch(piece.strip()))
        count = next(others, len(pieces))
        if count > 1 and " " in pieces[0].strip() and not _CREDENTIAL.fullmatch(pieces[0].strip()):
            yield ", ".join(piece.strip() for piece in pieces[:count])
            yield from pieces[count:]
            continue
        yield from pieces


# Two to five characters, or a first name in kana: scripts without capitals and blanks.
_HAN = chars(COMMON_IDEOGRAPHS)
_EASTERN_NAME = re.compile(f"[{_HAN}]{{2,5}}|[{chars(HANGUL)}]{{2,4}}|[{_HAN}]{{1,3}}[{chars(KANA)}]{{1,4}}")


def _is_small(letter: str) -> bool:
    """Of scripts with capitals; newspapers write Georgian without."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def is_name(part: str, strict: bool) -> bool:
    words = _WORD.findall(part)
    if any(word.lower() in _BUTTONS for word in words):
        return False
    if not words or len(part) < 2 or len(part) > 60 or len(words) > 6 or _NOT_A_NAME.search(part):
        return False
    if _ROLE.search(part) or GENERIC.match(part) or _DATE_LIKE.search(part):
        return False
    if _is_small(part[0]) and not is_agency(part) and (strict or len(words) > 2):
        return False
    if ": " in part or (strict and (":" in part or "/" in part)):
        return False
    if strict:
        if _EASTERN_NAME.fullmatch(part):
            return True
        upper = sum(not _is_small(w[0]) for w in words)
        return (2 <= len(words) <= 5 and upper >= len(words) - 2 and upper >= 2) or is_agency(part)
    return True
