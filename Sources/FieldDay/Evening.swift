// The field day's second half: the server is back, everything is reconciled and decided.

import Foundation

extension Day {
    func reconcile() throws {
        tell.part(s("Buổi chiều: có mạng, đồng bộ", "Afternoon: the network is back, everyone syncs"))
        server = try ServerProcess(programs, home: serverHome, port: port)
        for _ in 0..<2 {
            for person in [Person.minh, Person.resident, Person.lan, Person.officer] {
                let report = try ward(person, "sync")
                guard report["synced"] as? Bool == true else {
                    throw CheckFailed(what: "sync \(person)", detail: "\(report)")
                }
            }
        }
        try checkHashes()
        try checkNothingIsMissing()
        try checkConflicts()
        try checkParallel()
        try checkAnswers()
    }

    /// Every replica that may see the same documents has the same state.
    func checkHashes() throws {
        var hashes: [String: String] = [:]
        for person in [Person.officer, Person.lan, Person.minh] {
            hashes[person] = try areaHash(ward(person, "status", "--area", Person.neighborhood))
        }
        let served = try programs.succeed(
            "ward-server", ["status", "--home", serverHome, "--area", Person.neighborhood, "--json"]
        ).json
        hashes["server"] = (served["area_state"] as? [String: Any])?["hash"] as? String ?? "?"
        try tell.check(
            Set(hashes.values).count == 1 && hashes.values.first?.count == 64,
            s(
                "Mã trạng thái khu phố 3 giống nhau ở cán bộ, hai tình nguyện viên và máy chủ: \(hashes[Person.lan]?.prefix(12) ?? "")…",
                "The state hash of neighborhood 3 is the same at the officer, both volunteers and the server: \(hashes[Person.lan]?.prefix(12) ?? "")…"
            ),
            "\(hashes)")
        var wide: Set<String> = []
        for person in Person.everyone {
            let status = try ward(person, "status")
            wide.insert((status["state_hashes"] as? [String: String])?["ward"] ?? "?")
        }
        try tell.check(
            wide.count == 1 && !wide.contains("?"),
            s(
                "Mã trạng thái của danh mục toàn phường giống nhau ở cả bốn máy.",
                "The hash of ward-wide documents is the same on all four devices."),
            "\(wide)")
        let views = try [Person.resident, Person.lan, Person.minh, Person.officer].map {
            try ward($0, "report", "show", filed)["state_hash"] as? String ?? "?"
        }
        try tell.check(
            Set(views).count == 1 && views[0] != "?",
            s(
                "Phản ánh của người dân giống hệt nhau ở mọi máy được xem.",
                "The resident's report is identical wherever it may be seen."), "\(views)")
    }

    private func areaHash(_ status: [String: Any]) throws -> String {
        guard let hash = (status["state_hashes"] as? [String: String])?[Person.neighborhood] else {
            throw CheckFailed(what: "state_hashes", detail: "\(status)")
        }
        return hash
    }

    private func checkNothingIsMissing() throws {
        for person in [Person.officer, Person.lan, Person.minh] {
            let whole = try ["report", "report", "report", "task"].enumerated().map { place, kind in
                try programs.succeed(
                    "ward", [kind, "show", [disputed, parallel, filed, task][place], "--json"], home: person
                ).output
            }.joined()
            for typed in [
                "mặt đường lún", "ống nước vỡ", "Cây nghiêng về phía cổng trường", "Số 15 đường Lê Thánh Tông",
                "Đèn đường tắt ở ngõ 7", "Tối đi lại rất nguy hiểm", "Cài VNeID", "Đo sóng điện thoại",
            ] where !whole.contains(typed) {
                throw CheckFailed(what: "\(person): «\(typed)»", detail: whole)
            }
            let fields = try ward(person, "task", "show", task)["fields"] as? [String: Any] ?? [:]
            let ticks = fields["checked"] as? [String: Bool] ?? [:]
            guard ticks["1"] == true, ticks["2"] == true else {
                throw CheckFailed(what: "\(person): checked", detail: "\(fields)")
            }
        }
        try tell.check(
            true,
            s("Không mất một chữ nào đã gõ, ở cả ba máy.", "Nothing that was typed is missing, on all three devices."))
        let name = (try ward(Person.officer, "report", "show", filed)["fields"] as? [String: Any])?["reporter_name"]
        let hidden = (try ward(Person.lan, "report", "show", filed)["fields"] as? [String: Any])?["reporter_name"]
        try tell.check(
            name as? String == "Nguyễn Thị Hoa" && !(hidden is String),
            s(
                "Cán bộ đọc được tên người phản ánh; tình nguyện viên thì không.",
                "The officer can read the reporter's name; a volunteer cannot."),
            "\(String(describing: name)) \(String(describing: hidden))")
    }

