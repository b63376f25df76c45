// Where the pages of a sealed store, and the frames of the log beside it, stand in their files.

/// A sealed file is made of pieces, each sealed by itself and `Vault.overhead` bytes longer than SQLite sees it: the pages
/// of the store, behind its head; the head of the write-ahead log, and the head and the page of each of its frames. SQLite
/// writes nothing but whole pieces (sqlite.org/fileformat2.html, §4.1); what it reads may lie in them anywhere.
struct SealedStoreLayout: Sendable {
    enum Kind: UInt64, Sendable {
        case store = 1
        case log = 2
    }

    /// Bytes of a page as SQLite sees it.
    static let page: Int64 = 4096
    private static let sealedPage = page + overhead
    private static let logHead: Int64 = 32
    private static let frameHead: Int64 = 24
    private static let frame = frameHead + page
    private static let sealedFrame = frame + 2 * overhead
    private static let overhead = Int64(Vault.overhead)

    /// A piece as SQLite sees it, and the place where it is stored.
    struct Piece: Equatable {
        var start: Int64
        var count: Int
        var stored: Int64
    }

    let kind: Kind

    /// The piece in which a byte lies.
    /// - Parameter offset: as SQLite sees it, at most 2^48.
    func piece(at offset: Int64) -> Piece {
        switch kind {
        case .store:
            let number = offset / Self.page
            return Piece(
                start: number * Self.page, count: Int(Self.page),
                stored: SealedStoreHead.length + number * Self.sealedPage)
        case .log:
            guard offset >= Self.logHead else { return Piece(start: 0, count: Int(Self.logHead), stored: 0) }
            let number = (offset - Self.logHead) / Self.frame
            let start = Self.logHead + number * Self.frame
            let stored = Self.logHead + Self.overhead + number * Self.sealedFrame
            if offset < start + Self.frameHead {
                return Piece(start: start, count: Int(Self.frameHead), stored: stored)
            }
            return Piece(
                start: start + Self.frameHead, count: Int(Self.page), stored: stored + Self.frameHead + Self.overhead)
        }
    }

    /// How long a file is as SQLite sees it. What is behind the last whole page or frame does not count: it is what a
    /// write leaves that was cut off.
    func visible(_ stored: Int64) -> Int64 {
        switch kind {
        case .store: max(0, stored - SealedStoreHead.length) / Self.sealedPage * Self.page
        case .log:
            stored < Self.logHead + Self.overhead
                ? 0 : Self.logHead + (stored - Self.logHead - Self.overhead) / Self.sealedFrame * Self.frame
        }
    }

    /// How long the stored file is that SQLite sees with so many bytes.
    func stored(_ visible: Int64) -> Int64 {
        switch kind {
        case .store: SealedStoreHead.length + (visible + Self.page - 1) / Self.page * Self.sealedPage
        case .log:
            visible <= 0
                ? 0
                : Self.logHead + Self.overhead
                    + (max(0, visible - Self.logHead) + Self.frame - 1) / Self.frame * Self.sealedFrame
        }
    }
}
