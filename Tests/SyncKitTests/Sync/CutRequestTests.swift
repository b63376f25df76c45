// A body that lost its end between two blocks is not taken for a whole one.

import Testing

@testable import SyncKit

/// Carries bodies to a ward; the first one with a block of some kind ends before the last block of that kind.
private struct CuttingTransport: SyncTransport {
    var inner: DirectTransport
    let kind: BlockKind
    var isCut = false

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var blocks: [Block] = []
        var reader = BlockReader()
        reader.append(body)
        while let block = try? reader.next() { blocks.append(block) }
        var sent = body
        if !isCut, let last = blocks.lastIndex(where: { $0.kind == kind }) {
            isCut = true
            sent = blocks[..<last].flatMap(\.encoded)
        }
        try inner.exchange(sent, onChunk: onChunk)
    }
}

@Suite struct CutRequestTests {
    private func syncCut(_ replica: Replica, _ service: WardService, _ kind: BlockKind) throws -> SyncRefusal.Code? {
        var client = SyncClient(replica)
        var transport = CuttingTransport(inner: DirectTransport(service: service), kind: kind)
        do { try client.run(&transport) } catch .replica(let error) {
            guard case .refusedByWard(let refusal) = error.reason else { throw error }
            return refusal.code
        }
        return nil
    }

    /// - Parameter count: how many of the ward's answers the device kept: the last of them is lost on the way.
    @Test(arguments: [1, 3]) func whatAWardSignedBeforeItsRestoreIsBroughtWholeOrAgain(count: Int) throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 15, path: folder.path + "/ward.db")
        let lan = try ward.device(51, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let minh = try ward.device(52, role: .volunteer, areas: ["06685.03"], name: "Minh")
        for replica in [lan, minh] { try ward.sync(replica) }
        try ward.copy(to: folder.path + "/copy.db")
        var last: Dot?
        for _ in 0..<count {
            last = try lan.commit(FieldScenarioTests.report("06685.03")).dot
            try ward.sync(lan)
        }
        let dot = try #require(last)
        func told() throws -> LogTables.Stored? {
            try lan.tables.change(device: lan.tables.deviceNumber(lan.device), sequence: dot.sequence)
        }
        let before = try #require(try told())

        try ward.restore(from: folder.path + "/copy.db")
        _ = try minh.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(minh)
        #expect(try syncCut(lan, ward.service, .evidence) == .malformed)
        #expect(try lan.dueEvidenceCount() > 0)
        for replica in [lan, minh] { try ward.sync(replica) }
        let after = try #require(try told())
        #expect(after.position == before.position && after.effective == before.effective)
        try RestoreTests.agree(ward, [lan, minh])
    }

    @Test func aDeviceThatGoesOnAsAnotherOneIsNotAdmittedWithoutSayingSo() throws {
        let stores = try CopiedStores()
        let phone = try stores.device(role: .volunteer)
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        _ = try stores.file(copy, "Cây đổ")
        #expect(try syncCut(copy, stores.ward.service, .succession) == .malformed)
        #expect(copy.device != phone.device)
        #expect(stores.ward.service.role(of: copy.device) == nil)
        #expect(try stores.titles(copy).contains("Đèn hỏng"))
    }
}
