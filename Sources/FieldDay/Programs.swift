// Runs the real programs, as a person would from a shell.

import Foundation

/// What a program printed, and how it ended.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The output as JSON.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }
}

/// The folder of the programs, and the folder of the day.
struct Programs {
    let binaries: URL
    let day: URL
    let language: String

    /// Runs a program to its end and gives back what it printed.
    func run(_ program: String, _ arguments: [String], home: String? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = binaries.appendingPathComponent(program)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = language
        environment["WARD_HOME"] = home.map { day.appendingPathComponent($0).path }
        process.environment = environment
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: complaints, as: UTF8.self))
    }

    /// Runs a program that has to succeed.
    @discardableResult
    func succeed(_ program: String, _ arguments: [String], home: String? = nil) throws -> Outcome {
        let outcome = try run(program, arguments, home: home)
        guard outcome.status == 0 else {
            throw CheckFailed(
                what: "\(program) \(arguments.joined(separator: " ")) → \(outcome.status)",
                detail: outcome.output + outcome.errors)
        }
        return outcome
    }
}

/// The ward server as a process of its own.
final class ServerProcess {
    private let process = Process()

    init(_ programs: Programs, home: String, port: UInt16) throws {
        process.executableURL = programs.binaries.appendingPathComponent("ward-server")
        process.arguments = ["serve", "--home", home, "--listen", "127.0.0.1:\(port)"]
        process.standardOutput = FileHandle.nullDevice
        let log = programs.day.appendingPathComponent("server.log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        for _ in 0..<200 {
            if canConnect(port) { return }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        stop()
        throw CheckFailed(what: "ward-server serve", detail: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
    }

    /// Asks the server to stop, waits for it, and gives back how it ended.
    @discardableResult
    func stop() -> Int32 {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// A port of the loopback address that is free now.
func freePort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Bool in
            bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
        }
    }
    return port ? UInt16(bigEndian: address.sin_port) : 18_440
}

private func canConnect(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
