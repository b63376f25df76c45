// libqrencode, opened when a command first draws a code: no other command pays for loading it.

import CQREncode
import Glibc

/// Why a text could not be drawn as a QR code.
package enum QRError: Error, Sendable, Equatable {
    /// The library that this needs is not installed; its Debian package.
    case libraryMissing(String)
    /// The text is longer than a code can hold, or holds a NUL.
    case unsuitable
}

/// How much of a code may be dirty or torn before it can no longer be read.
package enum QRCorrection: UInt32, Sendable {
    /// 7 %: for screens, where a code should be small.
    case low = 0
    /// 15 %: for paper.
    case medium = 1
}

/// The functions of libqrencode.
///
/// `@unchecked Sendable`: function addresses, written once in `init` and never again.
final class QREncoder: @unchecked Sendable {
    private let encodeString: wardsync_qrencode_string
    private let free: wardsync_qrencode_free

    /// The one that all share, opened at first use.
    static func shared() throws(QRError) -> QREncoder { try opened.get() }

    private static let opened = Result { () throws(QRError) in try QREncoder(name: "libqrencode.so.4") }

    init(name: String) throws(QRError) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL), let encode = dlsym(library, "QRcode_encodeString"),
            let free = dlsym(library, "QRcode_free")
        else { throw .libraryMissing("libqrencode4") }
        encodeString = unsafeBitCast(encode, to: wardsync_qrencode_string.self)
        self.free = unsafeBitCast(free, to: wardsync_qrencode_free.self)
    }

    /// The smallest code that holds the text. Digits and capital letters take less room than others.
    func encode(_ text: String, _ correction: QRCorrection) throws(QRError) -> QRMatrix {
        guard !text.isEmpty, text.utf8.count <= 7089, !text.utf8.contains(0) else { throw .unsuitable }
        let level = QRecLevel(rawValue: correction.rawValue)
        let drawn = text.withCString { encodeString($0, 0, level, QR_MODE_8, 1) }
        guard let drawn else { throw .unsuitable }
        defer { free(drawn) }
        let size = Int(drawn.pointee.width)
        guard let data = drawn.pointee.data, (1...177).contains(size) else { throw .unsuitable }
        // The lowest bit of each byte is the module.
        let modules = (0..<(size * size)).map { data[$0] & 1 == 1 }
        guard let matrix = QRMatrix(size: size, modules: modules) else { throw .unsuitable }
        return matrix
    }
}

extension QRMatrix {
    /// The code for a text: the smallest that holds it.
    package init(encoding text: String, correction: QRCorrection = .medium) throws(QRError) {
        self = try QREncoder.shared().encode(text, correction)
    }
}
