// Codes that are drawn are codes that are read: by libqrencode's own word, back from every form, and by a scanner.

import CQREncode
import CommandLineKit
import Glibc
import Testing

@testable import QRCode

@Suite struct QRCodeTests {
    static let texts = [
        "4k2m-8p3q-x7yz-01ab", "WARDSYNC1-" + String(repeating: "0123456789ABCDEFGHJKMNPQRSTVWXYZ", count: 16),
        "Phường Hồng Gai, đèn đường hỏng", "1", "0123456789",
    ]

    @Test(arguments: texts)
    func theModulesAreThoseOfTheLibrary(text: String) throws {
        let matrix = try QRMatrix(encoding: text, correction: .medium)
        let library = try #require(dlopen("libqrencode.so.4", RTLD_NOW))
        let address = try #require(dlsym(library, "QRcode_encodeString"))
        let encode = unsafeBitCast(address, to: wardsync_qrencode_string.self)
        let code = try #require(text.withCString { encode($0, 0, QR_ECLEVEL_M, QR_MODE_8, 1) })
        #expect(Int(code.pointee.width) == matrix.size)
        for row in 0..<matrix.size {
            for column in 0..<matrix.size {
                #expect(
                    (code.pointee.data[row * matrix.size + column] & 1 == 1) == matrix.isDark(row: row, column: column))
            }
        }
        // The three squares in the corners, and nothing dark outside.
        for (row, column) in [(0, 0), (0, matrix.size - 7), (matrix.size - 7, 0)] {
            for step in 0..<7 {
                #expect(
                    matrix.isDark(row: row, column: column + step) && matrix.isDark(row: row + step, column: column))
            }
        }
        #expect(!matrix.isDark(row: -1, column: 0) && !matrix.isDark(row: 0, column: matrix.size))
    }

    @Test(arguments: texts)
    func theTerminalFormIsReadBackToTheSameModules(text: String) throws {
        let matrix = try QRMatrix(encoding: text)
        let quiet = QRMatrix.quietZone
        let side = matrix.size + 2 * quiet
        var dark: [[Bool]] = []
        for line in matrix.halfBlocks.split(separator: "\n") {
            #expect(line.hasPrefix("\u{1B}[38;5;16;48;5;231m") && line.hasSuffix("\u{1B}[0m"))
            let cells = line.drop { $0 != "m" }.dropFirst().prefix { $0 != "\u{1B}" }
            #expect(cells.count == side && cells.count == matrix.columns(plain: false))
            dark.append(cells.map { $0 == "█" || $0 == "▀" })
            dark.append(cells.map { $0 == "█" || $0 == "▄" })
        }
        let plain = matrix.plain.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(plain.count == side && plain.allSatisfy { $0.count == matrix.columns(plain: true) })
        let plainDark = plain.map { line in (0..<side).map { Array(line)[$0 * 2] == "#" } }
        for row in 0..<side {
            for column in 0..<side {
                let module = matrix.isDark(row: row - quiet, column: column - quiet)
                #expect(dark[row][column] == module && plainDark[row][column] == module)
            }
        }
    }

    @Test func aScannerReadsTheImageAndThePoster() throws {
        for program in ["zbarimg", "rsvg-convert"] {
            try #require(access("/usr/bin/" + program, X_OK) == 0, "\(program): scripts/install-dependencies")
        }
        let folder = try Folder()
        for (index, text) in Self.texts.enumerated() {
            let matrix = try QRMatrix(encoding: text)
            let image = folder.path + "/\(index).png"
            try folder.write(image, try matrix.png(scale: 4))
            #expect(output(of: "zbarimg -q --raw -Sqr.binary '\(image)' 2>/dev/null") == text + "\n")
            let poster = QRPoster(matrix, title: "Phường <Hồng Gai> & \"bạn\"", instruction: "Quét mã này").svg
            try folder.write(folder.path + "/\(index).svg", Array(poster.utf8))
            _ = output(of: "rsvg-convert -o '\(folder.path)/poster.png' '\(folder.path)/\(index).svg'")
            #expect(output(of: "zbarimg -q --raw -Sqr.binary '\(folder.path)/poster.png' 2>/dev/null") == text + "\n")
        }
    }

    @Test func aPosterEscapesWhatOthersWrote() throws {
        let svg = QRPoster(try QRMatrix(encoding: "x"), title: "<script>&\u{1B}\u{0}\"", instruction: "a\u{FFFF}b").svg
        #expect(svg.contains("&lt;script&gt;&amp;&quot;</text>") && svg.contains(">ab</text>"))
        #expect(!svg.contains("<script") && !svg.unicodeScalars.contains("\u{1B}"))
    }

    @Test func whatDoesNotFitIsRefused() {
        for text in ["", "a\u{0}b", String(repeating: "a", count: 2954), String(repeating: "a", count: 100_000)] {
            #expect(throws: QRError.unsuitable) { try QRMatrix(encoding: text, correction: .low) }
        }
        #expect(QRMatrix(size: 2, modules: [true]) == nil && QRMatrix(size: 178, modules: []) == nil)
        #expect(throws: QRError.libraryMissing("libqrencode4")) { try QREncoder(name: "libnothing-of-this-name.so.0") }
    }

    @Test func aNarrowTerminalIsToldHowWideItMustBeAndGetsNoBrokenCode() throws {
        let pair = try PseudoTerminal(columns: 24)
        let terminal = Terminal(
            GlobalOptions(), environment: { ["TERM": "xterm-256color"][$0] }, output: pair.slave, error: pair.slave)
        do throws(ErrorReport) {
            try terminal.qr("4k2m-8p3q-x7yz-01ab")
            Issue.record("a code was printed")
        } catch {
            #expect(error.code == "qr.too-narrow" && error.text(in: .en, usesColor: false).contains("takes 33 columns"))
        }
        #expect(terminal.out.bytes.isEmpty)
        let wide = try PseudoTerminal(columns: 80)
        let other = Terminal(
            GlobalOptions(), environment: { ["TERM": "xterm-256color"][$0] }, output: wide.slave, error: wide.slave)
        try other.qr("4k2m-8p3q-x7yz-01ab")
        #expect(String(decoding: other.out.bytes, as: UTF8.self).contains("▀"))
        other.out.discard()
        let plain = Terminal(
            GlobalOptions(), environment: { ["TERM": "dumb"][$0] }, output: wide.slave, error: wide.slave)
        try plain.qr("4k2m-8p3q-x7yz-01ab")
        #expect(plain.out.bytes.allSatisfy { $0 == 0x0A || $0 == 0x20 || $0 == UInt8(ascii: "#") })
        plain.out.discard()
    }

    @Test func everySentenceIsThereInBothLanguages() {
        for message in QRWording.allCases.map(\.message) {
            #expect(!message.vi.isEmpty && !message.en.isEmpty)
            #expect(message.vi.contains("{0}") == message.en.contains("{0}"))
        }
    }
}

/// What a shell command prints.
private func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(pipe), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
}

/// A folder that disappears with the test.
private final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/ward-qr.XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { _ = output(of: "rm -rf '\(path)'") }

    func write(_ file: String, _ bytes: [UInt8]) throws {
        let stream = try #require(fopen(file, "w"))
        #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
        fclose(stream)
    }
}

/// Both ends of a terminal of a given width.
private final class PseudoTerminal {
    let master: Int32
    let slave: Int32

    init(columns: UInt16) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, UInt32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN, macros that do not reach Swift.
        try #require(master >= 0 && ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(slave >= 0 && ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
    }

    deinit {
        close(slave)
        close(master)
    }
}
