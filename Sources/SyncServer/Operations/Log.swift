// Structured operation log: one JSON line for each event, to standard error.
import Glibc
import Synchronization

/// Writes events. Never bodies, names, phone numbers or codes: the keys are fixed, and none of them is for such text.
package enum Log {
    private static let destination = Atomic<Int32>(2)

    /// Writes one line in one `write`, so that lines of several threads do not mix.
    package static func event(_ name: StaticString, _ fields: KeyValuePairs<LogKey, LogValue> = [:]) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let line = line(name, fields, atUnixSeconds: Int64(now.tv_sec))
        _ = line.withUnsafeBytes { write(destination.load(ordering: .relaxed), $0.baseAddress, $0.count) }
    }

    /// Sends everything that follows to another file descriptor, which stays the caller's to close.
    package static func redirect(to descriptor: Int32) { destination.store(descriptor, ordering: .relaxed) }

    /// One event as its line, newline included.
    static func line(
        _ name: StaticString, _ fields: KeyValuePairs<LogKey, LogValue>, atUnixSeconds seconds: Int64
    ) -> [UInt8] {
        var line: [UInt8] = Array("{\"at\":\"".utf8)
        line += timestamp(seconds).utf8
        line += "\",\"event\":".utf8
        appendEscaped(String(describing: name), to: &line)
        for (key, value) in fields {
            line.append(UInt8(ascii: ","))
            appendEscaped(key.rawValue, to: &line)
            line.append(UInt8(ascii: ":"))
            switch value {
            case .int(let number): line += String(number).utf8
            case .bool(let flag): line += (flag ? "true" : "false").utf8
            case .text(let text): appendEscaped(text, to: &line)
            }
        }
        line += "}\n".utf8
        return line
    }

    /// `2026-01-31T09:05:00Z`; always UTC.
    private static func timestamp(_ seconds: Int64) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int32, _ count: Int = 2) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
            + "T\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }

    /// A JSON string of printable ASCII only, so that no log viewer is fooled by control or direction marks. Longer
    /// text than 200 UTF-16 units is cut.
    private static func appendEscaped(_ text: String, to line: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        line.append(UInt8(ascii: "\""))
        for unit in text.utf16.prefix(200) {
            switch unit {
            case 0x22, 0x5C: line += [0x5C, UInt8(unit)]
            case 0x20..<0x7F: line.append(UInt8(unit))
            default:
                line += [0x5C, UInt8(ascii: "u")]
                for shift in [12, 8, 4, 0] { line.append(hex[Int((unit >> UInt16(shift)) & 15)]) }
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}

/// The keys an event may have.
package enum LogKey: String, ExpressibleByStringLiteral, Sendable {
    case status, bytes, reason, address, port, method, route, device, milliseconds, seconds, count
    case received, sent, frames, accepted, held, refused, position, epoch, version, signal, code, connections, tls
    /// A literal that is none of the above. Its value is still written; the misspelling shows.
    case unknown

    package init(stringLiteral value: StaticString) { self = LogKey(rawValue: String(describing: value)) ?? .unknown }
}

/// A value of an event.
package enum LogValue: Sendable {
    case int(Int)
    case bool(Bool)
    /// Words of the program, short ids in hexadecimal, addresses. Escaped, and cut at 200 characters.
    case text(String)
}
