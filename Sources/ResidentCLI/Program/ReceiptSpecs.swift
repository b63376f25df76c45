// The table's part on receipts that prove something to others.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let out = OptionSpec(
        "out", value: .file,
        summary: m("Ghi vào tệp mới này; không ghi thì in ra", "Write to this new file; printed without it"))

    static let receipts = CommandGroup(
        m("Biên nhận", "Receipts"),
        topics: [TopicSpec(["receipt"], summary: m("Chứng minh phường đã nhận", "Prove what the ward received"))],
        commands: [
            CommandSpec(
                ["receipt", "export"],
                summary: m("Xuất biên nhận của một phản ánh", "Export the receipt of a report"),
                details: m(
                    "Tệp nhỏ (dưới 4 KiB) chứng minh với bất kỳ ai, không cần mạng, rằng phường đã nhận phản ánh và đã quyết định gì. Không có --content thì trong tệp không có nội dung phản ánh.",
                    "A small file (below 4 KiB) that proves to anybody, without a network, that the ward received the report and what it decided. Without --content nothing of what was reported is in it."
                ),
                arguments: [idArgument(m("Phản ánh", "The report"))],
                options: [
                    out,
                    OptionSpec(
                        flag: "content",
                        summary: m(
                            "Kèm cả nội dung đã gửi; ai có tệp đều đọc được",
                            "With what was reported; whoever has the file can read it")),
                ],
                examples: [
                    .init(
                        "ward receipt export 3k7q --out bien-nhan.txt",
                        m("Ghi biên nhận ra tệp.", "Write the receipt to a file."))
                ], run: Command.receiptExport.rawValue),
            CommandSpec(
                ["receipt", "verify"],
                summary: m("Kiểm tra biên nhận hoặc bằng chứng", "Verify a receipt or a proof"),
                details: m(
                    "Không cần mạng, không cần dữ liệu của phường đó. Mã thoát 0: đúng và đã đối chiếu phường; 6: đúng nhưng chưa đối chiếu phường, hoặc là bằng chứng phường ký hai điều trái ngược; 5: không đúng.",
                    "Needs no network and no data of that ward. Exit code 0: sound, and the ward was compared; 6: sound, but the ward was not compared, or it proves that a ward signed a contradiction; 5: not sound."
                ),
                arguments: [
                    ArgumentSpec(
                        m("tệp", "file"),
                        summary: m("Tệp nhận được; «-» là đầu vào chuẩn", "The file; “-” is standard input"),
                        kind: .file)
                ],
                options: [
                    OptionSpec(
                        "ward", value: .text(), label: m("bản mô tả", "descriptor"),
                        summary: m(
                            "Bản mô tả phường để đối chiếu: tệp hoặc chữ",
                            "Ward descriptor to compare with: a file or its text"))
                ],
                examples: [
                    .init(
                        "ward receipt verify bien-nhan.txt --ward hong-gai.txt",
                        m("Kiểm tra và đối chiếu với phường.", "Verify, and compare with the ward."))
                ], run: Command.receiptVerify.rawValue),
            CommandSpec(
                ["receipt", "evidence"],
                summary: m(
                    "Xuất bằng chứng phường đổi sổ đã ký", "Export the proof that the ward changed its signed log"),
                details: m(
                    "Khi một lần đồng bộ bị dừng vì sổ phường không nối tiếp sổ đã ký, máy giữ lại hai lời ký trái ngược. Trong tệp không có dữ liệu của ai.",
                    "Where a sync was stopped because the ward log did not go on from what was signed, the device keeps both signed statements. Nobody's data is in the file."
                ),
                options: [out],
                examples: [
                    .init(
                        "ward receipt evidence --out bang-chung.txt",
                        m("Ghi bằng chứng ra tệp.", "Write the proof to a file."))
                ], run: Command.receiptEvidence.rawValue),
        ])
}
