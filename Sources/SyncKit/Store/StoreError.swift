// What can go wrong with a store, in the words that its users need.

/// Why the store could not do something. Nothing that was acknowledged before is lost by any of them.
public struct StoreError: Error, Equatable, Sendable {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// No store at this place.
        case missing
        /// A file, but not a store of this product.
        case notAStore
        /// Written by a newer version of the program.
        case newerVersion
        /// The file is damaged.
        case damaged
        /// No room left on the device.
        case full
        /// Another program holds the store.
        case busy
        /// The file may only be read.
        case readOnly
        /// Reading or writing failed.
        case io
        /// A passphrase protects the store, and it was not given.
        case locked
        /// The ward holds work of this device that the store does not: it is an older copy.
        case outdated
        /// A fault of this program.
        case misuse
    }

    /// What kind of failure it is.
    public var code: Code
    /// SQLite's own words, for logs.
    public var detail: String

    /// Names a failure.
    public init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }
}
