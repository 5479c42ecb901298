"""Flattened pages: what is story, what is furniture, and that no word is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.text import TextBody, features, read
from pipeline.extract.text.lines import paragraphs
from pipeline.extract.text.model import weights

LEDE = "The harbour council voted on Tuesday to close the old ferry berth, ending a dispute that lasted nine years."
SECOND = "Officials said the berth, built in 1931, would be replaced by a floating pier before the summer season."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n", [], id="only white space"),
        pytest.param("One line only.", ["One line only."], id="no line break"),
        pytest.param(
            "The council said it would \nclose the berth in the spring \nand build a pier. \n It gave no date.",
            ["The council said it would close the berth in the spring and build a pier.", "It gave no date."],
            id="newswire wrap keeps its trailing spaces and indents paragraphs",
        ),
        pytest.param(
            "The council said it would close the old berth and\nopen a new one before the summer season begins in the\n"
            "harbour of the town.\n\nIt gave no date.",
            [
                "The council said it would close the old berth and open a new one before the summer season begins "
                "in the harbour of the town.",
                "It gave no date.",
            ],
            id="blank lines between wrapped paragraphs",
        ),
        pytest.param(
            "Ferry berth closes\nPier opens late\nTown votes on tax",
            ["Ferry berth closes", "Pier opens late", "Town votes on tax"],
            id="headlines are not a wrapped paragraph",
        ),
        pytest.param(
            "군청은 화요일 브래크 마을의 옛 제지 공장을 학생 육백 명이 다닐 수\n있는 중학교로 바꾸겠다고 발표했다. 이번 결정은 소유주와 이 년 동안\n협의한 끝에 나왔다.\n\n"
            "지붕 공사는 삼월에 시작된다. 굴뚝 두 개는 그대로 남는데, 칼새가\n그 안에 둥지를 틀고 있다.",
            [
                "군청은 화요일 브래크 마을의 옛 제지 공장을 학생 육백 명이 다닐 수 있는 중학교로 바꾸겠다고 발표했다. 이번 결정은 소유주와 이 년 동안 협의한 끝에 나왔다.",
                "지붕 공사는 삼월에 시작된다. 굴뚝 두 개는 그대로 남는데, 칼새가 그 안에 둥지를 틀고 있다.",
            ],
            id="Korean, wrapped between words",
        ),
        pytest.param(
            "परिषद ने मंगलवार को घोषणा की कि पुरानी\nकागज मिल को छह सौ छात्रों के लिए एक\nमाध्यमिक विद्यालय में बदला जाएगा। यह\nफैसला मालिकों के साथ दो साल की बातचीत\nके बाद लिया गया।\n\nछत का काम मार्च में शुरू होगा। दोनों\nचिमनियां बनी रहेंगी, क्योंकि उनमें\nपक्षी घोंसला बनाते हैं और शहर ने\nउन्हें रखने के लिए दो बार मतदान किया\nहै, वास्तुकार ने कहा।\n\nपड़ोसियों ने योजना का स्वागत किया\nलेकिन पूछा कि नए पुल का खर्च कौन\nउठाएगा। अकेले पुल की लागत पच्चीस लाख\nहै।",
            [
                "परिषद ने मंगलवार को घोषणा की कि पुरानी कागज मिल को छह सौ छात्रों के लिए एक माध्यमिक विद्यालय में बदला जाएगा। यह फैसला मालिकों के साथ दो साल की बातचीत के बाद लिया गया।",
                "छत का काम मार्च में शुरू होगा। दोनों चिमनियां बनी रहेंगी, क्योंकि उनमें पक्षी घोंसला बनाते हैं और शहर ने उन्हें रखने के लिए दो बार मतदान किया है, वास्तुकार ने कहा।",
                "पड़ोसियों ने योजना का स्वागत किया लेकिन पूछा कि नए पुल का खर्च कौन उठाएगा। अकेले पुल की लागत पच्चीस लाख है।",
            ],
            id="Hindi, wrapped at 38 characters, signs counted",
        ),
        pytest.param(
            "町は火曜日、古い製紙工場を生徒六百人が通う中学校に改修すると発表した。\n所有者との二年間の協議を経て決まったものだ。\n\n屋根の工事は三月に始まる。二本の煙突はそのまま残される。アマツバメが巣\nを作っており、住民が二度にわたって保存に賛成したためだと建築家は話した\n。\n\n近所の人々は計画を歓迎したが、新しい歩道橋の費用を誰が払うのかと尋ねた\n。橋だけで二百五十万かかるという。",
            [
                "町は火曜日、古い製紙工場を生徒六百人が通う中学校に改修すると発表した。所有者との二年間の協議を経て決まったものだ。",
                "屋根の工事は三月に始まる。二本の煙突はそのまま残される。アマツバメが巣を作っており、住民が二度にわたって保存に賛成したためだと建築家は話した。",
                "近所の人々は計画を歓迎したが、新しい歩道橋の費用を誰が払うのかと尋ねた。橋だけで二百五十万かかるという。",
            ],
            id="Japanese, full lines that end in a full stop",
        ),
        pytest.param(
            "縣政府星期二宣布,位於白水鎮的舊造紙廠將\n改建成一所可以容納六百名學生的中學。這項\n決定是在與業主進行了兩年的談判之後作出的\n。\n\n屋頂工程將於三月開始。兩座煙囪將會保留,\n因為雨燕在裡面築巢,而且鎮上的居民曾經兩\n次投票要求保留它們,建築師說。\n\n鄰居們歡迎這個計劃,但是詢問誰來支付新的\n人行天橋的費用。僅僅這座橋就要花費二百五\n十萬。",
            [
                "縣政府星期二宣布,位於白水鎮的舊造紙廠將改建成一所可以容納六百名學生的中學。這項決定是在與業主進行了兩年的談判之後作出的。",
                "屋頂工程將於三月開始。兩座煙囪將會保留,因為雨燕在裡面築巢,而且鎮上的居民曾經兩次投票要求保留它們,建築師說。",
                "鄰居們歡迎這個計劃,但是詢問誰來支付新的人行天橋的費用。僅僅這座橋就要花費二百五十萬。",
            ],
            id="Chinese with the comma of ASCII at a line's end",
        ),
        pytest.param(
            "परिषद ने पुल बंद किया\nनई पाठशाला मार्च में खुलेगी\nनदी का पानी फिर बढ़ा, नावें रुकीं",
            ["परिषद ने पुल बंद किया", "नई पाठशाला मार्च में खुलेगी", "नदी का पानी फिर बढ़ा, नावें रुकीं"],
            id="Hindi headlines are not a wrapped paragraph",
        ),
        pytest.param(
            "县政府星期二宣布，位于白水镇的旧造纸厂将改建成一所可以容纳六百名学生\n的中学。这项决定是在与业主进行了两年的谈判之后作出的。\n\n"
            "屋顶工程将于三月开始。两座烟囱将会保留，因为雨燕在里面筑巢，而且镇上\n的居民曾经两次投票要求保留它们，建筑师欧兰德说。",
            [
                "县政府星期二宣布，位于白水镇的旧造纸厂将改建成一所可以容纳六百名学生的中学。这项决定是在与业主进行了两年的谈判之后作出的。",
                "屋顶工程将于三月开始。两座烟囱将会保留，因为雨燕在里面筑巢，而且镇上的居民曾经两次投票要求保留它们，建筑师欧兰德说。",
            ],
            id="Chinese, wrapped within words and joined without a space",
        ),
        pytest.param(
            "صوت مجلس ميناء لوندة مساء الثلاثاء لصالح إعادة بناء رصيف\nالعبارات القديم بالحجر بعد شتاء اقتلعت فيه عاصفتان معظم\n"
            "ألواحه وتركت مدرسة الجزيرة من دون قارب مدة تسعة أيام.\nويبدأ العمل في نيسان.",
            [
                "صوت مجلس ميناء لوندة مساء الثلاثاء لصالح إعادة بناء رصيف العبارات القديم بالحجر بعد شتاء اقتلعت فيه عاصفتان معظم "
                "ألواحه وتركت مدرسة الجزيرة من دون قارب مدة تسعة أيام. ويبدأ العمل في نيسان.",
            ],
            id="Arabic",
        ),
        pytest.param(
            "मंगलवार की शाम लुंडे के बंदरगाह बोर्ड ने पुराने घाट को पत्थर से\nफिर से बनाने का निर्णय लिया। काम अप्रैल में शुरू होगा और उस पर\nबयालीस लाख क्रोन का खर्च आएगा।",
            [
                "मंगलवार की शाम लुंडे के बंदरगाह बोर्ड ने पुराने घाट को पत्थर से फिर से बनाने का निर्णय लिया। काम अप्रैल में शुरू होगा और उस पर बयालीस लाख क्रोन का खर्च आएगा।"
            ],
            id="Hindi",
        ),
        pytest.param(
            "คณะกรรมการท่าเรือลงมติเมื่อเย็นวันอังคารให้สร้างท่าเรือเฟอร์รี\nเก่าขึ้นใหม่ด้วยหินหลังจากฤดูหนาวที่พายุสองลูกพัดแผ่นไม้ส่วนใหญ่\nหายไปและทำให้โรงเรียนบนเกาะไม่มีเรือเป็นเวลาเก้าวัน",
            [
                "คณะกรรมการท่าเรือลงมติเมื่อเย็นวันอังคารให้สร้างท่าเรือเฟอร์รีเก่าขึ้นใหม่ด้วยหินหลังจากฤดูหนาวที่พายุสองลูกพัดแผ่นไม้ส่วนใหญ่หายไปและทำให้โรงเรียนบนเกาะไม่มีเรือเป็นเวลาเก้าวัน"
            ],
            id="Thai, joined without a space",
        ),
        pytest.param(
            "مجلس الميناء يصوت لصالح الرصيف\nافتتاح متحف البحر بعد سنوات من التأخير والانتظار\nالثلوج تغلق الطريق\nوفاة آخر صياد في القرية عن تسعين عاما",
            [
                "مجلس الميناء يصوت لصالح الرصيف",
                "افتتاح متحف البحر بعد سنوات من التأخير والانتظار",
                "الثلوج تغلق الطريق",
                "وفاة آخر صياد في القرية عن تسعين عاما",
            ],
            id="Arabic headlines are not a wrapped paragraph",
        ),
        pytest.param(
            "港の委員会が決定\n古い乗り場を石で建て直す\n工事は四月から始まる予定\n漁師は防波堤を求める",
            ["港の委員会が決定", "古い乗り場を石で建て直す", "工事は四月から始まる予定", "漁師は防波堤を求める"],
            id="Japanese headlines are not a wrapped paragraph",
        ),
        pytest.param("a\r\n\r\nb\u2028c", ["a", "b", "c"], id="other line breaks"),
        pytest.param("\ufeffThe soft\u00adware\u200b ran.", ["The software ran."], id="invisible characters"),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(
            [
                "เทศบาลเมืองบ้านน้ำใสมีมติเมื่อวันพุธให้เปลี่ยนโรงงานกระดาษเก่าริมแม่น้ำเป็นโรงเรียนสำหรับนักเรียนหกร้อยคน หลังจากถกเถียงกันมานานถึงสี่ปี ปล่องไฟทั้งสองจะยังคงอยู่ และนาฬิกาเหนือประตูทางเข้าก็จะได้รับการซ่อมแซมให้เดินได้อีกครั้ง",
                "ชาวบ้านในละแวกนั้นเคยขอให้สร้างสวนสาธารณะ แต่นายกเทศมนตรีกล่าวว่าเมืองที่ไม่มีโรงเรียนของตัวเองจะสูญเสียครอบครัวรุ่นใหม่ไปก่อน แล้วร้านค้าก็จะหายตามไปด้วย การก่อสร้างจะเริ่มในเดือนเมษายนโดยเริ่มจากหลังคา",
                "งบประมาณของโครงการนี้อยู่ที่สี่สิบเอ็ดล้านบาท ซึ่งรัฐบาลจะออกให้หนึ่งในสาม ส่วนที่เหลือมาจากเงินกู้ของเทศบาลและเงินบริจาคของชาวเมือง ผู้รับเหมาบอกว่าจะแล้วเสร็จก่อนเปิดเทอมในอีกสองปีข้างหน้า",
            ],
            id="Thai",
        ),
        pytest.param(
            [
                "ក្រុមប្រឹក្សាក្រុងបានសម្រេចនៅថ្ងៃពុធថារោងចក្រក្រដាសចាស់នៅមាត់ទន្លេនឹងក្លាយជាសាលារៀនសម្រាប់សិស្សប្រាំមួយរយនាក់ បន្ទាប់ពីការជជែកគ្នាអស់រយៈពេលបួនឆ្នាំ។ បំពង់ផ្សែងទាំងពីរនឹងនៅដដែល ហើយនាឡិកាលើទ្វារធំនឹងត្រូវជួសជុល។",
                "អ្នកជិតខាងបានស្នើសុំឱ្យមានសួនសាធារណៈ ប៉ុន្តែអភិបាលក្រុងបាននិយាយថាក្រុងដែលគ្មានសាលារៀនផ្ទាល់ខ្លួននឹងបាត់បង់គ្រួសារវ័យក្មេងជាមុនសិន បន្ទាប់មកហាងនានាក៏នឹងបិទដែរ។ ការងារនឹងចាប់ផ្តើមនៅខែមេសាដោយចាប់ពីដំបូល។",
            ],
            id="Khmer",
        ),
        pytest.param(
            [
                "ເທດສະບານເມືອງໄດ້ຕົກລົງໃນວັນພຸດວ່າໂຮງງານເຈ້ຍເກົ່າແຄມແມ່ນ້ຳຈະກາຍເປັນໂຮງຮຽນສຳລັບນັກຮຽນຫົກຮ້ອຍຄົນ ຫຼັງຈາກໄດ້ໂຕ້ຖຽງກັນມາເປັນເວລາສີ່ປີ ປ່ອງຄວັນທັງສອງຈະຍັງຄົງຢູ່ ແລະໂມງເທິງປະຕູກໍຈະໄດ້ຮັບການສ້ອມແປງ",
                "ຊາວບ້ານໃນເຂດນັ້ນເຄີຍຂໍໃຫ້ສ້າງສວນສາທາລະນະ ແຕ່ເຈົ້າເມືອງກ່າວວ່າເມືອງທີ່ບໍ່ມີໂຮງຮຽນຂອງຕົນເອງຈະສູນເສຍຄອບຄົວໜຸ່ມໄປກ່ອນ ແລ້ວຮ້ານຄ້າກໍຈະຫາຍຕາມໄປ ວຽກຈະເລີ່ມໃນເດືອນເມສາໂດຍເລີ່ມຈາກຫຼັງຄາ",
            ],
            id="Lao",
        ),
        pytest.param(
            [
                "မြို့တော်ကောင်စီသည် မြစ်ကမ်းရှိ စက္ကူစက်ရုံဟောင်းကို ကျောင်းသားခြောက်ရာအတွက် ကျောင်းတစ်ကျောင်းအဖြစ် ပြောင်းလဲရန် ဗုဒ္ဓဟူးနေ့တွင် ဆုံးဖြတ်ခဲ့သည်။ လေးနှစ်ကြာ အငြင်းပွားခဲ့ပြီးနောက်ဖြစ်သည်။ မီးခိုးခေါင်းတိုင်နှစ်ခုကို ဆက်လက်ထားရှိမည်ဖြစ်သည်။",
                "အနီးနားနေသူများက ပန်းခြံတစ်ခု တောင်းဆိုခဲ့ကြသည်။ မြို့တော်ဝန်က ကိုယ်ပိုင်ကျောင်းမရှိသောမြို့သည် မိသားစုငယ်များကို အရင်ဆုံးရှုံးမည်၊ ထို့နောက် ဆိုင်များပါ ပိတ်သွားမည်ဟု ပြောသည်။ အလုပ်ကို ဧပြီလတွင် ခေါင်မိုးမှ စတင်မည်ဖြစ်သည်။",
            ],
            id="Burmese",
        ),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["no blank line", "a blank line"])
@pytest.mark.parametrize("width", [40, 56])
def test_words_cut_by_a_wrap_are_whole_again(story: list[str], between: str, width: int) -> None:
    wrapped = ["\n".join(text[n : n + width].strip() for n in range(0, len(text), width)) for text in story]
    found = "\n".join(paragraphs(between.join(wrapped)))
    assert found.replace(" ", "").replace("\n", "") == "".join(story).replace(" ", "")
    assert found.count("\n") <= len(story) - 1


def test_headlines_of_a_script_without_spaces_stay_lines() -> None:
    headlines = [
        "สภาเมืองอนุมัติสร้างโรงเรียนใหม่ในโรงงานกระดาษเก่า",
        "เรือข้ามฟากหยุดเดินจนถึงสงกรานต์เพราะเครื่องยนต์เสีย",
        "นกเค้าแมวทำรังบนหอระฆัง",
        "ราคาข้าวขึ้นเป็นเดือนที่สามติดต่อกัน ชาวนายังไม่พอใจ",
        "รถรางสองคันชนกันกลางเมือง ไม่มีผู้บาดเจ็บ",
        "พิพิธภัณฑ์ทะเลเปิดอีกครั้งหลังซ่อมแซมนานห้าปี",
    ]
    assert paragraphs("\n".join(headlines)) == headlines


def test_a_story_alone_is_kept_whole() -> None:
    body = read(f"{LEDE}\n\n{SECOND}", title=None)
    assert [line.text for line in body.lines if line.rule is None] == [LEDE, SECOND]


def test_every_line_is_accounted_for() -> None:
    body = read(f"top of page\n{LEDE}\n{SECOND}\nShare this article\nMore from the Herald", title=None)
    assert [line.text for line in body.lines if line.rule is None] == [LEDE, SECOND]
    assert len(body.lines) == len(body.scores) == 5


def kept(text: str, title: str | None = None) -> list[str]:
    return [line.text for line in read(text, title=title).lines if line.rule is None]


STORY = [
    LEDE,
    SECOND,
    "“We waited long enough,” said the harbour master, who counted forty ferries a day at the berth last summer.",
    "The ferry company had asked the council to keep the berth open until its new ships arrive in the autumn.",
    "Council members rejected that on Tuesday, saying the old berth was a danger to passengers and to the harbour.",
]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("Share this article", "share", id="share"),
        pytest.param("READ MORE: Mayor opens fish market", "related", id="one-line teaser"),
        pytest.param("Also read: Storm closes bridge", "related", id="also read"),
        pytest.param(">> Storm closes bridge", "related", id="arrows"),
        pytest.param("Published: 3 hours ago | Updated: 1 hour ago", "date", id="dates by age"),
        pytest.param("By Staff Reporter", "byline", id="nobody's byline"),
        pytest.param("Photo: A. Name/Harbour Agency", "caption", id="credit"),
        pytest.param("FILE PHOTO: The old berth, seen in March.", "caption", id="file photo"),
        pytest.param("top of page", "navigation", id="top of page"),
        pytest.param("NEWS > BUSINESS", "navigation", id="breadcrumb"),
        pytest.param("We use cookies to improve your experience.", "cookie", id="cookies"),
        pytest.param(
            "_visits 30 days This cookie is set by the harbour's counter to tell one visit from the next.",
            "cookie",
            id="table of cookies",
        ),
        pytest.param("© 2026 The Harbour Herald", "footer", id="copyright"),
        pytest.param("To suggest a correction, write to the desk", "correction", id="correction"),
        pytest.param("Lesen Sie auch: Sturm sperrt Brücke", "related", id="German teaser"),
        pytest.param("Lire aussi : le pont fermé", "related", id="French teaser"),
    ],
)
def test_furniture_between_paragraphs_goes_under_its_rule(line: str, rule: str) -> None:
    body = read("\n".join([*STORY[:2], line, *STORY[2:]]), title=None)
    assert [x.text for x in body.lines if x.rule is None] == STORY
    assert [x.rule for x in body.lines if x.text == line] == [rule]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Share prices of the ferry company fell by a tenth after the vote, its lowest in two years.", id="share"),
        pytest.param("Follow-up talks between the council and the ferry company are planned for Thursday.", id="follow"),
        pytest.param("By Tuesday evening the ferry company had not said whether it would go to court.", id="by"),
        pytest.param("Published figures show that the berth served nine thousand passengers in March.", id="published"),
        pytest.param("More than a hundred people came to the harbour to see the last ferry leave the berth.", id="more"),
        pytest.param("Comments by the mayor that the berth was safe were wrong, the council's report says.", id="comments"),
        pytest.param("HARBOUR CITY (Agency) - The council closed the berth for good.", id="dateline"),
    ],
)  # fmt: skip
def test_sentences_that_only_begin_like_furniture_stay(line: str) -> None:
    assert line in kept("\n".join([*STORY[:3], line, *STORY[3:]]))


def test_a_list_of_unrelated_headlines_goes() -> None:
    headlines = [f"{who} {what}" for who in ("Mayor", "Minister", "Bank", "Airline", "Museum") for what in (
        "Opens Largest Fish Market in Decades", "Rejects Plan for Toll Road", "Reports Record Losses After Storm",
        "Names New Head of Research")]  # fmt: skip
    text = "\n\n".join(STORY) + "\n\nNewsletter\n\nRelated Articles\n0:00\nClose\n" + "\n".join(headlines)
    assert kept(text) == STORY


def test_teasers_of_other_stories_go_and_the_story_goes_on() -> None:
    other = "A bakery in the hills won the national bread prize with a loaf that takes four days to rise."
    text = "\n\n".join([*STORY[:3], "Other stories", "Bakery wins prize", other, *STORY[3:]])
    assert kept(text) == STORY


OPINION = (
    "The council should have closed the old ferry berth nine years ago, when the harbour master first said that it was a "
    "danger to passengers. I have been saying so at every meeting, and nobody on the council listened."
)
REPLY = (
    "Nobody has asked those of us who take the ferry to the harbour every morning. The new berth will open in the summer, "
    "the council says, and we will believe it when the ships arrive."
)


@pytest.mark.parametrize(
    "thread",
    [
        pytest.param(
            ["2 COMMENTS", "maren k. May 3, 2026 at 4:47 pm", OPINION, "Bo May 4, 2026 at 9:02 am", REPLY],
            id="name and time in a line",
        ),
        pytest.param(
            ["Maren on May 3, 2026 at 4:47 pm said:", OPINION, "Bo T. on May 4, 2026 at 9:02 am said:", REPLY],
            id="they say, no heading",
        ),
        pytest.param(
            ["mk_71 says:", "3 May 2026 at 16:47", OPINION, "Bo says:", "4 May 2026 at 09:02", REPLY],
            id="time below the name",
        ),
        pytest.param(
            ["Top Comments", "mk_71", "2 days ago at 07:52", OPINION, "Bo", "1 day ago at 09:02", REPLY], id="days ago"
        ),
        pytest.param(
            ["Kommentare (2)", "Maren", "3. Mai 2026, 16:47 Uhr", OPINION, "Bo", "4. Mai 2026, 9:02 Uhr", REPLY],
            id="German",
        ),
    ],
)
def test_readers_comments_below_the_story_go(thread: list[str]) -> None:
    byline = ["Maren Holt", "May 3, 2026 at 6:30 am"]
    body = read("\n\n".join([*byline, STORY[0], *byline, *STORY[1:], *thread]), title=None)
    assert [line.text for line in body.lines if line.rule is None] == STORY
    assert [line.rule for line in body.lines if line.text in (OPINION, REPLY)] == ["comment", "comment"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["May 3, 2026 at 4:47 pm", SECOND, "May 4, 2026 at 9:02 am", OPINION],
            id="a live blog has times and no names",
        ),
        pytest.param(["Maren Holt says:", OPINION, "The mayor says:", REPLY], id="an interview has names and no times"),
        pytest.param(
            ["By Maren Holt", "May 3, 2026 4:47 pm", SECOND, OPINION],
            id="a byline and a time below the first paragraph",
        ),
    ],
)
def test_what_only_looks_like_comments_is_no_thread(lines: list[str]) -> None:
    body = read("\n\n".join([STORY[0], *lines, *STORY[1:]]), title=None)
    assert "comment" not in [line.rule for line in body.lines]


def test_what_follows_the_word_that_the_rest_is_paid_for_is_no_story() -> None:
    wall = "Il vous reste 62.5% de cet article à lire. La suite est réservée aux abonnés."
    explained = (
        "If two people read with this account at once, the harbour council's paper asks one of them to stop reading."
    )
    assert kept("\n\n".join([*STORY, wall, explained, "Why do I see this?", explained])) == STORY


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([f"{month} {day} – {place} Quay" for month, day, place in [("June", 9, "Norhaven"), ("June", 10, "Millgate"), ("July", 14, "Tarnside"), ("July", 17, "Plainfield"), ("Aug.", 2, "Shared Bay")]], id="days"),
        pytest.param(["1) Brass ship's bell, unsigned", "https://sale.example/b", "2) Ticket machine of 1931", "3) Bench, oak", "https://sale.example/o", "4) Timetable, framed", "5) Rope, new"], id="numbers, with links between"),
    ],
)  # fmt: skip
def test_a_list_right_below_the_story_is_part_of_it(items: list[str]) -> None:
    noise = ["Most read", *(f"Mayor opens fish market number {n} in the rain" for n in "ABCDEFGH")]
    assert kept("\n\n".join([*STORY, *items, *noise])) == [*STORY, *items]


@pytest.mark.parametrize(
    "widget",
    [
        pytest.param(
            [
                "Most read",
                "1. Wolf seen near allotments",
                "2. The best films to see in the rain",
                "3. Mayor opens fish market",
                "4. Bridge closed again",
                "5. Storm takes roof",
            ],
            id="most read",
        ),
        pytest.param(
            [
                "Latest headlines",
                "May 3 Wolf seen near allotments",
                "May 3 Mayor opens fish market",
                "May 2 Bridge closed again",
                "May 2 Storm takes roof",
                "May 1 Films for a rainy day",
            ],
            id="latest",
        ),
    ],
)
def test_a_numbered_list_under_its_own_heading_is_not(widget: list[str]) -> None:
    assert kept("\n\n".join([*STORY, *widget])) == STORY


@pytest.mark.parametrize(
    ("text", "given", "title"),
    [
        pytest.param("\n\n".join(["Harbour council closes ferry berth", *STORY]), None, "Harbour council closes ferry berth", id="line above"),
        pytest.param("\n\n".join(["Will the harbour lose its ferry berth?", *STORY]), None, "Will the harbour lose its ferry berth?", id="question"),
        pytest.param("\n\n".join(STORY), None, None, id="none: the story begins at once"),
        pytest.param("\n\n".join(["Ferry berth closes", *STORY]), "Ferry Berth Closes", "Ferry Berth Closes", id="given from outside"),
        pytest.param("\n\n".join(["Friday, Nov 20, 2026", *STORY]), None, None, id="a masthead's date is no title"),
    ],
)  # fmt: skip
def test_title(text: str, given: str | None, title: str | None) -> None:
    body = read(text, title=given)
    assert body.title == title
    assert [line.text for line in body.lines if line.rule is None] == STORY


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        pytest.param("Updated: Nov 28, 2026", None, "2026-11-28", id="updated"),
        pytest.param("Published: 3 March 2026", "2026-03-03", None, id="published"),
        pytest.param("Thursday, Nov 20, 2026", None, None, id="a masthead's today is neither"),
        pytest.param("Published: 3 hours ago", None, None, id="an age is no date"),
    ],
)
def test_dates_are_only_those_a_line_claims(line: str, published: str | None, modified: str | None) -> None:
    body = read("\n".join(["Harbour council closes ferry berth", line, *STORY]), title=None)
    assert (body.published_at, body.modified_at) == (published, modified)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{LEDE}\n{SECOND}", id="two-paragraph brief"),
        pytest.param(LEDE, id="one sentence"),
        pytest.param(" ".join(STORY), id="no line break at all"),
        pytest.param("Tbe harbour ccuncil vofed on Tuesdav to clcse the o1d ferry berth.\n" + SECOND, id="misspelt by a scanner"),
        pytest.param("议会周二投票决定关闭旧渡轮码头，结束了持续九年的争议。\n官员表示，新码头将在夏季之前建成。", id="Chinese"),
    ],
)  # fmt: skip
def test_clean_texts_stay_whole(text: str) -> None:
    assert "".join(kept(text)) == text.replace("\n", "")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_comes_apart_without_loss(text: str) -> None:
    body = read(text, title=None)
    assert len(body.scores) == len(body.lines)
    assert all(line.text and line.text == " ".join(line.text.split()) for line in body.lines)
    assert "".join(body_text(body)) == "".join(paragraphs(text))


def body_text(body: TextBody) -> list[str]:
    return [line.text for line in body.lines]


def test_weights_and_features_belong_together() -> None:
    first, last = weights()
    assert len(first) == len(features.FIRST) + 1
    assert len(last) == len(features.LAST) + 1


BETWEEN = [
    pytest.param(["Advertisement"], id="advertisement"),
    pytest.param(["ADVERTISEMENT", "Article continues below this ad"], id="advertisement and what is below"),
    pytest.param(["Advertisement", "Article continues below this ad", "Share", "Copy link"], id="block of a newspaper"),
    pytest.param(["Share", "Copy link"], id="share and copy link"),
    pytest.param(["Photo: Eli Moe"], id="photo credit"),
    pytest.param(["AP Photo/Ann Berg"], id="agency's credit"),
    pytest.param(["The old berth in March (Photo: Eli Moe)"], id="caption with its credit"),
    pytest.param(["READ MORE: Mayor opens fish market"], id="pointer to another story"),
    pytest.param(["Related article", "Mayor opens fish market"], id="pointer in two lines"),
    pytest.param(["Anzeige"], id="German label"),
    pytest.param(["広告"], id="Japanese label"),
    pytest.param(["Sign up for our morning newsletter"], id="newsletter"),
    pytest.param(["00:00", "01:20"], id="player"),
]


@pytest.mark.parametrize("lines", BETWEEN)
@pytest.mark.parametrize("every", [1, 2], ids=["after each paragraph", "after every second one"])
def test_what_interrupts_a_story_goes_and_the_story_stays(lines: list[str], every: int) -> None:
    text: list[str] = []
    for number, paragraph in enumerate(STORY, 1):
        text += [paragraph, *(lines if number % every == 0 and number < len(STORY) else [])]
    assert kept("\n\n".join(text)) == STORY


def test_a_label_of_which_nothing_is_known_goes_by_its_repeats() -> None:
    label = "Zvonimo dalje"
    assert kept("\n\n".join([STORY[0], label, STORY[1], label, STORY[2], label, *STORY[3:]])) == STORY


def test_a_transcript_stays_whole() -> None:
    turns = ["HALLE: We repaired it twice.", "REPORTER: When do you start?", "HALLE: In April.", "REPORTER: And then?"]
    assert kept("\n".join([*STORY[:3], *turns, "HALLE: Then we shall see."])) == [
        *STORY[:3], *turns, "HALLE: Then we shall see."
    ]  # fmt: skip


ODD = {
    "a note to a table": "Berths 3 to 9, depth at low water in metres, crane load in tonnes, fee for each night: see table.",
    "shop talk": "Get the blue one for 40 crowns, or two for 70, with the strap and a spare battery thrown in!",
    "an address": "Harbour Office, Quay 4, 9000 Northby, open Monday to Friday 8:00–16:00, closed on holidays.",
    "a line of dialogue": "“Click here, sign up, share this!”",
}


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in ODD.items()])
def test_inside_a_text_without_furniture_odd_lines_stay(line: str) -> None:
    body = read("\n\n".join([*STORY[:3], line, *STORY[3:]]), title=None)
    assert line in [row.text for row in body.lines if row.rule is None]


HEADLINES = ["Hall to close for the summer", "Buses to Sandnes late again", "New crane for the east quay", "Choir wins"]


def test_what_the_model_makes_of_headlines_inside_a_text_without_furniture_holds() -> None:
    body = read("\n\n".join([*STORY[:3], *HEADLINES, *STORY[3:]]), title=None)
    assert not {row.text for row in body.lines if row.rule is None} & set(HEADLINES[1:])
