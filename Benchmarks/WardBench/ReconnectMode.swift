// Mode "reconnect": many devices with a day's work each come back to a real server at the same moment.

import Foundation
import LinkSimulation
import SyncKit

/// A line with what a reconnect of `devices` came to. A loss is a failure of the run.
/// - Parameter server: the program `ward-server`.
func runReconnect(devices: Int, server program: String) throws -> String {
    try raiseDescriptorLimit()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder + "/devices", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try BenchServer(program, home: folder + "/ward")
    defer { server.stop() }
    let run = ReconnectRun(
        home: server.home, port: server.port, folder: folder + "/devices", size: ReconnectSize(devices: devices))
    let waiting = try run.prepare { role, area, name in try server.invite(role, area, name) }
    let before = try server.figures()
    let found = run.reconnect()
    let after = try server.figures()
    guard found.problems.isEmpty, found.changes == waiting else {
        throw BenchError.failed("reconnect: " + found.problems.prefix(5).joined(separator: "; "))
    }
    try run.settle()
    guard server.stop() == 0 else { throw BenchError.failed("the server did not end in order") }
    let losses = try run.losses()
    guard losses.isEmpty else { throw BenchError.failed("lost: " + losses.prefix(5).joined(separator: "; ")) }
    let slowest = found.seconds.last ?? 0
    let processor = after.processorSeconds - before.processorSeconds
    func share(_ permille: Int) -> Double {
        found.seconds[min(found.seconds.count - 1, (found.seconds.count * permille + 999) / 1000 - 1)]
    }
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"reconnect\""), ("devices", "\(devices)"),
        ("change_sets", "\(found.changes)"), ("change_sets_per_s", number(Double(found.changes) / slowest)),
        ("median_s", number(share(500))), ("p99_s", number(share(990))), ("slowest_s", number(slowest)),
        ("waits", "\(found.waits)"), ("most_waits", "\(found.mostWaits)"), ("server_kb", "\(after.mostResidentKiB)"),
        ("server_kb_before", "\(before.residentKiB)"),
        ("server_processor_s", number(processor)),
        ("change_sets_per_processor_s", number(Double(found.changes) / max(processor, 0.01))), ("lost", "0"),
    ])
}

/// Each device has a socket and the files of its store open.
private func raiseDescriptorLimit() throws {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// A `ward-server` of its own process, with a new ward.
private final class BenchServer: Sendable {
    struct Figures {
        /// Of memory that is resident, now and at most so far, in KiB.
        let residentKiB: Int
        let mostResidentKiB: Int
        /// What it used of the processors.
        let processorSeconds: Double
    }

    let home: String
    let port: UInt16
    private let program: String
    private let process: Process

    init(_ program: String, home: String) throws {
        self.program = program
        self.home = home
        _ = try Self.output(
            of: program,
            ["init", "--home", home, "--area", "06685", "--name", "Hồng Gai", "--address", "http://127.0.0.1:1"])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve", "--home", home, "--listen", "127.0.0.1:0", "--port-file", home + "/port"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        while true {
            guard process.isRunning else { throw BenchError.failed("the server did not start") }
            if let text = try? String(contentsOfFile: home + "/port", encoding: .utf8),
                let port = UInt16(text.filter(\.isNumber))
            {
                self.port = port
                return
            }
            usleep(10_000)
        }
    }

    func invite(_ role: Role, _ area: String, _ name: String) throws -> String {
        let text = try Self.output(
            of: program,
            ["invite", "--home", home, "--role", role.name, "--area", area, "--name", name, "--json"])
        guard let start = text.firstRange(of: "\"code\":\""),
            let end = text[start.upperBound...].firstIndex(of: "\"")
        else { throw BenchError.failed("no invitation: \(text)") }
        return String(text[start.upperBound..<end])
    }

    func figures() throws -> Figures {
        let pid = process.processIdentifier
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        func kib(_ name: String) -> Int {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
        // Behind the name in parentheses: utime and stime are the fields 14 and 15 of the line.
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        let ticks = fields.dropFirst(12).prefix(2).compactMap { Double($0) }.reduce(0, +)
        return Figures(
            residentKiB: kib("VmRSS"), mostResidentKiB: kib("VmHWM"),
            processorSeconds: ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Ends it in order; does nothing to one that ended.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static func output(of program: String, _ arguments: [String]) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchError.failed("\(arguments[0]): \(text)") }
        return text
    }
}
