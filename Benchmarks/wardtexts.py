"""Files to import into a ward: areas, procedures and dossiers, in our own words, the same for the same call."""
import json
import random

THINGS = (
    "khai sinh", "khai tử", "kết hôn", "giám hộ", "nhận cha, mẹ, con", "thay đổi hộ tịch", "tạm trú", "thường trú",
    "hộ kinh doanh", "biến động đất đai", "trợ cấp xã hội", "bảo hiểm y tế", "chứng thực bản sao",
    "chứng thực chữ ký", "người có công", "trẻ em mồ côi", "cây xanh", "vỉa hè", "nước sạch", "lễ hội",
)
ACTS = ("Đăng ký", "Đăng ký lại", "Cấp bản sao", "Xác nhận", "Thay đổi", "Gia hạn", "Chấm dứt", "Cấp đổi", "Cấp mới")
WHERE = (
    "có yếu tố nước ngoài", "ở khu vực biên giới", "cho người cao tuổi", "cho người khuyết tật", "tại nhà", "lưu động",
    "liên thông", "theo uỷ quyền", "lần đầu", "trực tuyến toàn trình",
)
WORDS = (
    "tờ khai", "giấy tờ tuỳ thân", "bản chính", "nộp hồ sơ", "kiểm tra", "hướng dẫn bổ sung", "trong ngày",
    "ngày làm việc", "trả kết quả", "bộ phận một cửa", "cán bộ", "ký sổ", "không thu phí", "theo mức quy định",
    "người làm chứng", "văn bản", "xác nhận", "lưu trữ", "cơ sở dữ liệu", "thông báo lý do", "uỷ ban nhân dân phường",
)


def sentence(choice, words):
    return " ".join(choice.choice(WORDS) for _ in range(words)).capitalize() + "."


def write_areas(file):
    """A ward with 13 neighborhoods."""
    rows = [
        {"code": "22", "name": "Tỉnh Quảng Ninh", "level": "province", "parent": None},
        {"code": "06685", "name": "Phường Hồng Gai", "level": "ward", "parent": "22"},
    ]
    for number in range(1, 14):
        rows.append(
            {"code": f"06685.{number:02}", "name": f"Khu phố {number}", "level": "neighborhood", "parent": "06685"})
    return write_lines(file, rows)


def write_procedures(file, count):
    choice = random.Random(23)
    rows = []
    for number in range(count):
        name = f"{ACTS[number % len(ACTS)]} {THINGS[number // len(ACTS) % len(THINGS)]}"
        if number >= len(ACTS) * len(THINGS):
            name += " " + WHERE[number // (len(ACTS) * len(THINGS)) % len(WHERE)]
        rows.append({
            "code": f"1.{number:06}", "name": name, "level": "Cấp xã", "field": "Hộ tịch",
            "applicants": "Công dân Việt Nam", "agency": "Uỷ ban nhân dân phường",
            "channels_time_fee": sentence(choice, 40), "papers": sentence(choice, 80),
            "steps": "\n".join(f"Bước {step}: {sentence(choice, 30)}" for step in range(1, 6)),
            "conditions": sentence(choice, 25), "result": "Văn bản xác nhận", "decision": "Bản mẫu",
        })
    return write_lines(file, rows)


def write_lines(file, rows):
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def write_dossiers(file, count, series):
    """Dossiers whose codes no other series has."""
    choice = random.Random(series)
    with file.open("w", encoding="utf-8") as out:
        out.write("code,second_secret,status,step,agency,received,due,missing_papers,updated_at\n")
        for number in range(count):
            day = 1 + number % 28
            out.write(
                f"000.00.{series + 10:02}.H49-2610{day:02}-{number + 1:05},K{choice.randrange(10 ** 6):06},"
                f"{1 + number % 9},{sentence(choice, 4)},Tư pháp – Hộ tịch,2026-10-{day:02},2026-11-{day:02},,"
                f"2026-11-01T08:{number % 60:02}:00+07:00\n")
