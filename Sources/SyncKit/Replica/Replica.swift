// A device's own copy of what it may see, with the chain of what it did.

/// A device's replica: its identity, its chain of change sets, what the ward sent, and the documents they make.
/// Everything works without a network; `commit` returns only after what was done is durable.
///
/// One replica belongs to one owner at a time; other processes are kept out by the home's lock (`ReplicaHome`).
package final class Replica: LocalDocuments {
    package let database: Database
    package let tables: LogTables
    package private(set) var descriptor: WardDescriptor
    /// Signing keys of earlier descriptors: what this device took from the ward under them it keeps.
    private(set) var pastKeys: [Digest]
    /// The keys of the device that the store is now; another device's after `takeNewKeys`.
    package internal(set) var signingKey: SigningKey
    package internal(set) var sealingKey: SealingKey
    let time: any TimeSource
    let random: any RandomSource
    package let scheme: any SignatureScheme
    /// The person's devices, once they were read; forgotten before each transaction that may change them.
    var knownOwn: Set<DeviceID>?
    /// The words that searches know, while a transaction writes many documents.
    var notedWords: Set<Bytes>?

    package var device: DeviceID { DeviceID(signingKey.publicKey) }
    package var ward: Digest { descriptor.ward }

    /// Names of values in the `meta` table.
    enum Key {
        static let descriptor = "descriptor"
        /// Signing keys of earlier descriptors, one after the other.
        static let pastKeys = "descriptor.past"
        static let signing = "signing"
        static let sealing = "sealing"
        static let chainSequence = "chain.sequence"
        static let chainID = "chain.id"
        static let clock = "clock"
        static let position = "position"
        static let root = "root"
        static let scope = "scope"
        static let backfill = "backfill"
        static let cursor = "cursor"
        static let checkpoint = "checkpoint"
        /// The ward log's tree as it was at a checkpoint; of use while that is the newest.
        static let tree = "tree"
        /// Up to where documents were delivered ahead of the log, on a device that began with states.
        static let ahead = "ahead"
        /// Up to where the ward's log is in a backup, as the ward said last.
        static let backedUp = "backed.up"
        /// When histories were let go last, by the ward's clock.
        static let compacted = "compacted"
        static let serial = "serial"
        static let grant = "grant"
        static let skew = "skew"
        /// The name of the link that a sync uses unless it is told another one.
        static let link = "link"
        /// What goes over a link of a name, and what went over it on a day.
        static func link(_ name: String) -> String { linkPrefix + name }
        static let linkPrefix = "link."
        static func linkSpent(_ name: String) -> String { "spent." + name }
        static let lastSync = "last.sync"
        static let unsure = "unsure"
        static let need = "need"
        static let revoked = "revoked"
        /// As of which position the grant is the device's: a revocation before it is over.
        static let grantedAsOf = "grant.as.of"
        /// The device's public key, so that a reader need not derive it.
        static let device = "device"
        /// The other devices that this person had or has, 32 bytes each.
        static let person = "person"
        /// What the device says to go on as another one, until the ward's log says it.
        static let succession = "succession"
        /// The same, once the log says it.
        static let successionSaid = "succession.said"
        /// Where another device goes on as this one: one more than the last sequence of this one that counts.
        static let succeeded = "succeeded"
        /// Where the device had got to before it passed over what another copy of it wrote: the position and the root.
        static let passedOver = "passed.over"
        /// When new keys were taken, and for how many change sets.
        static let renewal = "renewal"
        /// The keys of a device that this store was, under its id.
        static func former(_ device: DeviceID) -> String { formerPrefix + device.digest.hex }
        static let formerPrefix = "former."
        /// The document that goes on in the next frame; empty for none.
        static let open = "open"
        /// Set once the ward told all that the device oversees.
        static let overseen = "overseen"
        /// What the device noticed about the ward's log.
        static let evidence = "evidence"
        /// Where the newest restore ended: the position, the root, and the epoch that began.
        static let anchor = "anchor"
        /// Whether a later sync went on from what was signed before.
        static let settled = "evidence.settled"

        /// The own change set that replaces one that the ward refused.
        static func reissued(_ original: Digest) -> String { "reissued." + original.hex }
        /// The look-up code of an own report.
        static func code(_ document: Digest) -> String { "code." + document.hex }
        /// The key that opens the answer to an own look-up.
        static func reply(_ document: Digest) -> String { replyPrefix + document.hex }
        static let replyPrefix = "reply."
        /// The root at which an epoch began that the device went back for.
        static func epoch(_ epoch: UInt64) -> String { "epoch.\(epoch)" }
        /// The ward's proven word on the creation of an own report.
        static func receipt(_ document: Digest) -> String { receiptPrefix + document.hex }
        static let receiptPrefix = "receipt."
        /// A document that left the scope while own change sets on it stay in the chain.
        static func left(_ document: Digest) -> String { left + document.hex }
        static let left = "left."
        /// As of which scope a document left the device last.
        static let leftAsOf = "scope.left"
        /// What the next bundle has to do otherwise: 1 = everything explicit, 2 = ask for the own change sets.
        static let bundleWishes = "bundle.wishes"
    }

    /// Makes a replica in an empty store: a new identity, and the ward that it belongs to.
    package static func create(
        in database: Database, descriptor text: String, time: any TimeSource, random: any RandomSource,
        scheme: any SignatureScheme
    ) throws(ReplicaError) {
        guard WardDescriptor(verifying: text, scheme: scheme) != nil else { throw ReplicaError(.badDescriptor) }
        try inStore { () throws(StoreError) in
            try StoreSchema.prepare(database) {}
            try database.run(StoreSchema.replicaIndexes)
        }
        let tables = LogTables(database)
        guard try inStore({ () throws(StoreError) in try tables.meta(Key.signing) }) == nil else {
            throw ReplicaError(.alreadyThere)
        }
        let seed = random.bytes(32)
        guard let key = try? SigningKey(seed: seed) else { throw ReplicaError(.badDescriptor) }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setMeta(Key.descriptor, Bytes(text.utf8))
                try tables.setMeta(Key.signing, seed)
                try tables.setMeta(Key.device, key.publicKey.bytes)
                try tables.setMeta(Key.sealing, random.bytes(32))
            }
        }
    }

    /// Keeps a newer descriptor, which the caller verified and compared with the present one.
    package static func renew(descriptor text: String, in database: Database) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try LogTables(database).setMeta(Key.descriptor, Bytes(text.utf8))
            }
        }
    }

    /// Opens the replica in a store.
    package init(
        opening database: Database, time: any TimeSource, random: any RandomSource, scheme: any SignatureScheme
    ) throws(ReplicaError) {
        self.database = database
        tables = LogTables(database)
        self.time = time
        self.random = random
        self.scheme = scheme
        let tables = tables
        let isOlder = try inStore { () throws(StoreError) in try StoreSchema.check(database) }
        try SealedInPlace.check(database)
        let (text, signing, sealing) = try inStore { () throws(StoreError) in
            guard let text = try tables.meta(Key.descriptor), let signing = try tables.meta(Key.signing),
                let sealing = try tables.meta(Key.sealing)
            else { throw StoreError(.missing, "no identity") }
            return (text, signing, sealing)
        }
        guard let descriptor = WardDescriptor(verifying: String(decoding: text, as: UTF8.self), scheme: scheme) else {
            throw ReplicaError(.store(StoreError(.damaged, "descriptor")))
        }
        self.descriptor = descriptor
        let past = try inStore { () throws(StoreError) in try tables.meta(Key.pastKeys) } ?? []
        pastKeys = stride(from: 0, to: past.count, by: Digest.byteCount).compactMap { Digest(past, at: $0) }
        do {
            signingKey = try SigningKey(seed: signing)
            sealingKey = try SealingKey(seed: sealing)
        } catch { throw ReplicaError(.store(StoreError(.damaged, "keys"))) }
        guard isOlder else { return }
        try inStore { () throws(StoreError) in
            try StoreSchema.prepare(database) { () throws(StoreError) in _ = try self.rebuildInTransaction() }
        }
    }

    // MARK: The ward's keys

    /// The signing keys under which something was ever taken from the ward.
    var knownKeys: [Digest] { descriptor.signingKeys + pastKeys }

    /// Takes a newer descriptor of the same ward over, which its root key signed: with it the ward's new keys.
    /// - Returns: whether it is newer and holds.
    @discardableResult
    package func adopt(descriptor bytes: Bytes) throws(ReplicaError) -> Bool {
        guard let news = WardDescriptor(verifying: bytes, scheme: scheme), news.ward == ward,
            news.issued > descriptor.issued
        else { return false }
        let past = knownKeys.filter { !news.signingKeys.contains($0) }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setMeta(Key.descriptor, Bytes(WardDescriptor.text(of: bytes).utf8))
                try tables.setMeta(Key.pastKeys, past.flatMap(\.bytes))
                if !past.isEmpty { try dropReceipts(without: news.signingKeys) }
            }
        }
        descriptor = news
        pastKeys = past
        return true
    }

    // MARK: What it knows of itself

    /// The end of the device's chain.
    package func chain() throws(ReplicaError) -> ChainLink {
        let sequence = try number(Key.chainSequence)
        let id = try inStore { () throws(StoreError) in try tables.meta(Key.chainID) }
        return ChainLink(sequence: sequence, id: id.flatMap { Digest($0) })
    }

    /// What has been applied of the ward log.
    package func seen() throws(ReplicaError) -> SeenMark {
        try inStore { () throws(StoreError) in try storedMark() }
    }

    func storedMark() throws(StoreError) -> SeenMark {
        let position = Position(rawValue: try tables.number(Key.position) ?? 0)
        if position == .start { return SeenMark(position: .start, root: MerkleTree().root.prefix8) }
        return SeenMark(position: position, root: try tables.number(Key.root) ?? 0)
    }

    /// What the ward granted the device; a device without a grant is a resident's.
    package func grant() throws(ReplicaError) -> Grant? {
        let bytes = try inStore { () throws(StoreError) in try tables.meta(Key.grant) }
        return bytes.flatMap {
            Grant(verifying: $0, ward: ward, keys: knownKeys, scheme: scheme)
        }
    }

    /// Who the device is in the ward's rules.
    package func actor() throws(ReplicaError) -> Actor {
        let grant = try grant()
        return Actor(
            device: device, role: grant?.role ?? .resident,
            areas: AreaBook(self, now: time.nowSeconds()).withMerged(grant?.areas ?? []), others: try otherDevices())
    }
}