    private func conflicts(_ person: String, _ kind: String, _ id: String) throws -> [[String: Any]] {
        try ward(person, kind, "show", id)["conflicts"] as? [[String: Any]] ?? []
    }

    private func checkConflicts() throws {
        for (kind, id, values, sentence) in [
            (
                "report", disputed, Set(["road", "water"]),
                s(
                    "Hai loại khác nhau hiện thành xung đột: ai, lúc nào, máy nào.",
                    "The two categories are shown as a conflict: who, when, which device.")
            ),
            (
                "task", task, [],
                s(
                    "Hai lần nhận việc hiện thành xung đột: ai, lúc nào, máy nào.",
                    "The two claims are shown as a conflict: who, when, which device.")
            ),
        ] {
            for person in [Person.officer, Person.lan, Person.minh] {
                let open = try conflicts(person, kind, id)
                let sides = open.first?["values"] as? [[String: Any]] ?? []
                let devices = Set(sides.compactMap { $0["device"] as? String })
                let complete = sides.allSatisfy {
                    ($0["who"] as? String)?.isEmpty == false && $0["device_time"] is String
                        && $0["effective_time"] is String
                }
                let shown = Set(sides.compactMap { $0["value"] as? String })
                guard open.count == 1, sides.count == 2, devices.count == 2, complete, values.isEmpty || shown == values
                else {
                    throw CheckFailed(what: tell.text(sentence), detail: "\(person): \(open)")
                }
            }
            try tell.check(true, sentence)
        }
    }

    private func checkParallel() throws {
        let view = try ward(Person.officer, "report", "show", parallel)
        let marked = (view["history"] as? [[String: Any]] ?? []).filter { $0["parallel"] as? Bool == true }
        try tell.check(
            (view["conflicts"] as? [Any])?.isEmpty == true && marked.count >= 2,
            s(
                "Hai sửa đổi song song đã gộp lặng lẽ và được ghi là song song.",
                "The two parallel edits merged quietly and are listed as parallel."),
            "\(view)")
    }

    private func checkAnswers() throws {
        var found: [String] = []
        for question in questions {
            let view = try ward(Person.resident, "lookup", "show", question)
            let answer = view["answer"] as? [String: Any] ?? [:]
            guard answer["as_of"] is String, let finding = answer["finding"] as? String else {
                throw CheckFailed(what: "lookup show", detail: "\(view)")
            }
            found.append(finding)
            let page = try programs.succeed("ward", ["lookup", "show", question], home: Person.resident).output
            let line = page.split(separator: "\n").first {
                $0.contains("theo dữ liệu") || $0.contains("as of") || $0.contains("data of")
            }
            if let line {
                tell.step(
                    s(
                        "\(finding): \(line.trimmingCharacters(in: .whitespaces))",
                        "\(finding): \(line.trimmingCharacters(in: .whitespaces))"))
            }
        }
        try tell.check(
            found == ["found", "notFound", "refused"],
            s(
                "Ba câu trả lời có chữ ký: tìm thấy, không tìm thấy, bị từ chối.",
                "Three signed answers: found, not found, refused."), "\(found)")
    }

    func decide() throws {
        tell.part(s("Cán bộ quyết định", "The officer decides"))
        let reason = "Đã xem tại chỗ: ống nước vỡ làm lún đường."
        try ward(
            Person.officer, "conflict", "resolve", disputed, "--field", "category", "--value", "water", "--reason",
            reason)
        try ward(Person.officer, "sync")
        for person in [Person.lan, Person.minh, Person.resident, Person.officer] { try ward(person, "sync") }
        for person in [Person.lan, Person.minh] {
            let view = try programs.succeed("ward", ["report", "show", disputed, "--json"], home: person)
            let category = (view.json["fields"] as? [String: Any])?["category"] as? String
            guard category == "water", view.output.contains(reason), try conflicts(person, "report", disputed).isEmpty
            else {
                throw CheckFailed(what: "resolution at \(person)", detail: view.output)
            }
        }
        try tell.check(
            true, s("Hai tình nguyện viên thấy kết quả và lý do.", "Both volunteers see the result and the reason."))
        try checkHashes()
    }

    func evening() throws {
        try tell.check(
            server?.stop() == 0,
            s("Máy chủ dừng êm, không còn gì chạy lại.", "The server stops cleanly; nothing is left running."))
        server = nil
    }
}
