// A disk that fills up at any commit on the way of a bundle: it is said, nothing is lost, and it goes on.

import Testing

@testable import SyncKit

@Suite struct BundleFullDiskTests {
    private func file(_ replica: Replica, _ title: String) throws {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        _ = try replica.commit(draft)
    }

    /// Makes the nth commit from now on fail for want of room.
    private final class Gate {
        var left: Int
        var hasFailed = false
        init(_ left: Int) { self.left = left }
        func pass() throws(StoreError) {
            left -= 1
            guard left == 0 else { return }
            hasFailed = true
            throw StoreError(.full, "no room")
        }
    }

    @Test func aWardWhoseDiskFillsUpAnywhereKeepsThePartsAndGoesOnLater() throws {
        for number in 1...100 {
            let ward = try TestWard(seed: 41)
            let device = try ward.device(3)
            for title in 1...5 { try file(device, "Việc \(title)") }
            let part = try device.exportBundle(fileSize: 65_536).parts[0]
            let gate = Gate(number)
            ward.service.withCore { $0.database.willCommit = { () throws(StoreError) in try gate.pass() } }
            let first = try ward.service.take(part)
            ward.service.withCore { $0.database.willCommit = nil }
            guard gate.hasFailed else {
                guard case .taken = first else { return #expect(Bool(false)) }
                #expect(number > 4)
                return
            }
            // A reaction that did not fit is made up for later, and no reason to refuse the bundle.
            if case .noRoom = first {
                let again = try ward.service.take(part)
                guard case .taken(let result) = again else { return #expect(Bool(false), "\(again)") }
                #expect(result.accepted + result.duplicates == 5 && result.held + result.refused == 0)
            } else {
                guard case .taken = first else { return #expect(Bool(false), "\(number): \(first)") }
            }
            #expect(ward.service.storeFault == nil)
            try ward.sync(device)
            #expect(try device.pendingCount() == 0)
        }
        Issue.record("there was no end")
    }

    @Test func aDeviceWhoseDiskFillsUpAnywhereTakesTheSameReturnAgain() throws {
        for number in 1...100 {
            let ward = try TestWard(seed: 42)
            let device = try ward.device(4)
            for title in 1...5 { try file(device, "Việc \(title)") }
            let bundle = try device.exportBundle(fileSize: 65_536)
            guard case .taken(let result) = try ward.service.take(bundle.parts[0]), let id = result.returned else {
                return #expect(Bool(false))
            }
            let bytes = try ward.service.withCore { core in try core.shelf.part(id, 1) }
            let part = try BundlePart(decoding: try #require(bytes))
            let gate = Gate(number)
            device.database.willCommit = { () throws(StoreError) in try gate.pass() }
            var failure: ReplicaError?
            do { _ = try device.take(part) } catch { failure = error as? ReplicaError }
            device.database.willCommit = nil
            #expect(gate.hasFailed == (failure != nil))
            if !gate.hasFailed {
                #expect(number > 2)
                return
            }
            #expect(failure == ReplicaError(.store(StoreError(.full, "no room"))))
            let again = try device.take(part)
            switch again {
            case .answered(let outcome): #expect(outcome.result == .applied || outcome.result == .passedOver)
            case .done: break
            default: Issue.record("\(number): \(again)")
            }
            #expect(try device.pendingCount() == 0)
        }
        Issue.record("there was no end")
    }

    @Test func aDeviceWhoseDiskFillsUpExportsLaterWhatItWouldHaveExported() throws {
        let ward = try TestWard(seed: 43)
        let device = try ward.device(5)
        try file(device, "Việc")
        for number in 1...2 {
            let gate = Gate(number)
            device.database.willCommit = { () throws(StoreError) in try gate.pass() }
            #expect(throws: ReplicaError(.store(StoreError(.full, "no room")))) {
                try device.exportBundle(fileSize: 65_536)
            }
            device.database.willCommit = nil
        }
        let bundle = try device.exportBundle(fileSize: 65_536)
        #expect(bundle.changeCount == 1)
        guard case .taken(let result) = try ward.service.take(bundle.parts[0]) else { return #expect(Bool(false)) }
        #expect(result.accepted == 1)
    }
}
