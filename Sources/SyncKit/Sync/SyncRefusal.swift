// Why the ward cannot answer a request: one table, on the wire and in every program.

/// The ward's reason for not answering. Nothing is lost by any of them: what is not acknowledged stays on the device.
public struct SyncRefusal: Error, Hashable, Sendable {
    /// The reasons. The raw value is the number on the wire.
    public enum Code: UInt8, CaseIterable, Sendable {
        /// Not a request of this protocol.
        case malformed = 1
        /// The request is for another ward.
        case otherWard = 2
        /// The device's signature does not hold.
        case badSignature = 3
        /// The device is not known, and did not say which key to seal to.
        case unknownDevice = 4
        /// A position beyond the ward's log: the ward was restored, or this is another ward's position.
        case unknownPosition = 5
        /// The request's serial is not above the last one: it is repeated, or the device's store was copied.
        case staleRequest = 6
        /// Too many devices that nobody admitted; try again later.
        case lobbyFull = 7
        /// The ward is busy or closing; try again.
        case unavailable = 8
        /// The ward's store has a fault; the operator is told.
        case storeFault = 9
        /// No such invitation, or the secret is wrong.
        case invitationUnknown = 10
        /// The invitation was used by another device.
        case invitationUsed = 11
        /// The invitation is past its date.
        case invitationExpired = 12
        /// Beyond a limit.
        case tooLarge = 13
        /// The ward was restored from a copy that is older than the device's position; the statement says to where.
        case restored = 14
        /// More than the ward keeps from a device that nobody has looked at yet.
        case overQuota = 15
        /// Too many requests; ask again later.
        case tooMany = 16
        /// The device goes on for another one, and a person has to confirm that first.
        case unconfirmed = 17
    }

    /// The reason.
    public var code: Code
    /// For `staleRequest`: the last serial that the ward saw. For `overQuota` and `tooMany`: the seconds to wait; for
    /// `unavailable` the same, or 0 where the ward cannot tell. For `storeFault`: 1 where the disk is full.
    public var number: UInt64
    /// For `restored`: the signed statement of the epoch that began.
    package var statement: Bytes?

    /// Names a reason.
    public init(_ code: Code, number: UInt64 = 0) {
        self.code = code
        self.number = number
    }

    /// What a device is told of a failure of the ward's store.
    init(of failure: StoreError?) { self.init(.storeFault, number: failure?.code == .full ? Self.noRoom : 0) }

    /// With `storeFault`: the ward's disk is full.
    package static let noRoom: UInt64 = 1

    package init(restored statement: Bytes) {
        self.init(.restored)
        self.statement = statement
    }

    /// `[number of the reason, number]`, and for `restored` the statement as a third part.
    package var encoded: Bytes {
        var writer = CBORWriter()
        writer.arrayHeader(count: statement == nil ? 2 : 3)
        writer.unsigned(UInt64(code.rawValue))
        writer.unsigned(number)
        if let statement { writer.byteString(statement) }
        return writer.bytes
    }

    package init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard let count = try? reader.arrayHeader(max: 3), count >= 2, let raw = try? reader.unsigned(),
            let code = UInt8(exactly: raw).flatMap(Code.init(rawValue:)), let number = try? reader.unsigned()
        else { return nil }
        self.init(code, number: number)
        if count == 3 {
            guard code == .restored, let statement = try? reader.byteString(max: 512) else { return nil }
            self.statement = statement
        }
        guard reader.isAtEnd else { return nil }
    }
}
