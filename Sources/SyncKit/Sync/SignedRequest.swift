// A request as its device signed it: what an answer belongs to, and later says whose answer it was.

/// A request's bytes with their hash, which the signature of every frame of its answer covers.
package struct SignedRequest: Sendable {
    /// The payload of the request block; of what an older program kept the hash alone.
    package let bytes: Bytes
    package let hash: Digest

    package init(_ bytes: Bytes) {
        self.bytes = bytes
        hash = Digest(bytes) ?? Blake2b.hash(bytes)
    }

    /// Who asked, as it signed; `nil` where the hash alone is there.
    /// - Throws: `SyncRefusal` where it is no request of a device of this ward.
    func device(of ward: Digest, scheme: some SignatureScheme) throws(SyncRefusal) -> DeviceID? {
        if Digest(bytes) != nil { return nil }
        return try SyncRequest(verifying: bytes, ward: ward, scheme: scheme).device
    }
}
