// Regenerates the published vectors and compares them with the files, byte for byte.

import Glibc
import Testing

@testable import SyncKit

/// Set WARDSYNC_WRITE_VECTORS=1 to write the files anew after a change of the format.
@Suite struct VectorFileTests {
    private static let isWriting = getenv("WARDSYNC_WRITE_VECTORS").map { String(cString: $0) } == "1"

    @Test func keysChangeSetsLogAndObjectsAreAsPublished() throws {
        let vectors = try CodecVectors()
        try check("keys", vectors.keys)
        try check("changesets", vectors.changeSets)
        try check("log", vectors.log)
        try check("objects", vectors.objects())
    }

    /// Compressed bytes are those of one version of libzstd; with another the content is compared.
    @Test func framesAreAsPublished() throws {
        let vectors = try CodecVectors()
        try check("frames", try vectors.frames(), sameCompressor: try Self.compressesAsPublished())
    }

    @Test func proofsAreAsPublished() throws {
        try check("proofs", try CodecVectors().proofs(), sameCompressor: try Self.compressesAsPublished())
    }

    @Test func bundlesAreAsPublished() throws {
        try check("bundles", try CodecVectors().bundles())
    }

    @Test func contentIsAsPublished() throws { try check("content", try CodecVectors().content()) }

    @Test func exchangesAreAsPublished() throws {
        let vectors = try ExchangeVectors()
        try check("exchange", try vectors.file(), sameCompressor: try Self.compressesAsPublished())
    }

    /// Hashes of a text compressed at the levels that the protocol's programs use.
    private static func probe() -> JSONText {
        let text = Bytes(String(repeating: "Đèn đường không sáng, đề nghị phường xem giúp. 0123456789 ", count: 9).utf8)
        let levels: [Int32] = [1, 9, 19]
        return .object(
            levels.map { level in
                (
                    "level \(level)",
                    .hex(Blake2b.hash(ZstdCodec.compress(text, level: level, dictionary: FrameDictionary.current)))
                )
            })
    }

    private static func compressesAsPublished() throws -> Bool {
        if isWriting { return true }
        let same = VectorFile("compressor").text == probe().file
        if !same { print("libzstd compresses otherwise than when the vectors were written") }
        return same
    }

    @Test func theCompressorThatWroteTheFilesIsNamed() throws {
        if Self.isWriting { try check("compressor", Self.probe()) }
        #expect(VectorFile("compressor").text.hasPrefix("{"))
    }

    private func check(_ name: String, _ content: JSONText, sameCompressor: Bool = true) throws {
        let file = VectorFile(name)
        if Self.isWriting { try #require(file.write(content.file)) }
        let published = file.text
        if sameCompressor {
            #expect(published == content.file, "docs/vectors/\(name).json is not what this program makes")
        } else {
            #expect(published.contains("\"name\""))
        }
    }
}

/// A file of `docs/vectors`.
struct VectorFile {
    private let path: String

    /// - Parameter name: without its ending.
    init(_ name: String) {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        path = "/\(root)/docs/vectors/\(name).json"
    }

    /// - Parameter document: a file of `docs`, with its ending.
    init(document: String) {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        path = "/\(root)/docs/\(document)"
    }

    /// The file's text; empty where there is none.
    var text: String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[0..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func write(_ text: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        let bytes = Bytes(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        return fclose(file) == 0 && written == bytes.count
    }
}
