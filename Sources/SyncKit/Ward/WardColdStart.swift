// How a new device is answered: what it is given of the documents of its scope, in which order, and how a cut answer goes
// on.

extension WardAnswer {
    /// How a new device is answered: documents first, as states where that is enough, then the log without them.
    struct ColdStart: Sendable {
        /// The documents that go with their change sets.
        let inFull: Set<Int64>
        /// Tells this set of documents from another one; none where an earlier answer began with another one.
        let mark: UInt64
        /// How many of them go before all others.
        let first: Int
        /// The documents of which the log says something beyond the head that is delivered: no state is as of that. The log
        /// grows while frames are sent; it was read up to `looked`.
        var young: Set<Int32> = []
        var looked: Int
        /// Whether the frame went out that holds the device's grant and nothing of documents.
        var isBegun = false
        /// How much of states goes into the next frame, before compression: as much as the last one's share of it allows.
        var room = WardCore.stateRoom

        /// The cursor that names a document as whole.
        /// - Parameter place: its place among those that this answer delivers.
        func cursor(_ number: Int64, at place: Int) -> UInt64 {
            StateCursor(number: number, isOther: place >= first, mark: mark).rawValue
        }
    }

    /// Where a new device's answer was cut off: the ward's own words to itself, which the device gives back.
    struct StateCursor {
        /// The last document that arrived whole.
        var number: Int64
        /// Whether it is one of those behind the first ones.
        var isOther: Bool
        /// Which documents went first.
        var mark: UInt64

        /// The mark of an answer that goes on from one with another set: not all that goes first in it went first, so
        /// that the next one must not take that for delivered.
        static let noMark: UInt64 = 0

        /// Below 2⁵⁷: the number below 2³², then a bit, then the mark.
        var rawValue: UInt64 { UInt64(number) | (isOther ? 1 << 32 : 0) | mark << 33 }

        /// 24 bits that tell one set of documents from another; never `noMark`.
        static func mark(_ numbers: Set<Int64>) -> UInt64 {
            let bytes = numbers.sorted().flatMap { Bytes(bigEndian: UInt64($0)) }
            return max(1, Blake2b.hash(bytes).prefix8 >> 40)
        }
    }
}

extension WardAnswer.StateCursor {
    init(rawValue: UInt64) {
        self.init(
            number: Int64(rawValue & 0xFFFF_FFFF), isOther: rawValue >> 32 & 1 == 1, mark: rawValue >> 33)
    }
}

extension WardCore {
    /// How many documents with edits side by side, the newest, a new device of the staff is given with their change sets.
    static let mostCompared = 32

    /// How many change sets that are in no backup, the newest, a new device is given where it would be given states: it
    /// brings them back after a restore. Those of older documents come back with whoever else holds them.
    package static let mostWitnessed = 128

    /// Kinds of which a device reads more than their states, or which are few: they go with their change sets.
    private static let inFull: Set<DocumentKind> = [.order, .follow, .settings]

    /// Whether a device begins with nothing and takes states.
    func beginsCold(_ request: SyncRequest) -> Bool {
        request.wishes.contains(.states) && !request.wishes.contains(.ownChanges) && request.position.index == 0
            && request.scope.index == 0 && persons.predecessors(of: request.device).isEmpty
    }

    /// Prepares the answer to a device that begins with nothing: all of its scope, from the document on where an
    /// earlier answer was cut off. What goes with its change sets comes first: it is the newest, and frames that hold
    /// nothing else are small to keep as evidence. Where the log is short and in no backup, it is delivered as to
    /// everybody else.
    func beginCold(_ answer: inout WardAnswer, resumes: Bool) throws(StoreError) {
        let (request, head) = (answer.request, answer.head)
        guard resumes || backedUp.index > 0 || head > UInt64(witnessLimit) else { return }
        let view = scope(of: request.device, at: head)
        // Edits side by side, which the inbox of the device is to show, are found in the change sets.
        let compared = view.role.readsItsAreas ? inbox.parallel.keys.sorted(by: >).prefix(Self.mostCompared) : []
        var inFull = try witnessed(upTo: head, in: view).union(compared)
        let scope = documents.values.filter { $0.created <= head && view.contains($0) }
        inFull = Set(
            scope.lazy.filter { Self.inFull.contains($0.kind) || inFull.contains($0.number) }.map(\.number))
        let mark = WardAnswer.StateCursor.mark(inFull)
        let cut = resumes ? WardAnswer.StateCursor(rawValue: request.backfillCursor) : nil
        var (first, others): ([Int64], [Int64]) = ([], [])
        for number in scope.map(\.number) {
            let isBehind = cut.map { number > $0.number } ?? true
            let isFirst = inFull.contains(number)
            if isFirst, isBehind, cut?.isOther != true {
                first.append(number)
            } else if isFirst, let cut, cut.mark == mark {
                continue
            } else if isBehind || cut?.isOther != true {
                // What goes first may be other than it was before the cut: none is left out.
                others.append(number)
            }
        }
        answer.cold = WardAnswer.ColdStart(
            inFull: inFull, mark: cut.map { $0.mark == mark } ?? true ? mark : WardAnswer.StateCursor.noMark,
            first: first.count, looked: Int(head), isBegun: resumes)
        answer.grantSent = resumes
        answer.entering = first.sorted() + others.sorted()
    }

    /// The newest documents of a scope of which something is in no backup, as far as they have `witnessLimit` change sets
    /// together: whoever holds these brings back what a restore takes away, which no state proves. What people wrote
    /// comes before what was imported. Not what goes in full anyway, nor what the ward makes of other documents.
    private func witnessed(upTo head: UInt64, in view: Scope) throws(StoreError) -> Set<Int64> {
        var (ofPeople, ofWard, seen) = ([WardDocument](), [WardDocument](), Set<Int64>())
        var place = Int(head)
        // Each that is looked at takes a query; large documents are passed over.
        while place > Int(backedUp.index), ofPeople.count < 4 * witnessLimit {
            place -= 1
            let number = Int64(index.documents[place])
            guard seen.insert(number).inserted, let document = documentsByNumber[number],
                !Self.inFull.contains(document.kind), document.kind != .progress, document.kind != .publication,
                view.contains(document)
            else { continue }
            if document.creation.device != keys.deviceID {
                ofPeople.append(document)
            } else if ofWard.count < witnessLimit {
                ofWard.append(document)
            }
        }
        var (found, room) = (Set<Int64>(), witnessLimit)
        for document in ofPeople + ofWard where room > 0 {
            let count = try tables.changeCount(document: document.number) + document.unlisted.count
            guard count <= room else { continue }
            room -= count
            found.insert(document.number)
        }
        return found
    }
}
