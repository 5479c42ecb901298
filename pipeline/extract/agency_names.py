"""News agencies and suppliers of pictures, as pages write them."""

from __future__ import annotations

import re

# Name on the record -> how it is written. Bare initials count in capitals only.
NEWS = {
    "AP": r"AP|A\.P\.|The Associated Press|Associated Press|أسوشيتد برس",
    "Reuters": r"Reuters|REUTERS|Thomson Reuters|ロイター|로이터|路透社|رويترز",
    "AFP": r"AFP|Agence France-Presse|Agence France Presse|[اأ] ?\.?ف ?\.?ب|فرانس برس",
    "dpa": r"dpa|DPA|dpa-infocom|Deutsche Presse-Agentur|dpa-AFX",
    "APA": r"APA|Austria Presse Agentur",
    "Keystone-SDA": r"Keystone-SDA|SDA|sda|Schweizerische Depeschenagentur|ATS",
    "epd": r"epd|Evangelischer Pressedienst",
    "KNA": r"KNA|Katholische Nachrichten-Agentur",
    "ANSA": r"ANSA|Ansa",
    "AGI": r"AGI",
    "Adnkronos": r"Adnkronos|ADNKRONOS",
    "LaPresse": r"LaPresse",
    "askanews": r"askanews|Askanews|ASKANEWS",
    "EFE": r"EFE|Agencia EFE|EFE Agencia",
    "Europa Press": r"Europa Press|EUROPA PRESS",
    "Lusa": r"Lusa|LUSA|Agência Lusa",
    "Agência Brasil": r"Agência Brasil",
    "China News Service": r"中新社|中新网|中國新聞社|China News Service",
    "CNA": r"中央社",
    "Xinhua": r"Xinhua|XINHUA|新华社|新华网|新華社",
    "Kyodo": r"Kyodo|KYODO|Kyodo News|共同通信|共同",
    "Jiji": r"Jiji|JIJI|Jiji Press|時事通信|時事",
    "Yonhap": r"Yonhap|YONHAP|연합뉴스",
    "TASS": r"TASS|Tass|ТАСС",
    "Interfax": r"Interfax|Интерфакс|Interfax-Ukraine|Інтерфакс-Україна",
    "RIA Novosti": r"RIA Novosti|РИА Новости",
    "UNIAN": r"УНІАН|УНИАН|UNIAN",
    "Ukrinform": r"Ukrinform|Укрінформ",
    "PTI": r"PTI|Press Trust of India",
    "PTI-Bhasha": r"भाषा",
    "ANI": r"ANI|Asian News International",
    "IANS": r"IANS|Indo-Asian News Service",
    "UNI": r"UNI",
    "PA Media": r"PA Media|Press Association|PA",
    "AAP": r"AAP|Australian Associated Press",
    "The Canadian Press": r"The Canadian Press|Canadian Press|THE CANADIAN PRESS|La Presse canadienne",
    "UPI": r"UPI|United Press International",
    "Bloomberg": r"Bloomberg News",
    "CNS": r"City News Service",
    "NAN": r"NAN|News Agency of Nigeria",
    "Anadolu": r"Anadolu|Anadolu Agency|Anadolu Ajansı|ANADOLU|\(?AA\)?(?=\s*[-–—])|(?<=\()AA(?=\))",
    "DHA": r"DHA",
    "IHA": r"İHA|IHA",
    "WAM": r"WAM",
    "SPA": r"Saudi Press Agency",
    "Antara": r"ANTARA|Antara",
    "Bernama": r"Bernama|BERNAMA",
    "TT": r"TT",
    "NTB": r"NTB|©NTB",
    "Ritzau": r"Ritzau|RITZAU|/ritzau/",
    "STT": r"STT",
    "PAP": r"PAP|Polska Agencja Prasowa",
    "ČTK": r"ČTK|CTK",
    "TASR": r"TASR",
    "MTI": r"MTI",
    "Agerpres": r"Agerpres|AGERPRES",
    "ANA-MPA": r"ΑΠΕ-ΜΠΕ|ΑΠΕ|ANA-MPA",
    "BTA": r"BTA|БТА",
    "Tanjug": r"Tanjug|TANJUG|Танјуг",
    "Beta": r"Beta|BETA",
    "Hina": r"Hina|HINA",
    "BNS": r"BNS",
    "ELTA": r"ELTA",
    "ANP": r"ANP",
    "Belga": r"Belga|BELGA",
    "Prensa Latina": r"Prensa Latina",
    "Notimex": r"Notimex|NOTIMEX",
    "Télam": r"Télam|TÉLAM",
}

PICTURES = (
    "AP", "AFP", "Reuters", "Getty", "dpa", "EPA", "ANSA", "EFE", "PTI", "Xinhua", "Anadolu", "Bloomberg",
    "Shutterstock", "iStock", "Imago", "PA Media", "PA Wire", "PA Images", "picture alliance", "Wikimedia", "Unsplash",
)  # fmt: skip
"""Who is named as the source of a picture: agencies, and libraries of pictures."""


def pictures() -> str:
    """A pattern for those of PICTURES; no letter follows short ones: "AP", not "Apple"."""
    return "|".join(re.escape(name) + (r"(?![^\W\d_])" if len(name) <= 4 else "") for name in PICTURES)
