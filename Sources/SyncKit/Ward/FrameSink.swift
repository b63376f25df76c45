// Gathers what goes into one answer frame: entries, the change sets behind them, cards and disclosures.

/// The content of an answer frame while it is gathered.
struct FrameSink {
    let core: WardCore
    let device: DeviceID
    private(set) var changes: [ChangeSet] = []
    private(set) var entries: [SyncAnswer.Entry] = []
    private(set) var receipts: [ReceiptRun] = []
    var disclosures: [SyncAnswer.Disclosure] = []
    /// States of documents in place of their change sets.
    var states: [DocumentState] = []
    var stateWeight = 0
    /// The documents of which something was erased, for devices that hold states.
    var erased: [Digest] = []
    var authors: Set<DeviceID> = []
    var payload = 0
    private var receiptCount = 0
    private var taken: Set<Digest> = []

    /// Whether the device is sent its own change sets too.
    let withOwn: Bool

    init(core: WardCore, device: DeviceID, withOwn: Bool = false) {
        self.core = core
        self.device = device
        self.withOwn = withOwn
    }

    func isFull(_ bytes: Int, _ count: Int) -> Bool {
        payload >= bytes || entries.count >= count || receiptCount >= ReceiptRun.maxCount
    }

    /// Adds the acceptance of a change set that the device made itself, in the compact form.
    mutating func addReceipt(at index: UInt64) throws(StoreError) {
        let position = core.place(index)
        if !core.recent.append(position, to: &receipts) {
            guard let bytes = try core.entry(at: index), let record = try? LogRecord(decoding: bytes),
                case .accept(let acceptance) = record.entry
            else { throw StoreError(.damaged, "entry \(index)") }
            receipts.append(acceptance, time: record.time, at: position, authorTime: nil)
        }
        receiptCount += 1
        payload += 8
    }

    /// Adds an entry of the log, with its change set where the device does not have it.
    /// - Parameter discloses: whether private values are opened, where the device may read them.
    /// - Returns: false where it does not fit any more.
    mutating func add(
        _ bytes: Bytes, at position: UInt64, isOwn: Bool, change: ChangeSet?, discloses: Bool = true
    ) throws(StoreError) -> Bool {
        if isOwn, !withOwn {
            // The device has its own change sets.
        } else if let change {
            guard take(change, discloses: discloses) else { return false }
        } else {
            let decided = (try? LogRecord(decoding: bytes))?.entry.decided
            var stored: LogTables.Stored?
            if let (dot, _) = decided {
                stored = try core.tables.change(
                    device: try core.tables.deviceNumber(dot.device), sequence: dot.sequence)
            }
            // Of its own branches the device has what it wrote itself.
            let isElsewhere = isOwn && (decided == nil || stored?.change.id != decided?.id)
            if !isElsewhere {
                guard let stored else { throw StoreError(.damaged, "change set of entry \(position)") }
                guard take(stored.change, discloses: discloses) else { return false }
            }
        }
        entries.append(SyncAnswer.Entry(position: core.place(position), bytes: bytes))
        payload += bytes.count + 10
        return true
    }

    func hasTaken(_ id: Digest) -> Bool { taken.contains(id) }

    /// Adds an entry that decides no change set.
    mutating func addNotice(_ bytes: Bytes, at position: UInt64) {
        entries.append(SyncAnswer.Entry(position: core.place(position), bytes: bytes))
        payload += bytes.count + 10
    }

    /// Adds an accepted change set of a document that is delivered whole.
    mutating func add(_ stored: LogTables.Stored, at position: UInt64) throws(StoreError) -> Bool {
        if withOwn || stored.change.header.device != device {
            guard take(stored.change) else { return false }
        }
        guard let bytes = try core.entry(at: position) else { throw StoreError(.damaged, "entry \(position)") }
        entries.append(SyncAnswer.Entry(position: core.place(position), bytes: bytes))
        payload += bytes.count + 10
        return true
    }

    private mutating func take(_ change: ChangeSet, discloses: Bool = true) -> Bool {
        let opened = discloses ? disclosed(change) : []
        let weight =
            change.headerBytes.count + change.skeleton.count + (change.values?.bytes.count ?? 0) + 80
            + opened.reduce(0) { $0 + $1.box.count + 60 }
        if payload + weight > 100 * 1024, payload > 0 { return false }
        if payload + weight > 2 * WardCore.besideStates, !states.isEmpty { return false }
        payload += weight
        // What was held and is released in one frame goes once.
        if taken.insert(change.id).inserted { changes.append(change) }
        authors.insert(change.header.device)
        disclosures += opened
        return true
    }

    /// The private values of a change set, opened for the devices that the schema table names.
    private func disclosed(_ change: ChangeSet) -> [SyncAnswer.Disclosure] {
        guard let document = core.documents[change.document], let reader = PrivateReader(core, device, document)
        else { return [] }
        return PrivateBoxes.holders(in: change).compactMap { slot, holder in
            holder.flatMap { reader.disclosure(of: $0, dot: change.dot, slot: slot) }
        }
    }

    /// Who the authors in this frame are, and these others, as far as the answer did not say it before.
    func cards(with others: [DeviceID], after introduced: inout Set<DeviceID>) -> [SyncAnswer.Card] {
        let news = authors.union(others).subtracting(introduced)
        introduced.formUnion(news)
        return news.sorted().map(core.card)
    }
}
