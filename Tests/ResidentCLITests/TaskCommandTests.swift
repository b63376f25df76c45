// Tasks as a team works them with the real program: made, assigned, visited, verified, handed over.

import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct TaskCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    private func refused(_ run: WardRun, _ word: String, _ place: SourceLocation = #_sourceLocation) {
        #expect(run.code == 5 && run.out.contains("\"\(word)\""), "\(run.out)\(run.err)", sourceLocation: place)
        #expect(run.out.contains("\"lost\":false"), "\(run.out)", sourceLocation: place)
    }

    private struct Team {
        let ward: LoopbackWard
        let lead: TestHome
        let lan: TestHome
        let minh: TestHome

        init() throws {
            ward = try LoopbackWard()
            lead = try FieldDayTests.home(ward, .lead, ["06685.03"], "Tổ trưởng Tâm")
            lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Nguyễn Thị Lan")
            minh = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Trần Minh")
            for home in [lead, lan, minh] { _ = home.ward("sync") }
        }

        func task(_ words: String...) throws -> String {
            let made = lead.ward(["task", "new", "--json"] + words)
            return try #require(made.json("short_id"), "\(made.out)\(made.err)")
        }

        func sync(_ homes: TestHome...) {
            // The second round brings what the first one handed in after somebody's own sync.
            for home in homes.isEmpty ? [lead, lan, minh, lead, lan, minh] : homes {
                let run = home.ward("sync")
                #expect(run.code == 0, "\(run.out)\(run.err)")
            }
        }
    }

    @Test func aTaskGoesFromTheLeadToTheDoorAndBackUntilItIsVerified() throws {
        let team = try Team()
        let (lead, lan) = (team.lead, team.lan)
        let id = try team.task(
            "-t", "Thăm hộ số 12", "-k", "tham ho", "--household", "Ông Tư", "--contact", "0912 345 678", "--due",
            "30/11/2030", "--priority", "2")
        let other = try team.task("-t", "Đo sóng", "--no-items")
        team.sync(lead, lan)
        let said = ok(lead.ward("task", "assign", id, other, "--to", "lan", lang: "vi"))
        #expect(
            said.out.contains("Nguyễn Thị Lan cần nhận việc: ward task claim \(id)") && said.out.contains("Đã lưu 2"))
        refused(lead.ward("task", "assign", id, "--to", "lan", "--json"), "task.already-assigned")
        team.sync(lead, lan)
        let page = ok(lan.ward("task", "show", id, lang: "vi")).out
        #expect(
            page.contains("0912 345 678") && page.contains("1. [ ] Introduce") && page.contains("Người được giao: tôi")
        )
        #expect(ok(lan.ward("task", "list", "--mine", "--json")).out.contains("\"total\":2"))
        #expect(ok(lan.ward("today", lang: "vi")).out.contains("Việc của tôi (2)"))
        refused(lan.ward("task", "done", id, "--json"), "task.not-claimed")
        _ = ok(lan.ward("task", "claim", id))
        refused(lan.ward("task", "claim", id, "--json"), "task.already-held")
        _ = ok(lan.ward("task", "start", id))
        _ = ok(lan.ward("task", "visit", id, "vang nha", "--note", "Hẹn chiều"))
        #expect(lan.ward("task", "visit", id, "xyz").code == 2)
        for number in ["1", "2"] { _ = ok(lan.ward("task", "check", id, number)) }
        refused(lan.ward("task", "done", id, "--json"), "task.unticked")
        _ = ok(lan.ward("task", "done", id, "--anyway", "--result", "Đã cài xong"))
        refused(lan.ward("task", "verify", id, "--json"), "task.not-permitted")
        team.sync(lan, lead)
        #expect(ok(lead.ward("task", "show", id, lang: "vi")).out.contains("vắng nhà: Hẹn chiều"))
        #expect(ok(lead.ward("task", "list", "--state", "done", "--json")).out.contains("\"total\":1"))
        #expect(lead.ward("task", "return", id).code == 2)
        _ = ok(lead.ward("task", "return", id, "--reason", "Thiếu ảnh"))
        team.sync(lead, lan)
        #expect(ok(lan.ward("task", "show", id, lang: "vi")).out.contains("đã nhận («làm lại»)"))
        #expect(ok(lan.ward("today", lang: "vi")).out.contains("Thiếu ảnh"))
        _ = ok(lan.ward("task", "done", id, "--anyway"))
        team.sync(lan, lead)
        let verified = lead.ward("task", "verify", id, other, "--json")
        #expect(verified.code == 5 && verified.out.contains("\"saved\":1,\"left_out\":1"))
        #expect(verified.out.contains("task.wrong-state"))
        team.sync(lead, lan)
        #expect(ok(lan.ward("task", "show", id, "--json")).json("stage") == "verified")
        refused(lan.ward("task", "visit", id, "met", "--json"), "task.wrong-state")
    }

    @Test func twoVolunteersClaimOfflineAndTheSecondIsToldThatTheWorkIsKept() throws {
        let team = try Team()
        let id = try team.task("-t", "Thăm hộ số 7", "--item", "Cài VNeID")
        team.sync()
        for home in [team.lan, team.minh] {
            _ = ok(home.ward("task", "claim", id))
            _ = ok(home.ward("task", "start", id))
        }
        #expect(ok(team.minh.ward("task", "list", "--state", "doing")).out.contains("Thăm hộ số 7"))
        _ = ok(team.minh.ward("task", "visit", id, "met", "--note", "Đã gặp bà Tư"))
        _ = ok(team.minh.ward("task", "done", id, "--anyway", "--result", "Minh đã làm"))
        team.sync(team.lan)
        let told = ok(team.minh.ward("sync", lang: "vi"))
        #expect(told.out.contains("do Nguyễn Thị Lan giữ") && told.out.contains("được giữ lại"), "\(told.out)")
        let page = ok(team.minh.ward("task", "show", id, lang: "vi")).out
        #expect(page.contains("giữ lại làm bằng chứng") && page.contains("đến sau") && page.contains("Đã gặp bà Tư"))
        #expect(page.contains("Bạn cũng nhận việc này nhưng Nguyễn Thị Lan được ghi nhận trước"))
        #expect(ok(team.minh.ward("today", lang: "vi")).out.contains("được giữ lại"))
        refused(team.minh.ward("task", "done", id, "--anyway", "--json"), "task.claim-lost")
        _ = ok(team.minh.ward("task", "note", id, "Tôi đã gặp chủ hộ"))
        team.sync(team.minh, team.lead)
        let lead = ok(team.lead.ward("task", "show", id, lang: "vi")).out
        #expect(lead.contains("giữ lại làm bằng chứng") && lead.contains("đang làm"))
        let handed = ok(team.lead.ward("task", "reassign", id, "--to", "Minh", "--reason", "Minh đã gặp", lang: "vi"))
        #expect(handed.out.contains("Từ nay Trần Minh giữ nhiệm vụ"))
        team.sync(team.lead)
        let moved = ok(team.lan.ward("sync", lang: "vi"))
        #expect(moved.out.contains("đã giao lại cho Trần Minh"))
        team.sync(team.minh)
        #expect(ok(team.lead.ward("conflict", "list")).out.contains("no conflicts"))
        _ = ok(team.minh.ward("task", "done", id, "--anyway"))
        team.sync()
        #expect(ok(team.lan.ward("task", "show", id, "--json")).json("stage") == "done")
    }

    @Test func anAdminHandsATaskOverLikeALead() throws {
        let team = try Team()
        let admin = try FieldDayTests.home(team.ward, .admin, ["06685"], "Hoàng Yến")
        let id = try team.task("-t", "Thăm hộ số 9", "--no-items")
        team.sync()
        _ = ok(team.lan.ward("task", "claim", id))
        team.sync()
        team.sync(admin)
        let said = ok(admin.ward("task", "reassign", id, "--to", "tran minh", lang: "vi"))
        #expect(said.out.contains("để trống cho Trần Minh"))
        team.sync(admin, team.minh, team.lan)
        #expect(ok(team.minh.ward("task", "show", id, "--json")).out.contains("Trần Minh"))
        #expect(ok(team.minh.ward("today", lang: "vi")).out.contains("Việc của tôi (1)"))
        #expect(ok(team.minh.ward("task", "claim", id)).code == 0)
    }

    @Test func aTaskIsHandedToSomebodyWhoNeverClaimedItByFreeingIt() throws {
        let team = try Team()
        let id = try team.task("-t", "Số hoá sổ hộ khẩu", "-k", "digitise", "--no-items")
        team.sync()
        _ = ok(team.lan.ward("task", "claim", id))
        _ = ok(team.lan.ward("task", "start", id))
        team.sync()
        refused(team.lead.ward("task", "reassign", id, "--to", "Lan", "--json"), "task.already-held")
        #expect(team.lead.ward("task", "reassign", id, "--to", "Không Có").code == 3)
        let said = ok(team.lead.ward("task", "reassign", id, "--to", "tran minh", lang: "vi"))
        #expect(said.out.contains("để trống cho Trần Minh"))
        team.sync(team.lead)
        #expect(ok(team.lan.ward("sync", "--json")).out.contains("\"what\":\"freed\""))
        team.sync(team.minh)
        #expect(ok(team.minh.ward("task", "list", "--state", "tra lai")).out.contains("Số hoá"))
        #expect(ok(team.minh.ward("today", lang: "vi")).out.contains("Việc của tôi (1)"))
        _ = ok(team.minh.ward("task", "claim", id))
        team.sync()
        refused(team.lan.ward("task", "release", id, "--json"), "task.held-by-other")
        _ = ok(team.minh.ward("task", "release", id, "--reason", "Bận"))
        _ = ok(team.lead.ward("task", "cancel", id, "--reason", "Không cần nữa"))
        team.sync()
        #expect(ok(team.lan.ward("task", "show", id, "--json")).json("stage") == "cancelled")
        refused(team.lan.ward("task", "claim", id, "--json"), "task.wrong-state")
        refused(team.lan.ward("task", "reopen", id, "--json"), "task.not-permitted")
        _ = ok(team.lead.ward("task", "reopen", id))
        _ = ok(
            team.lead.ward(
                "task", "edit", id, "-t", "Số hoá lại", "-i", "Chụp đủ trang", "--starts", "08:30 12/03/2030"))
        #expect(team.lead.ward("task", "edit", id, "--starts", "25:00 12/03/2030").code == 2)
        #expect(team.lead.ward("task", "edit", id).code == 2)
        team.sync()
        #expect(team.lan.ward("task", "edit", id, "-t", "x").code == 5)
        _ = ok(team.lan.ward("task", "edit", id, "--address", "Ngõ 7"))
        team.sync()
        let page = ok(team.lead.ward("task", "show", id, lang: "vi")).out
        #expect(
            page.contains("Số hoá lại") && page.contains("1. [ ] Chụp đủ trang") && page.contains("08:30 12/03/2030"))
        #expect(page.contains("Ngõ 7"))
        _ = ok(team.lead.ward("task", "edit", id, "--drop-item", "1"))
        #expect(!ok(team.lead.ward("task", "show", id, lang: "vi")).out.contains("1. [ ] Chụp đủ trang"))
        _ = ok(team.lead.ward("task", "assign", id, "--to", "Lan"))
        _ = ok(team.lead.ward("task", "unassign", id, "--from", "lan"))
        _ = ok(team.lead.ward("task", "unassign", id))
        refused(team.lead.ward("task", "unassign", id, "--json"), "task.not-assigned")
    }

    @Test func twoVolunteersNoteAttendanceAtOnceAndEveryNameIsKept() throws {
        let team = try Team()
        let id = try team.task("-t", "Tập huấn VNeID", "-k", "tap huan", "--starts", "08:30 12/03/2030")
        let visit = try team.task("-t", "Thăm hộ", "-k", "visit")
        team.sync()
        refused(team.lan.ward("task", "attend", visit, "Bà Hoa", "--json"), "task.not-training")
        _ = ok(team.lan.ward("task", "attend", id, "Bà Hoa", "Ông Tư"))
        _ = ok(team.minh.ward("task", "attend", id, "Bà Hoa", "Cô Bảy", "Chú Tám"))
        team.sync()
        team.sync()
        let seen = ok(team.lead.ward("task", "attendance", id, "--json")).out
        #expect(seen.contains("\"count\":5"))
        for name in ["Bà Hoa", "Ông Tư", "Cô Bảy", "Chú Tám"] { #expect(seen.contains(name), "\(name)") }
        let lan = ok(team.lan.ward("task", "attendance", id, lang: "vi")).out
        #expect(lan.contains("5 người") && lan.contains("Ông Tư") && !lan.contains("Cô Bảy"))
        #expect(lan.contains("3 tên được niêm phong"))
        #expect(ok(team.minh.ward("task", "show", id, lang: "vi")).out.contains("5 người: "))
        #expect(ok(team.lead.ward("conflict", "list")).out.contains("no conflicts"))
    }

    @Test func aTaskTakesTitleAreaAndAddressFromItsReport() throws {
        let team = try Team()
        let report = try #require(
            ok(team.lan.ward("report", "new", "-t", "Cây đổ", "--address", "Ngõ 12", "--json")).json("short_id"))
        team.sync(team.lan, team.lead)
        let id = try team.task("--kind", "verify", "--report", report)
        let page = ok(team.lead.ward("task", "show", id, "--json")).out
        #expect(page.contains("Verify: Cây đổ") && page.contains("Ngõ 12") && page.contains("\"areas\":[\"06685.03\"]"))
        #expect(page.contains("\"kind\":\"verify\"") && page.contains("Go and see"))
        #expect(team.lead.ward("task", "new").code == 2)
        #expect(team.lead.ward("task", "new", "--report", "zzzzzz").code == 3)
    }

    @Test func listsAreInTheOrderOfDueDateAndPriorityAndNarrowedByTheirOptions() throws {
        let team = try Team()
        _ = try team.task("-t", "T-không-hạn")
        _ = try team.task("-t", "T-sau", "--due", "02/01/2031", "-k", "payment", "--no-items")
        _ = try team.task("-t", "T-thường", "--due", "01/01/2031")
        _ = try team.task("-t", "T-gấp", "--due", "01/01/2031", "-p", "1")
        let late = try team.task("-t", "T-quá-hạn", "--due", "01/01/2020")
        func titles(_ words: String...) -> [String] {
            let out = ok(team.lead.ward(["task", "list", "--json"] + words)).out
            return out.split(separator: "\"title\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }
        #expect(titles() == ["T-quá-hạn", "T-gấp", "T-thường", "T-sau", "T-không-hạn"])
        #expect(titles("--overdue") == ["T-quá-hạn"])
        #expect(titles("--due-before", "02/01/2031") == ["T-quá-hạn", "T-gấp", "T-thường"])
        #expect(titles("--kind", "thanh toan") == ["T-sau"])
        #expect(titles("--mine").isEmpty)
        #expect(titles("--state", "queued").count == 5)
        team.sync()
        _ = ok(team.lan.ward("task", "claim", late))
        team.sync()
        #expect(titles("--claimant", "lan") == ["T-quá-hạn"])
        #expect(titles("--state", "da nhan") == ["T-quá-hạn"] && titles("--state", "open").count == 4)
        #expect(team.lead.ward("task", "list", "--state", "received").code == 2)
        #expect(ok(team.lead.ward("task", "list", lang: "vi")).out.contains("quá hạn"))
        let coverage = ok(team.lead.ward("team", "--json")).out
        #expect(coverage.contains("\"code\":\"06685.03\"") && coverage.contains("\"volunteers\":2"))
        #expect(ok(team.lead.ward("task", "coverage", lang: "vi")).out.contains("Nguyễn Thị Lan"))
        #expect(team.lan.ward("team").code == 5)
    }

    @Test func anAssignmentOfManyThatIsKilledLeavesWholeChangeSets() throws {
        let team = try Team()
        var generator = SeededChance()
        var ids: [String] = []
        for number in 0..<40 { ids.append(try team.task("-t", "Việc \(number)")) }
        team.sync(team.lead)
        for round in 0..<4 {
            let before = try assigned(team.lead)
            let words = ["task", "assign"] + ids + ["--to", "Lan", "--home", team.lead.path]
            let child = launch(words)
            let wanted = before.count + Int(generator.next() % 8)
            while try assigned(team.lead).count < wanted, waitpid(child, nil, WNOHANG) == 0 { usleep(200) }
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
            let after = try assigned(team.lead)
            #expect(after.count >= before.count, "round \(round)")
            let replica = try reader(team.lead)
            #expect(try replica.pendingCount() == after.count)
            #expect(ok(team.lead.ward("doctor", "--json")).out.contains("\"sound\":true"))
        }
        let rest = team.lead.ward(["task", "assign"] + ids + ["--to", "Lan"])
        #expect(rest.code == 0 || rest.code == 5, "\(rest.err)")
        #expect(try assigned(team.lead).count == ids.count)
        team.sync(team.lead, team.lan)
        #expect(ok(team.lan.ward("task", "list", "--mine", "--json")).out.contains("\"total\":\(ids.count)"))
        #expect(try reader(team.lead).pendingCount() == 0)
    }

    private func reader(_ home: TestHome) throws -> ReplicaReader {
        try ReplicaReader(opening: ReplicaHome.open(at: home.path, for: .reading).database)
    }

    /// The tasks that are assigned to somebody, each exactly once.
    private func assigned(_ home: TestHome) throws -> [Digest] {
        let reader = try reader(home)
        return try reader.list(.task).compactMap { row in
            let state = try #require(try reader.document(row.id)).state
            #expect(state.entries(TaskField.assignees).count <= 1)
            return state.assignees.isEmpty ? nil : row.id
        }
    }

    private func launch(_ arguments: [String]) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var argv: [UnsafeMutablePointer<CChar>?] = ([TestHome.program] + arguments).map { strdup($0) } + [nil]
        var env: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        posix_spawn(&child, TestHome.program, &actions, nil, &argv, &env)
        for pointer in argv { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        return child
    }
}

/// Numbers from WARDSYNC_SEED, so that a failed run can be played again.
private struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init() {
        let given = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) }
        state = given ?? UInt64.random(in: .min ... .max)
        print("task kills: WARDSYNC_SEED=\(state)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        let mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ mixed >> 31
    }
}
