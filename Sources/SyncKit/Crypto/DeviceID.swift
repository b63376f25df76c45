// The name of a device: its public key.

/// A device is named by its Ed25519 public key, so that a signature needs no directory to be checked.
public struct DeviceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the Ed25519 public key.
    public let digest: Digest

    /// The device with this public key. Not every 32 bytes are a key that can sign; a signature check tells.
    public init(_ publicKey: Digest) { digest = publicKey }

    /// The 32 bytes of the Ed25519 public key.
    public var publicKey: Digest { digest }

    /// Sixty-four hexadecimal digits.
    public var description: String { digest.hex }

    /// The order of the bytes.
    public static func < (left: DeviceID, right: DeviceID) -> Bool { left.digest < right.digest }
}
