"""Languages too close for trigrams, told apart by their words.

Serbian, Croatian, Bosnian; Danish, Norwegian; Serbian, Macedonian; isiZulu, isiXhosa.

Of the first three, Serbian in Latin letters is mostly ekavian (mesto, gde), the others are ijekavian (mjesto, gdje);
Croatian has words of its own (tisuća, tko, točno) where Bosnian and Serbian share theirs (hiljada, ko, tačno).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SOUTH_SLAVIC = frozenset(("bs", "hr", "sr"))
UNDECIDED = "sh"  # Serbian, Croatian or Bosnian: nothing in the text tells which
_LONG = 3000  # characters looked at: marks are rare


def _words(stems: str, whole: str = "") -> re.Pattern[str]:
    stems, whole = ("|".join(words.split()).replace("_", " ") or "(?!)" for words in (stems, whole))
    return re.compile(rf"\b(?:(?:{stems})\w*|(?:{whole})\b)")


_IJEKAVIAN = _words(
    "mjest mjesec mjer mjehur svijet svjet čovje rješ riješ sjedni predsjed sjedišt vijest vijeć djel dijel cijel "
    "cijen lijep lijek liječ ljekar bijel sjever nedjelj ponedjelj srijed vjer bezbjedn naslijed nasljed slijed "
    "sljed primje primij promje promij osjeć osjet smjer snijeg rijek riječ vrijed vrijem djec djevoj dijete "
    "djete mlijek uspje uspij živje vidje željez željet razumije nasljedn savjet susjed obavijest izvješ izvješt "
    "zahtje zahtij izmje tijel tjeles zvijezd zvjezd pjes pjev vjetr vjež umjet poslje posljed razlij rijet rijed "
    "stijen sjeme ocje ocijen sljub zamjen zamije dosljed uvjer odjel podijel podjel pobjed pobijed prosje vijek",
    "gdje ovdje ondje negdje prije poslije uvijek dio dvije objema obje vrijeme htjeti htio svijeta",
)  # fmt: skip
_EKAVIAN = _words(
    "mest mesec svetsk svetov čovek čoveč rešen reši rešav predsed sedišt delov delim celok cenjen lepš lekar "
    "lečen severn nedelj ponedelj bezbedn nasled sledeć sledi primer primen promen oseć osetlji smer sneg rečnik "
    "vred devoj mlek uspeh uspel uspeš živel živet videl videt razume savet sused obavešt izvešt zahtev izmen "
    "telesn zvezd pesm pesn pevač vetar vetr vežb umetn posled retk zamen odeljen podel pobed prosek prosečn "
    "vekov beležen dečak proced",
    "gde ovde onde negde pre posle uvek deo dela delu delo delom dve obe vreme svet svetu sveta reč reči reka "
    "reke reku rekom vek veka veku cena cene cenu vest vesti dete deteta telo tela telu lep lepo lepa beli bela "
    "belo ceo cela celo celu celi mera mere meru vera vere veru sever severu hteo hteli sreda sredu levo levi",
)  # fmt: skip
_CROATIAN = _words(
    "tisuć europ tjedan tjedn kazališ zrakoplov povijes znanstv znanost glazb sveučiliš tvrtk izvješć vojarn "
    "čimben zemljopis sustav obitelj putovnic nazočn podrijetl sukladn kemij kemijsk demokracij gospodar mirovin "
    "priopć milijun promidžb skladatelj računal sudjel sudion suradn surađ financij kirur ovisi ovisn neovisn "
    "točn točk vjerojatn promatra ocean stroj djelomič službeno putnič zaslon tipkovn liječni tijekom unatoč otoc "
    "otočn vlak siječ veljač ožuj travnj svibnj lipnj srpnj kolovoz rujn rujan listopad studen prosin izvrsn "
    "ravnatelj uporab zajamč dopust uspored nogomet proračun zastupni odvjetni veleposlan udrug natječaj kolodvor "
    "prijašn stoljeć glasnogovor",
    "tko netko nitko itko svatko otok otoka otoku otoci pokraj glede kako_bi nužno zračna zračne zračnu zračnoj "
    "zračni",
)  # fmt: skip
_EASTERN = _words(
    "hiljad evrop januar februar septembr oktobr novembr decembr pozoriš muzik univerzit naučn naučni porodic "
    "saobraćaj pasoš porijekl hemij demokratij privred penzij milion računar učestv učesni saradn sarađ finansij "
    "hirur zavisi zavisn nezavisn tačn tačk vjerovatn posmatra okean mašin djelimič zvanič ekran talas vanredn "
    "sistem fudbal budžet poslani advokat ambasad aerodrom prisus odsus ostrv preduzeć istorij historij sopstven "
    "spoljn saopć saopšt sedmic hljeb bioskop fabrik uprkos avgust august opšt ljekar prevoz ubijeđ uticaj utica "
    "upotreb avion",
    "ko neko niko iko šta da_bi da_li može_da mogu_da mora_da treba_da želi_da tokom voz voza vozom aprila marta "
    "maja juna jula",
)  # fmt: skip
_BOSNIAN = _words("historij saopć opć uopć sedmic lahk mehk august također hudož ubijed organizir izvanred", "kahva")
_SERBIAN = _words("istorij saopšt opšt uopšt avgust bezbjedn organizova organizuj sopstven spoljn vazduh", "takođe")
_DANISH = _words(
    "",
    "af efter blev blevet bliver nogle noget nogen sig mig dig ud op nu mod gennem mellem uden havde hvad kun "
    "lige bruge bruges brugt tage taget sagde siger mere måske selvom dog",
)
_NORWEGIAN = _words(
    "",
    "av etter ble blitt blir noen noe seg meg deg ut opp nå mot gjennom mellom uten hadde hva bare mye gjør bruke "
    "brukes brukt tatt sa sier mer kanskje slik",
)
_ZULU = _words("", "ukuthi futhi noma ngoba kanye lapho yokuthi ngokuthi kwakukhona manje njengoba lokhu khona")
_XHOSA = _words("", "kwaye okanye xa kunye kuba ngokuba nangona umntu ngoku apho okokuba ukuze oku nto ekubeni")
_NGUNI = re.compile(r"\b(?:uku|oku|eku|ama|aba|izi|ezi|isi|emi|ngo|nge|kwe|kwa|kub|um|nga)\w{3,}")
_SERBIAN_CYRILLIC = re.compile(r"[ђћ]|\b(?:је|су|у|није|који|која|које|као|али|или|са|био|била|било)\b")
_MACEDONIAN = re.compile(r"[ѓќѕ]|\b(?:во|со|е|дека|ги|го|беше|биле|кој|кои|ова|исто|бидејќи|ќе)\b")


def south_slavic(text: str, hint: str | None) -> str:
    """Of a text in Latin letters that is one of them."""
    sample = text[:_LONG].lower()
    east, west = len(_EKAVIAN.findall(sample)), len(_IJEKAVIAN.findall(sample))
    croatian, shared = len(_CROATIAN.findall(sample)), len(_EASTERN.findall(sample))
    if east > 2 * west and (east >= 2 or croatian <= shared):
        return "sr"
    if croatian > shared:
        return "hr"
    if shared > croatian and west > east:
        bosnian, serbian = len(_BOSNIAN.findall(sample)), len(_SERBIAN.findall(sample))
        if bosnian >= serbian:  # else it may as well be Serbian as written in Bosnia and Montenegro
            return "bs"
    return hint if hint in SOUTH_SLAVIC else UNDECIDED


def among(language: str, wanted: Sequence[str]) -> bool:
    """Whether a language is wanted; an undecided one is, where one that it may be is."""
    return language in wanted or (language == UNDECIDED and not SOUTH_SLAVIC.isdisjoint(wanted))


def danish_or_norwegian(sample: str) -> str | None:
    danish, norwegian = len(_DANISH.findall(sample)), len(_NORWEGIAN.findall(sample))
    if _even(danish, norwegian):
        return None
    return "da" if danish > norwegian else "no"


def nguni(sample: str) -> str | None:
    """isiZulu or isiXhosa, by words of one that the other lacks, among words built as theirs are."""
    zulu, xhosa = len(_ZULU.findall(sample)), len(_XHOSA.findall(sample))
    if _even(zulu, xhosa) or len(_NGUNI.findall(sample)) < 0.12 * len(sample.split()):
        return None
    return "zu" if zulu > xhosa else "xh"


def serbian_or_macedonian(sample: str) -> str | None:
    """Of a text with the letters that only these two have."""
    serbian, macedonian = len(_SERBIAN_CYRILLIC.findall(sample)), len(_MACEDONIAN.findall(sample))
    if serbian == macedonian:
        return None
    return "sr" if serbian > macedonian else "mk"


def _even(one: int, other: int) -> bool:
    """Whether marks of two languages are too few, or too mixed, to say which it is."""
    return max(one, other) < 2 or 2 * min(one, other) > max(one, other)
