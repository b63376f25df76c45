// --prepare: the server writes what an admin's device signs and its next sync carries out; nothing before, nothing else.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct PreparedOrderTests {
    let ward: TestHome
    private let process: ServerProcess
    private let admin: WardDevice
    private let lan: WardDevice

    init() throws {
        ward = try TestHome()
        let (process, http) = try ward.serveProcess()
        self.process = process
        lan = try ward.phone("Lan", http, role: "volunteer")
        admin = try ward.phone("Mai", http, role: "admin", area: "06685")
    }

    private func file(_ name: String) -> String { ward.directory.path + "/" + name }

    private func text(_ name: String) throws -> String {
        String(decoding: try HomeFiles.read(file(name), max: 1 << 16), as: UTF8.self)
    }

    /// The log's size: nothing that is only prepared, shown or signed adds to it.
    private func logSize() throws -> JSONValue? {
        let run = try ward.server("audit", "--json")
        #expect(run.code == 0, "\(run.text)")
        return try #require(JSONValue(Bytes(run.text.utf8)))["size"]
    }

    /// How often a word stands in a text.
    private func count(_ word: String, in text: String) -> Int { text.split(separator: word).count - 1 }

    @Test func aRevocationIsPreparedShownSignedAndCarriedOutAtSyncOnce() throws {
        let device = try lan.id()
        let size = try logSize()
        let run = try ward.server("revoke", device, "--prepare", file("order.txt"), "--reason", "Mất điện thoại")
        #expect(run.code == 0 && run.text.contains("nothing changed yet"), "\(run.text)\(run.errors)")
        #expect(run.text.contains("ward order sign"))
        let shown = try admin.ward("order", "sign", file("order.txt"), "--show")
        for word in ["revoke the device", "Lan", "Mất điện thoại"] {
            #expect(shown.code == 0 && shown.text.contains(word), "\(word): \(shown.text)\(shown.errors)")
        }
        let json = try admin.ward("order", "sign", file("order.txt"), "--show", "--json")
        #expect(json.json("action") == "revoke" && json.json("device") == device)
        #expect(try admin.ward("order", "list", "--json").json("action") == nil)
        let signed = try admin.ward("order", "sign", file("order.txt"))
        #expect(signed.code == 0 && signed.text.contains("Mất điện thoại"), "\(signed.text)\(signed.errors)")
        // Signed twice by mistake: so much is said, and it is one revocation.
        #expect(try admin.ward("order", "sign", file("order.txt")).code == 0)
        #expect(try logSize() == size)
        #expect(!(try ward.server("devices").text.contains("revoked after")))
        #expect(try lan.ward("report", "new", "-t", "Trước khi thu hồi", "--area", "3").code == 0)
        #expect(try lan.sync().code == 0)

        #expect(try admin.sync().code == 0)
        #expect(try ward.server("devices").text.contains("revoked after 1"))
        let list = try admin.ward("order", "list", "--json").text
        #expect(count("\"status\":\"done\"", in: list) == 2 && count("\"reason\":\"Mất điện thoại\"", in: list) == 2)
        #expect(try lan.ward("report", "new", "-t", "Sau khi thu hồi", "--area", "3").code == 0)
        #expect(try lan.sync().code == ExitCode.needsAttention.rawValue)
        #expect(try ward.server("audit").code == 0)
        process.signal(SIGTERM)
        #expect(process.wait() == 0)
        let core = try ward.home.open(.read, time: SystemTimeSource(), random: SystemRandomSource())
        let entries = try core.leaves().compactMap { try? LogRecord(decoding: $0) }
        let revoked = entries.filter { if case .revoke = $0.entry { true } else { false } }
        #expect(revoked.count == 1)
    }

    @Test func whatIsHeldIsReleasedOrDeclinedByWhomeverSignsIt() throws {
        let id = try lan.id()
        #expect(try ward.server("revoke", id).code == 0)
        for title in ["Việc thật", "Người khác ghi"] {
            #expect(try lan.ward("report", "new", "-t", title, "--area", "3").code == 0)
        }
        #expect(try lan.sync().code == ExitCode.needsAttention.rawValue)
        let held = try ward.server("held").text
        #expect(held.contains("\(id.prefix(16)):1") && held.contains("\(id.prefix(16)):2"), "\(held)")
        for (action, number) in [("release", "1"), ("decline", "2")] {
            let run = try ward.server(
                action, "\(id.prefix(16)):\(number)", "--prepare", file(action), "--reason", "Đã hỏi")
            #expect(run.code == 0, "\(run.text)\(run.errors)")
            #expect(try admin.ward("order", "sign", file(action)).code == 0)
        }
        // Printed instead of written, it is the same.
        let printed = try ward.server("release", "\(id.prefix(16)):1", "--prepare", "-", "--reason", "Đã hỏi")
        #expect(printed.code == 0)
        #expect(try printed.text == text("release"))
        #expect(try ward.server("held").text == held)
        #expect(try admin.sync().code == 0)
        #expect(try ward.server("held").text.contains("Nothing is held"))
        for number in ["1", "2", "9"] {
            let run = try ward.server(
                "release", "\(id.prefix(16)):\(number)", "--prepare", file("late"), "--reason", "Đã hỏi")
            #expect(run.code == ExitCode.notFound.rawValue && run.errors.contains("not held"), "\(run.errors)")
            #expect(access(file("late"), F_OK) != 0)
        }
        // Carried out already: there is nothing left to do.
        #expect(try admin.ward("order", "sign", file("decline")).code == 0)
        #expect(try admin.sync().code == 0)
        let list = try admin.ward("order", "list", "--json").text
        #expect(count("\"given_by\":\"Mai\"", in: list) == 3, "\(list)")
        // With the ward's own, by which Lan was revoked.
        #expect(count("\"status\":\"done\"", in: list) == 4, "\(list)")
        #expect(try admin.ward("report", "list").text.contains("Việc thật"))
        #expect(!(try admin.ward("report", "list").text.contains("Người khác ghi")))
    }

    @Test func whatCannotBePreparedLeavesNoFile() throws {
        let id = try lan.id()
        func refused(_ exit: ExitCode, _ word: String, _ words: String...) throws {
            let process = try ServerProcess(
                words + ["--prepare", file("order.txt"), "--home", ward.home.path, "--lang", "en"],
                in: ward.directory)
            #expect(process.wait() == exit.rawValue && process.errors.contains(word), "\(words): \(process.errors)")
            #expect(access(file("order.txt"), F_OK) != 0)
        }
        try refused(.usage, "--reason", "revoke", id)
        try refused(.usage, "reason", "revoke", id, "--reason", "")
        try refused(.notFound, "No device begins with", "revoke", "0123456789abcdef", "--reason", "Mất máy")
        try refused(.notFound, "No device begins with", "revoke", "Lan", "--reason", "Mất máy")
        try refused(.notFound, "not held", "release", "\(id.prefix(16)):1", "--reason", "Đã hỏi")
        try refused(.usage, "DEVICE:SEQ", "decline", "Lan", "--reason", "Đã hỏi")
        try refused(.notFound, "waits to be confirmed", "forks", "confirm", id, "--reason", "Đã hỏi")
        // A file that is there is not written over.
        let words = ["revoke", id, "--reason", "Mất máy", "--prepare"]
        let mine = try ward.directory.write("mine.txt", "ghi chú".utf8)
        let over = try ServerProcess(
            words + [mine, "--home", ward.home.path, "--lang", "en"], in: ward.directory)
        #expect(over.wait() == ExitCode.refused.rawValue && over.errors.contains("exists already"), "\(over.errors)")
        #expect(try text("mine.txt") == "ghi chú")
    }

    @Test func anotherWardsAnAlteredOrACutFileIsNotSignedNorOneBySomebodyWhoMayNot() throws {
        let id = try lan.id()
        #expect(
            try ward.server("revoke", id, "--prepare", file("order.txt"), "--reason", "Mất máy").code == 0)
        let line = Array(try text("order.txt").utf8)
        func sign(_ bytes: some Sequence<UInt8>, by device: WardDevice) throws -> ProgramRun {
            try device.ward("order", "sign", try ward.directory.write("altered.txt", bytes))
        }
        func usage(_ run: ProgramRun) {
            #expect(run.code == ExitCode.usage.rawValue && run.errors.contains("no prepared order"), "\(run.errors)")
        }
        // The beginning, the device, the reason, the check: a slip anywhere.
        for place in [0, 12, 40, 90, line.count / 2, line.count - 20, line.count - 3] {
            var altered = line
            altered[place] = altered[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            usage(try sign(altered, by: admin))
        }
        for length in [0, 11, line.count / 2, line.count - 3] { usage(try sign(line.prefix(length), by: admin)) }
        usage(try sign(line + line, by: admin))
        let missing = try admin.ward("order", "sign", file("none.txt"))
        #expect(missing.code == ExitCode.inputOutput.rawValue && missing.errors.contains("none.txt"))
        // Broken into lines by a mail program it is the same.
        let broken = line.prefix(50) + Array("\r\n  ".utf8) + line.dropFirst(50)
        #expect(try admin.ward("order", "sign", try ward.directory.write("mail.txt", broken), "--show").code == 0)

        let volunteer = try lan.ward("order", "sign", file("order.txt"))
        #expect(volunteer.code == ExitCode.refused.rawValue, "\(volunteer.text)\(volunteer.errors)")
        let other = try TestHome()
        let (server, http) = try other.serveProcess()
        let stranger = try other.phone("Tư", http, role: "admin", area: "06685")
        let foreign = try stranger.ward("order", "sign", file("order.txt"))
        #expect(
            foreign.code == ExitCode.refused.rawValue && foreign.errors.contains("another ward"), "\(foreign.errors)")
        #expect(try stranger.ward("order", "sign", file("order.txt"), "--show").code == ExitCode.refused.rawValue)
        for device in [admin, lan, stranger] {
            #expect(try device.ward("status", "--json").text.contains("\"waiting_total\":0"))
        }
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        // Whoever lost the right meanwhile signs, and the ward holds it.
        #expect(try ward.server("revoke", try admin.id()).code == 0)
        #expect(try admin.ward("order", "sign", file("order.txt")).code == 0)
        #expect(try admin.sync().code == ExitCode.needsAttention.rawValue)
        #expect(count("revoked after", in: try ward.server("devices").text) == 1)
    }

    @Test func aCopiedPhonesNewKeysAreConfirmedByAPreparedOrder() throws {
        #expect(try lan.ward("report", "new", "-t", "Đèn hỏng", "--area", "3").code == 0)
        #expect(try lan.sync().code == 0)
        let copy = WardDevice(directory: ward.directory, path: file("copy"), address: lan.address)
        #expect(system("cp -r '\(lan.path)' '\(copy.path)'") == 0)
        for (phone, title) in [(lan, "Ổ gà"), (copy, "Cây đổ")] {
            #expect(try phone.ward("report", "new", "-t", title, "--area", "3").code == 0)
        }
        #expect(try lan.sync().code == 0)
        let (old, waits) = (try copy.id(), try copy.sync())
        #expect(waits.code != 0)
        let new = try copy.id()
        #expect(old != new)
        #expect(try ward.server("forks", "list").text.contains(new.prefix(16)))
        let run = try ward.server(
            "forks", "confirm", new, "--prepare", file("order.txt"), "--reason", "Đã hỏi Lan")
        #expect(run.code == 0, "\(run.text)\(run.errors)")
        let shown = try admin.ward("order", "sign", file("order.txt"), "--show").text
        #expect(shown.contains("let a device succeed") && shown.contains("New device"), "\(shown)")
        #expect(try admin.ward("order", "sign", file("order.txt")).code == 0)
        #expect(try copy.sync().code != 0)
        #expect(try admin.sync().code == 0)
        let synced = try copy.sync()
        #expect(synced.code == 0, "\(synced.text)\(synced.errors)")
        #expect(try copy.ward("whoami", "--json").json("role") == "volunteer")
        #expect(try ward.server("forks", "confirm", new).code == ExitCode.notFound.rawValue)
        #expect(try ward.server("audit").code == 0)
    }
}
