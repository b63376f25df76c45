// One open file of a sealed store: what SQLite reads and writes, and what stands on the disk.

import CSQLite
import Glibc

/// Seals and opens between SQLite and the system's own file functions. It belongs to one connection, as its file does.
final class SealedStoreFile {
    /// `SQLITE_IOERR_SHORT_READ`, a macro that Swift cannot import: the file ends before what was asked for.
    static let shortRead = SQLITE_IOERR | 2 << 8

    private let layout: SealedStoreLayout
    private let vault: Vault
    /// The system's file.
    let file: UnsafeMutablePointer<sqlite3_file>
    private var sealed: UnsafeMutableRawBufferPointer
    private var plain: UnsafeMutableRawBufferPointer

    init(_ kind: SealedStoreLayout.Kind, _ vault: Vault, _ file: UnsafeMutablePointer<sqlite3_file>) {
        layout = SealedStoreLayout(kind: kind)
        self.vault = vault
        self.file = file
        let page = Int(SealedStoreLayout.page)
        plain = .allocate(byteCount: page, alignment: 16)
        sealed = .allocate(byteCount: page + Vault.overhead, alignment: 16)
    }

    deinit {
        // What was read last stands in it.
        plain.initializeMemory(as: UInt8.self, repeating: 0)
        plain.deallocate()
        sealed.deallocate()
    }

    private func place(_ piece: SealedStoreLayout.Piece) -> Vault.PiecePlace {
        Vault.PiecePlace(file: layout.kind.rawValue, offset: UInt64(bitPattern: piece.start))
    }

    /// `sqlite3_io_methods.xRead`
    func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int32 {
        guard let read = file.pointee.pMethods.pointee.xRead, offset >= 0 else { return SQLITE_IOERR }
        // A log that is gone through after a crash may end in the middle of a frame. What does not open there is given as
        // it stands: it fails the frame's checksum, which is how SQLite finds the end.
        let mayBeCut = layout.kind == .log && target.count != Int(SealedStoreLayout.page)
        var done = 0
        // SQLite reads the first bytes of a store before it has a lock: they may be at work just then.
        var tries = layout.kind == .store && target.count < Int(SealedStoreLayout.page) ? 50 : 1
        while done < target.count {
            let piece = layout.piece(at: offset + Int64(done))
            let within = Int(offset + Int64(done) - piece.start)
            let count = min(piece.count - within, target.count - done)
            let into = UnsafeMutableRawBufferPointer(rebasing: target[done..<(done + count)])
            let stored = UnsafeMutableRawBufferPointer(rebasing: sealed[..<(piece.count + Vault.overhead)])
            let code = read(file, stored.baseAddress, Int32(stored.count), piece.stored)
            if code == Self.shortRead {
                UnsafeMutableRawBufferPointer(rebasing: target[done...]).initializeMemory(as: UInt8.self, repeating: 0)
                return code
            }
            guard code == SQLITE_OK else { return code }
            let opened = UnsafeMutableRawBufferPointer(rebasing: plain[..<piece.count])
            if vault.open(UnsafeRawBufferPointer(stored), at: place(piece), into: opened) {
                into.copyMemory(from: UnsafeRawBufferPointer(rebasing: opened[within..<(within + count)]))
            } else if mayBeCut || stored.allSatisfy({ $0 == 0 }) {
                // A page of zeros was never written: the file grew past it.
                into.copyMemory(from: UnsafeRawBufferPointer(rebasing: stored[within..<(within + count)]))
            } else {
                tries -= 1
                guard tries > 0 else { return SQLITE_CORRUPT }
                usleep(1000)
                continue
            }
            done += count
        }
        return SQLITE_OK
    }

    /// `sqlite3_io_methods.xWrite`
    func write(_ source: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        guard let write = file.pointee.pMethods.pointee.xWrite, offset >= 0 else { return SQLITE_IOERR }
        var done = 0
        while done < source.count {
            let piece = layout.piece(at: offset + Int64(done))
            guard piece.start == offset + Int64(done), source.count - done >= piece.count else {
                return SQLITE_IOERR
            }
            let from = UnsafeRawBufferPointer(rebasing: source[done..<(done + piece.count)])
            let stored = UnsafeMutableRawBufferPointer(rebasing: sealed[..<(piece.count + Vault.overhead)])
            vault.seal(from, at: place(piece), into: stored)
            let code = write(file, stored.baseAddress, Int32(stored.count), piece.stored)
            guard code == SQLITE_OK else { return code }
            done += piece.count
        }
        return SQLITE_OK
    }

    /// `sqlite3_io_methods.xTruncate`
    func truncate(to size: Int64) -> Int32 {
        guard let truncate = file.pointee.pMethods.pointee.xTruncate, size >= 0 else { return SQLITE_IOERR }
        return truncate(file, layout.stored(size))
    }

    /// `sqlite3_io_methods.xFileSize`
    func size(_ size: UnsafeMutablePointer<sqlite3_int64>) -> Int32 {
        guard let fileSize = file.pointee.pMethods.pointee.xFileSize else { return SQLITE_IOERR }
        var stored: sqlite3_int64 = 0
        let code = fileSize(file, &stored)
        size.pointee = layout.visible(stored)
        return code
    }
}
