// `ward sync --watch` as a person leaves it running: what it sends, when it waits, and what it says.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct WatchTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    private func watch(_ device: WardDevice, _ options: String...) throws -> ServerProcess {
        let words = ["sync", "--watch", "--address", device.address, "--home", device.path, "--lang", "en"]
        return try ServerProcess(words + options, in: test.directory, program: "ward")
    }

    /// Waits until something is so; long enough for a machine that does much else.
    private func wait(_ place: SourceLocation = #_sourceLocation, until isSo: () throws -> Bool) throws {
        for _ in 0..<6000 {
            if try isSo() { return }
            usleep(50_000)
        }
        try #require(Bool(false), "it never came to that", sourceLocation: place)
    }

    /// Ends a watch as a person does.
    private func interrupt(_ watch: ServerProcess) -> (code: Int32, lines: [String]) {
        watch.signal(SIGINT)
        let code = watch.wait()
        return (code, watch.text.split(separator: "\n").map(String.init))
    }

    private func reports() throws -> Int {
        let status = try test.server("status", "--json")
        return status.text.contains("\"report\":") ? try status.number("report") : 0
    }

    private func file(_ device: WardDevice, _ title: String) throws {
        let filed = try device.ward("report", "new", "--title", title, "--category", "lighting")
        #expect(filed.code == 0, "\(filed.errors)")
    }

    /// A port outside the range that the system gives to connections, so that none takes it while the server is down.
    private func quietPort() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 12_000..<32_000)
            guard let listening = try? ListenAddress("127.0.0.1", port: port).listen() else { continue }
            close(listening.0)
            return port
        }
        throw ControlFailure(.unavailable, "no free port")
    }

    @Test func whatIsSavedOrTakenInMeanwhileGoesByItself() throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let lan = try test.phone("lan", served.http, role: "volunteer")
        let watch = try watch(lan)
        for number in 1...3 {
            try file(lan, "Đèn hỏng \(number)")
            try wait { watch.text.split(separator: "\n").count { $0.contains("1 changes accepted") } == number }
            #expect(try reports() == number)
        }
        #expect(watch.text.contains(", 0 waiting"))

        // Somebody without a network hands her a bundle.
        let an = try test.offlinePhone("an")
        try file(an, "Của An")
        let (out, back) = (Stick(test.directory, "out"), Stick(test.directory, "back"))
        try out.export(from: an)
        try out.give(to: lan)
        try wait { watch.text.contains("Handed over of what was carried: 1") }
        try wait { watch.text.contains("Returns fetched to be carried back: 1") }
        #expect(try reports() == 4)
        try back.export(from: lan, "--carried")
        try back.give(to: an, "wardreturn")
        #expect(try an.ward("status", "--json").text.contains("\"waiting_total\":0"))

        let (code, lines) = interrupt(watch)
        #expect(code == 0 && watch.errors.isEmpty, "\(watch.errors)")
        #expect(lines.last == "Nothing was lost: what arrived is kept, and what was not sent yet still waits.")
        #expect(served.process.isRunning)
    }

    @Test func withoutTheServerItWaitsLongerAndLongerSaysSoAndGoesOnWhenTheServerIsBack() throws {
        let port = try quietPort()
        var served = try test.serveProcess(port: port)
        defer { served.process.signal(SIGTERM) }
        let lan = try test.phone("lan", served.http, role: "volunteer")
        let watch = try watch(lan)
        try file(lan, "Trước khi mất sóng")
        try wait { watch.text.contains("1 changes accepted") }
        served.process.signal(SIGTERM)
        #expect(served.process.wait() == 0)
        try file(lan, "Trong lúc mất sóng")
        func waits() -> [Int] {
            watch.text.split(separator: "\n").filter { $0.hasPrefix("No coverage; trying again in ") }
                .compactMap { $0.split(separator: " ").dropFirst(5).first.flatMap { Int($0) } }
        }
        try wait { waits().count >= 2 }
        let seen = waits()
        #expect((2...5).contains(seen[0]) && (5...10).contains(seen[1]), "\(watch.text)")
        // Another command finds the store free, and nothing is said to be sent.
        #expect(try lan.ward("status", "--json").text.contains("\"waiting_total\":1"))
        #expect(watch.isRunning)

        served = try test.serveProcess(port: port)
        try wait { watch.text.split(separator: "\n").count { $0.contains("1 changes accepted") } == 2 }
        #expect(try reports() == 2)
        let (code, lines) = interrupt(watch)
        #expect(code == 0 && watch.errors.isEmpty, "\(watch.errors)")
        #expect(lines.last?.hasPrefix("Nothing was lost") == true)
        #expect(try lan.ward("status", "--json").text.contains("\"waiting_total\":0"))
    }

    @Test func whatTheWardHoldsIsToldAndIsNeverSaidToBeSynced() throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let lan = try test.phone("lan", served.http, role: "volunteer")
        #expect(try test.server("revoke", lan.id(), "--after", "0", "--reason", "lost").code == 0)
        try file(lan, "Sau khi bị thu hồi")
        let watched = try watch(lan)
        try wait { watched.text.contains("Held") || watched.text.contains("held") }
        let (code, lines) = interrupt(watched)
        #expect(code == 0)
        #expect(lines.contains { $0.contains("0 changes accepted") }, "\(lines)")
        #expect(lines.contains { $0.contains("Sau khi bị thu hồi") && $0.contains("revoked") }, "\(lines)")
        #expect(!lines.contains { $0.lowercased().contains("synced") }, "\(lines)")

        // To a program every line is a value, the last one too.
        let told = try watch(lan, "--json")
        try wait { told.text.contains("}\n") }
        let (ended, values) = interrupt(told)
        #expect(ended == 0 && told.errors.isEmpty)
        #expect(values.allSatisfy { $0.hasPrefix("{\"synced\":false,") && $0.hasSuffix("}") }, "\(values)")
        #expect(values.first?.contains("\"held_in_all\":1") == true, "\(values)")
    }

    @Test func whatAnswersAndIsNotTheWardIsNotCalledMissingCoverage() throws {
        let portal = try startServer(TestRouter())
        defer { portal.stop(drainSeconds: 0) }
        let an = try test.offlinePhone("an").at(TestRequest(port: portal.port))
        try file(an, "Đèn hỏng")
        let watch = try watch(an)
        try wait { watch.text.contains("Trying again in ") }
        let (code, lines) = interrupt(watch)
        #expect(code == 0 && watch.errors.isEmpty, "\(watch.errors)")
        #expect(lines.first?.contains("is not a ward's server") == true, "\(lines)")
        #expect(!lines.contains { $0.contains("No coverage") }, "\(lines)")
        #expect(try an.ward("status", "--json").number("waiting_total") == 1)
    }

    @Test func whatItLeavesBehindForOthersIsToldOnce() throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let lan = try test.phone("lan", served.http, role: "volunteer")
        let an = try test.offlinePhone("an")
        try file(an, "Của An")
        let out = Stick(test.directory, "out")
        try out.export(from: an)
        try out.give(to: lan)
        let watch = try watch(lan, "--text-only")
        for number in 1...2 {
            try file(lan, "Của Lan \(number)")
            try wait { try reports() == number }
        }
        // The end of the last sync, too, is told by then.
        try wait { watch.text.split(separator: "\n").count { $0.contains("1 changes accepted") } == 2 }
        let (code, lines) = interrupt(watch)
        #expect(code == 0 && lines.count { $0.hasPrefix("Bundles left for another time: 1.") } == 1, "\(lines)")
        #expect(try lan.ward("bundle", "inspect", "--json").number("to_ward") == 1)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFullDiskMakesItWaitAndRoomLetsItGoOn() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "16m"))
        defer { disk.remove() }
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let online = try test.phone("small/lan", served.http)
        try file(online, "Đèn hỏng")
        try disk.fill()
        let watch = try watch(online)
        try wait { watch.text.contains("No room is left on this device; trying again in ") }
        #expect(watch.isRunning)
        disk.free()
        try wait { watch.text.contains("1 changes accepted") }
        let (code, _) = interrupt(watch)
        #expect(code == 0 && watch.errors.isEmpty, "\(watch.errors)")
        #expect(try reports() == 1)
    }

    /// Waiting would not help.
    @Test func anAddressThatIsNoneEndsItWithTheReason() throws {
        let an = try test.offlinePhone("an")
        let watch = try watch(WardDevice(directory: test.directory, path: an.path, address: "ftp://phuong"))
        try wait { !watch.isRunning }
        #expect(watch.wait() == 2)
        #expect(watch.errors.contains("The server's address is not valid"), "\(watch.text) \(watch.errors)")
    }
}
