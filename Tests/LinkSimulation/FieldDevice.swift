// A team member's device with a store file of its own, and a day's work on it without a network.

import Foundation
import SyncKit

/// One of many devices. Its store is opened by whoever works with it, one at a time.
package struct FieldDevice: Sendable {
    package let number: Int
    package let area: String
    package let name: String
    private let path: String

    /// - Parameter folder: where its store file is made.
    package init(number: Int, area: String, folder: String) {
        self.number = number
        self.area = area
        name = "Thành viên \(number)"
        path = "\(folder)/device-\(number).db"
    }

    /// Makes the store: a new identity.
    package func make(descriptor: String) throws {
        let database = try Database(path: path, mode: .create, fast: true)
        try Replica.create(
            in: database, descriptor: descriptor, time: SystemTimeSource(), random: SystemRandomSource(),
            scheme: Ed25519Scheme())
    }

    /// - Parameter fast: without waiting for the disk, for what is not measured.
    package func open(fast: Bool = false) throws -> Replica {
        try Replica(
            opening: Database(path: path, mode: .create, fast: fast), time: SystemTimeSource(),
            random: SystemRandomSource(), scheme: Ed25519Scheme())
    }

    /// Redeems an invitation and syncs for the first time.
    package func join(code: String, port: UInt16) throws {
        let replica = try open(fast: true)
        guard let request = replica.joinRequest(code: code) else { throw StoreError(.missing, "invitation") }
        _ = try replica.keepGrant(try LoopbackTransport(port: port, device: number).join(request))
        _ = try PatientSync.run(replica, LoopbackTransport(port: port, device: number))
    }

    /// Makes tasks for a neighborhood, as an officer.
    /// - Returns: how many change sets that were.
    package func plan(tasks count: Int, in area: String, on replica: Replica) throws {
        for number in 0..<count {
            var draft = ChangeSetDraft(kind: .task)
            draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số \(number + 1), \(area)"))
            draft.perform(.set(Slot(field: TaskField.area)), .text(area))
            draft.perform(.set(Slot(field: TaskField.kind)), .text("visit"))
            _ = try replica.commit(draft)
        }
    }

    /// Forty actions without a network: ten reports, five of them with a reporter's name and telephone number; five of
    /// the neighborhood's tasks claimed, noted on and done; fifteen remarks on the own reports.
    /// - Parameter share: which five of the neighborhood's tasks are this device's.
    /// - Returns: how many change sets that were.
    package func work(share: Int) throws -> Int {
        let replica = try open(fast: true)
        var reports: [Digest] = []
        for number in 0..<10 {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.category)), .text(number % 2 == 0 ? "lighting" : "road"))
            draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn tắt trước số \(number + 1), \(name)"))
            draft.perform(
                .set(Slot(field: ReportField.description)),
                .text("Tắt từ tối \(number + 1) hôm trước, đoạn này học sinh đi học về muộn, nhờ phường xem giúp."))
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            let reporter = [
                (slot: Slot(field: ReportField.reporterName), value: "Bà Hoa \(number)"),
                (slot: Slot(field: ReportField.reporterPhone), value: "091234567\(number)"),
            ]
            reports.append(try replica.commit(draft, privates: number % 2 == 0 ? reporter : []).document)
        }
        for task in try tasks(of: replica).dropFirst(share * 5).prefix(5) {
            var claim = ChangeSetDraft(kind: .task, document: task.id)
            claim.perform(.claim(Slot(field: TaskField.claimant)))
            _ = try replica.commit(claim)
            var note = ChangeSetDraft(kind: .task, document: task.id)
            note.perform(.append(Slot(field: TaskField.notes)), .text("Đã gặp chủ hộ, \(name)"))
            _ = try replica.commit(note)
            var done = ChangeSetDraft(kind: .task, document: task.id)
            done.perform(.transition(Slot(field: TaskField.state), to: 3, follows: task.creation))
            _ = try replica.commit(done)
        }
        for number in 0..<15 {
            var remark = ChangeSetDraft(kind: .report, document: reports[number % reports.count])
            remark.perform(.append(Slot(field: ReportField.comments)), .text("Xem lại lần \(number + 1): vẫn tắt"))
            _ = try replica.commit(remark)
        }
        return try replica.pendingCount()
    }

    private func tasks(of replica: Replica) throws -> [(id: Digest, creation: Dot)] {
        let statement = try replica.database.prepare("SELECT id FROM documents WHERE kind=2 AND hidden=0 ORDER BY id")
        var ids: [Digest] = []
        while try statement.step() { if let id = statement.digest(0) { ids.append(id) } }
        return try ids.compactMap { id in try replica.document(id).map { (id, $0.state.creation) } }
    }

    /// The documents that the device holds, each with the hash of its accepted state.
    package func states() throws -> [Digest: Digest] {
        let statement = try open(fast: true).database.prepare("SELECT id,state FROM documents WHERE hidden=0")
        var states: [Digest: Digest] = [:]
        while try statement.step() {
            guard let id = statement.digest(0) else { continue }
            states[id] = statement.isNull(1) ? .zero : DocumentState.storedHash(statement.bytes(1))
        }
        return states
    }
}

/// A sync that waits as long as the ward asks for, and goes on.
package enum PatientSync {
    /// So often it waits or tries again before it gives up.
    private static let most = 30

    /// - Returns: how often the ward was busy or not to be reached.
    package static func run(_ replica: Replica, _ transport: LoopbackTransport) throws -> Int {
        var (client, transport) = (SyncClient(replica), transport)
        for waits in 0..<most {
            do throws(SyncFailure) {
                try client.run(&transport)
                return waits
            } catch {
                guard case .transport(let failure) = error else { throw error }
                switch failure.code {
                case .busy(let seconds): sleep(UInt32(clamping: min(30, max(1, seconds))))
                case .cut, .unreachable: sleep(1)
                default: throw error
                }
            }
        }
        throw TransportError(.busy(seconds: 0), "after \(most) tries")
    }
}
