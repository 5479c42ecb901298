"""A text's language, or nothing rather than a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import language, relatives

# One invented sentence or two in each language.
TEXTS = {
    "en": "The council closed the old bridge on Sunday evening after the river had risen for three days, and"
    " nobody knows when it will open again.",
    "de": "Der Stadtrat hat die alte Brücke am Sonntagabend gesperrt, nachdem der Fluss drei Tage lang gestiegen"
    " war, und niemand weiß, wann sie wieder öffnet.",
    "fr": "Le conseil municipal a fermé le vieux pont dimanche soir, après trois jours de crue, et personne ne"
    " sait quand il sera rouvert aux voitures.",
    "es": "El ayuntamiento cerró el viejo puente el domingo por la noche, después de que el río creciera durante"
    " tres días, y nadie sabe cuándo volverá a abrir.",
    "pt": "A câmara municipal fechou a velha ponte no domingo à noite, depois de o rio ter subido durante três"
    " dias, e ninguém sabe quando voltará a abrir.",
    "it": "Il comune ha chiuso il vecchio ponte domenica sera, dopo che il fiume era salito per tre giorni, e"
    " nessuno sa quando sarà riaperto al traffico.",
    "nl": "De gemeente heeft de oude brug zondagavond gesloten nadat de rivier drie dagen lang was gestegen, en"
    " niemand weet wanneer hij weer opengaat.",
    "sv": "Kommunen stängde den gamla bron på söndagskvällen efter att floden hade stigit i tre dagar, och ingen"
    " vet när den kommer att öppnas igen.",
    "da": "Kommunen lukkede den gamle bro søndag aften, efter at floden var steget i tre dage, og ingen ved,"
    " hvornår den bliver åbnet igen for biler.",
    "no": "Kommunen stengte den gamle broen søndag kveld etter at elva hadde steget i tre dager, og ingen vet"
    " når den blir åpnet igjen for biler.",
    "fi": "Kaupunki sulki vanhan sillan sunnuntai-iltana, kun joki oli noussut kolmen päivän ajan, eikä kukaan"
    " tiedä, milloin se avataan uudelleen.",
    "pl": "Rada miasta zamknęła stary most w niedzielę wieczorem, po tym jak rzeka wzbierała przez trzy dni, i"
    " nikt nie wie, kiedy zostanie otwarty.",
    "cs": "Městská rada uzavřela starý most v neděli večer poté, co řeka tři dny stoupala, a nikdo neví, kdy"
    " bude znovu otevřen pro automobily.",
    "sk": "Mestská rada uzavrela starý most v nedeľu večer po tom, čo rieka tri dni stúpala, a nikto nevie, kedy"
    " bude znovu otvorený pre autá.",
    "hu": "A városi tanács vasárnap este lezárta a régi hidat, miután a folyó három napon át áradt, és senki sem"
    " tudja, mikor nyitják meg újra.",
    "ro": "Consiliul local a închis podul vechi duminică seara, după ce râul a crescut timp de trei zile, și"
    " nimeni nu știe când va fi redeschis.",
    "hr": "Gradsko vijeće zatvorilo je stari most u nedjelju navečer nakon što je rijeka rasla tri dana, i nitko"
    " ne zna kada će se ponovno otvoriti.",
    "tr": "Belediye, nehrin üç gün boyunca yükselmesinin ardından eski köprüyü pazar akşamı kapattı ve ne zaman"
    " yeniden açılacağını kimse bilmiyor.",
    "id": "Pemerintah kota menutup jembatan tua itu pada Minggu malam setelah sungai meluap selama tiga hari,"
    " dan tidak ada yang tahu kapan akan dibuka lagi.",
    "vi": "Hội đồng thành phố đã đóng cây cầu cũ vào tối Chủ nhật sau khi nước sông dâng cao suốt ba ngày, và"
    " không ai biết khi nào cầu sẽ mở lại.",
    "ru": "Городской совет закрыл старый мост в воскресенье вечером, после того как река поднималась три дня, и"
    " никто не знает, когда его откроют.",
    "uk": "Міська рада закрила старий міст у неділю ввечері, після того як річка піднімалася три дні, і ніхто не"
    " знає, коли його знову відкриють.",
    "bg": "Общинският съвет затвори стария мост в неделя вечерта, след като реката се покачваше три дни, и никой"
    " не знае кога ще бъде отворен отново.",
    "sr": "Градско веће затворило је стари мост у недељу увече пошто је река три дана расла, и нико не зна када"
    " ће поново бити отворен за вожњу и шетњу. Ђаци ћуте.",
    "el": "Το δημοτικό συμβούλιο έκλεισε την παλιά γέφυρα το βράδυ της Κυριακής, αφού το ποτάμι ανέβαινε επί"
    " τρεις ημέρες.",
    "ar": "أغلق المجلس البلدي الجسر القديم مساء الأحد بعد أن ارتفع النهر لمدة ثلاثة أيام، ولا أحد يعرف متى سيعاد"
    " فتحه أمام السيارات.",
    "fa": "شورای شهر پل قدیمی را عصر یکشنبه پس از آن که رودخانه سه روز بالا آمد بست و هیچ کس نمی‌داند چه زمانی"
    " دوباره باز خواهد شد.",
    "he": "מועצת העיר סגרה את הגשר הישן ביום ראשון בערב לאחר שהנהר עלה במשך שלושה ימים, ואיש אינו יודע מתי ייפתח שוב.",
    "hi": "नगर परिषद ने रविवार शाम को पुराना पुल बंद कर दिया क्योंकि नदी तीन दिन से बढ़ रही थी और कोई नहीं जानता"
    " कि यह फिर कब खुलेगा।",
    "ja": "市は日曜日の夜、川の水位が三日間上がり続けたため、古い橋を閉鎖した。いつ再開するかは誰にも分からない。",
    "zh": "由于河水连续三天上涨，市议会于周日晚上关闭了这座老桥，没有人知道它什么时候会重新开放。",
    "ko": "시의회는 강물이 사흘 동안 불어나자 일요일 저녁 오래된 다리를 폐쇄했으며 언제 다시 열릴지는 아무도 모른다.",
    "th": "สภาเมืองปิดสะพานเก่าในเย็นวันอาทิตย์หลังจากแม่น้ำสูงขึ้นเป็นเวลาสามวัน และไม่มีใครรู้ว่าจะเปิดอีกครั้งเมื่อใด",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_or_two_is_enough(code):
    assert language.detect(TEXTS[code]) == code


@pytest.mark.parametrize("code", TEXTS)
def test_what_a_template_states_does_not_overrule_the_text(code):
    assert language.detect(TEXTS[code], "en") == code
    assert language.detect(TEXTS[code], "ko") == code


@pytest.mark.parametrize(
    ("text", "hint", "code"),
    [
        pytest.param("", "en", None, id="empty"),
        pytest.param("Sign in", "en", None, id="too short"),
        pytest.param("123 456 789 " * 20, "en", None, id="numbers"),
        pytest.param("Xqzt vrrk plomb zzyx qwrt brgl hnnq wvvx jklq " * 4, None, None, id="letters of no language"),
        pytest.param("Gradsko veće je zatvorilo stari most u nedelju uveče pošto je reka rasla tri dana, i niko"
            " ne zna kada "
                     "će ponovo biti otvoren.", "sr", "sr", id="Serbian in Latin letters, as stated"),
        pytest.param("Bæjarstjórnin lokaði gömlu brúnni á sunnudagskvöld eftir að áin hafði hækkað í þrjá daga"
            " og enginn veit "
                     "hvenær hún verður opnuð aftur.", "is", "is", id="no profile, but stated"),
        pytest.param("Lekgotla la toropo le tswetse borogo jwa bogologolo ka Sontaga mantsiboa morago ga gore noka e tlale"
                     " malatsi a le mararo, mme ga go ope yo o itseng gore bo tla bulwa leng.", "en", None, id="no profile, stated wrongly"),
    ],
)  # fmt: skip
def test_it_says_nothing_rather_than_something_wrong(text, hint, code):
    assert language.detect(text, hint) == code


# The same news in languages that trigrams do not tell apart.
RELATIVES = [
    pytest.param("Gradsko vijeće zatvorilo je stari most nakon što je rijeka rasla tri dana. Tisuće ljudi idu na posao vlakom, "
                 "a tko ima auto čeka točno dva sata.", None, "hr", id="Croatian by its words"),
    pytest.param("Gradsko vijeće zatvorilo je stari most nakon što je rijeka rasla tri dana. Hiljade ljudi idu na posao vozom, "
                 "a ko ima auto čeka tačno dva sata. Općina je saopćila da se most može popraviti.", None, "bs", id="Bosnian by its words"),
    pytest.param("Gradsko veće zatvorilo je stari most pošto je reka rasla tri dana. Hiljade ljudi idu na posao vozom, a ko ima "
                 "auto čeka posle podne dva sata.", None, "sr", id="Serbian in Latin letters, nothing stated"),
    pytest.param("Gradsko veće zatvorilo je stari most pošto je reka rasla tri dana, a ljudi posle podne čekaju pre mosta.",
                 "hr", "sr", id="Serbian, stated as Croatian"),
    pytest.param("Gradsko vijeće zatvorilo je stari most nakon što je rijeka rasla tri dana, i ljudi čekaju na obali.", None, "sh",
                 id="nothing that tells which"),
    pytest.param("Gradsko vijeće zatvorilo je stari most nakon što je rijeka rasla tri dana, i ljudi čekaju na obali.", "bs", "bs",
                 id="nothing that tells which, but stated"),
    pytest.param("Општина је саопштила да је стари мост затворен јер река расте, али су људи и даље на обали.", None, "sr",
                 id="Serbian without letters of its own"),
    pytest.param("Општината соопшти дека стариот мост е затворен бидејќи реката расте, но луѓето се на брегот.", None, "mk",
                 id="Macedonian"),
    pytest.param("Kommunen sier at broen ble stengt etter tre dager med regn, og at ingen vet når den kan brukes igjen.", None, "no",
                 id="Norwegian"),
    pytest.param("Kommunen siger at broen blev lukket efter tre dage med regn, og at ingen ved hvornår den kan bruges igen.", None,
                 "da", id="Danish"),
    pytest.param("Umkhandlu wedolobha uvale ibhuloho elidala ngeSonto kusihlwa ngemuva kokuthi umfula ukhuphuke izinsuku ezintathu, "
                 "futhi akekho owaziyo ukuthi lizovulwa nini.", "en", "zu", id="isiZulu"),
    pytest.param("Ibhunga lesixeko livale ibhulorho endala ngeCawa ngokuhlwa emva kokuba umlambo unyukile iintsuku ezintathu, kwaye "
                 "akukho mntu waziyo ukuba iya kuvulwa nini okanye ngubani.", "en", "xh", id="isiXhosa"),
    pytest.param("میونسپل کونسل نے اتوار کی شام پرانا پل بند کر دیا کیونکہ دریا تین دن سے بڑھ رہا تھا اور کوئی نہیں جانتا۔", None,
                 "ur", id="Urdu"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hint", "code"), RELATIVES)
def test_relatives_are_told_apart_by_their_words(text, hint, code):
    assert language.detect(text, hint) == code


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.none() | st.sampled_from(["en", "xx", "zh", "sr"]))
def test_any_text_is_survived(text, hint):
    found = language.detect(text, hint)
    assert found is None or (len(found) == 2 and found.isascii())


@pytest.mark.parametrize(
    ("code", "wanted", "kept"),
    [
        pytest.param("sh", ("hr", "en"), True, id="undecided, one of the three wanted"),
        pytest.param("sh", ("en",), False, id="undecided, none wanted"),
        pytest.param("sr", ("hr",), False, id="decided, another wanted"),
    ],
)
def test_an_undecided_language_is_wanted_with_each_it_may_be(code, wanted, kept):
    assert relatives.among(code, wanted) is kept


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda word: "".join(letter + "\u064e" for letter in word), id="pointed"),
        pytest.param(lambda word: "\u0640\u0640".join(word), id="stretched"),
    ],
)
def test_arabic_is_known_however_it_is_written(written):
    assert language.detect(" ".join(written(word) for word in TEXTS["ar"].split())) == "ar"
