// What a file is by its first bytes, where it is no text.
import SyncKit

/// Files that people hand over in place of text, and how each is told.
enum FileKind: String, CaseIterable {
    case excel, word, zip, gzip, pdf, picture, web, database, sevenZip, zstd

    /// Tells a file by its first bytes; nil where they may be text.
    static func telling(_ head: some Collection<UInt8>) -> FileKind? {
        let head = Bytes(head.prefix(4096))
        func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
        if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
            if head.holds("xl/") || head.holds("spreadsheet") { return .excel }
            return head.holds("word/") ? .word : head.holds("[Content_Types]") ? .excel : .zip
        }
        // The container of Excel and Word before 2007.
        if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .excel }
        if begins([0x1F, 0x8B]) { return .gzip }
        if begins([0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        if begins([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) || begins(Bytes("Rar!".utf8)) { return .sevenZip }
        if begins([0x89, 0x50, 0x4E, 0x47]) || begins([0xFF, 0xD8, 0xFF]) { return .picture }
        if begins(Bytes("%PDF".utf8)) { return .pdf }
        if begins(Bytes("SQLite format 3\0".utf8)) { return .database }
        // Systems that export "Excel" often write a table of HTML.
        let text = head.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
        return text.first == UInt8(ascii: "<") ? .web : nil
    }
}

extension Bytes {
    fileprivate func holds(_ word: String) -> Bool { firstRange(of: Bytes(word.utf8)) != nil }
}
