// A prepared statement: bind, step, read.

import CSQLite

/// A prepared statement of a connection. Values are bound, never pasted into the text.
package final class Statement {
    private let handle: OpaquePointer
    private unowned let database: Database

    init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Makes the statement ready for its next use.
    package func reset() {
        sqlite3_reset(handle)
    }

    @discardableResult
    package func bind(_ index: Int32, _ value: Int64) -> Statement {
        sqlite3_bind_int64(handle, index, value)
        return self
    }

    package func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

    @discardableResult
    package func bind(_ index: Int32, _ value: Int64?) -> Statement {
        guard let value else {
            sqlite3_bind_null(handle, index)
            return self
        }
        return bind(index, value)
    }

    @discardableResult
    package func bind(_ index: Int32, _ value: Bytes?) -> Statement {
        guard let value else {
            sqlite3_bind_null(handle, index)
            return self
        }
        value.withUnsafeBytes { buffer in
            _ = sqlite3_bind_blob(
                handle, index, buffer.baseAddress ?? UnsafeRawPointer(handle), Int32(buffer.count),
                wardsync_sqlite_transient())
        }
        return self
    }

    @discardableResult
    package func bind(_ index: Int32, _ value: Digest) -> Statement {
        value.withUnsafeBytes { buffer in
            _ = sqlite3_bind_blob(
                handle, index, buffer.baseAddress, Int32(buffer.count), wardsync_sqlite_transient())
        }
        return self
    }

    @discardableResult
    package func bind(_ index: Int32, _ value: String) -> Statement {
        sqlite3_bind_text(handle, index, value, -1, wardsync_sqlite_transient())
        return self
    }

    /// Runs a statement that gives no rows with bytes that are read where they stand instead of being copied.
    package func run(_ index: Int32, _ bytes: Bytes) throws(StoreError) {
        try finish(bytes.withUnsafeBytes { stepOnce(index, $0) })
    }

    /// The same with a digest beside the bytes.
    package func run(_ digestIndex: Int32, _ digest: Digest, _ index: Int32, _ bytes: Bytes) throws(StoreError) {
        try finish(
            digest.withUnsafeBytes { digest in
                bind(digestIndex, staying: digest)
                return bytes.withUnsafeBytes { stepOnce(index, $0) }
            })
    }

    private func bind(_ index: Int32, staying buffer: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(
            handle, index, buffer.baseAddress ?? UnsafeRawPointer(handle), Int32(buffer.count),
            wardsync_sqlite_static())
    }

    private func stepOnce(_ index: Int32, _ buffer: UnsafeRawBufferPointer) -> Int32 {
        bind(index, staying: buffer)
        let code = sqlite3_step(handle)
        sqlite3_reset(handle)
        return code
    }

    private func finish(_ code: Int32) throws(StoreError) {
        guard code == SQLITE_DONE else { throw database.fail(code) }
    }

    /// Moves to the next row; false at the end.
    package func step() throws(StoreError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            sqlite3_reset(handle)
            throw database.fail(code)
        }
    }

    /// Runs a statement that gives no rows.
    package func run() throws(StoreError) {
        while try step() {}
    }

    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    package func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    package func bytes(_ column: Int32) -> Bytes {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Bytes(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The text of a column where it stands, without a copy; valid until the next step.
    package func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let start = sqlite3_column_text(handle, column)
        return body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The bytes of a column where they stand, without a copy; valid until the next step.
    package func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(handle, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    package func digest(_ column: Int32) -> Digest? {
        Digest(bytes(column), at: 0)
    }
}
