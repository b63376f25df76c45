// A real server for benchmarks: the program, its home, and what it used.

import Foundation
import SyncKit

/// A `ward-server` of its own process.
final class BenchServer: Sendable {
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

    /// Makes the home of a new ward.
    static func makeHome(_ home: String, with program: String) throws {
        _ = try output(
            of: program,
            ["init", "--home", home, "--area", "06685", "--name", "Hồng Gai", "--address", "http://127.0.0.1:1"])
    }

    /// Serves a home.
    init(_ program: String, home: String) throws {
        self.program = program
        self.home = home
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

    /// What a device begins with.
    func descriptor() throws -> String {
        try String(contentsOfFile: home + "/descriptor.txt", encoding: .utf8).filter { !$0.isWhitespace }
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
