// Rotated keys: devices take the new ones by the root key's word, and nothing more from the old ones.

import Testing

@testable import SyncKit

@Suite struct RotationTests {
    /// A ward on a file whose keys can be rotated, as its home does it.
    private final class World {
        let folder: RestoreFolder
        let world: OrderTests.World
        var keys: WardKeys
        var service: WardService

        init(seed: UInt64) throws {
            folder = try RestoreFolder()
            world = try OrderTests.World(seed: seed, path: folder.path + "/ward.db")
            keys = world.ward.keys
            service = world.ward.service
        }

        /// Both keys give way to new ones.
        func rotate(compromised: Bool) throws {
            let ward = world.ward
            ward.time.advance(seconds: 10)
            let (signing, sealing) = (
                SigningKey.generate(random: ward.random), SealingKey.generate(random: ward.random)
            )
            let statements = [
                KeyStatement(
                    .signing, key: signing.publicKey, previous: keys.signing.publicKey, isCompromised: compromised,
                    time: ward.time.nowSeconds()),
                KeyStatement(
                    .sealing, key: sealing.publicKey, previous: keys.sealing.publicKey, isCompromised: compromised,
                    time: ward.time.nowSeconds()),
            ].map { $0.signed(by: ward.root, ward: keys.ward, scheme: ward.scheme) }
            let past = [keys.signing.publicKey] + keys.pastSigning
            keys = WardKeys(
                root: keys.root, signing: signing, sealing: sealing, device: keys.device, pastSigning: past,
                compromised: compromised ? [past[0]] : [], pastSealing: [keys.sealing] + keys.pastSealing)
            let known = WardDescriptor(verifying: ward.descriptor, scheme: ward.scheme)
            var descriptor = try #require(known)
            descriptor.signingKeys = [signing.publicKey] + (compromised ? [] : past)
            descriptor.sealingKey = sealing.publicKey
            descriptor.issued = ward.time.nowSeconds()
            text = descriptor.signedText(by: ward.root, scheme: ward.scheme)
            let database = try Database(path: folder.path + "/ward.db", mode: .create)
            let core = try WardCore(
                database: database, keys: keys, areaCode: "06685", time: ward.time, random: ward.random,
                scheme: ward.scheme)
            core.descriptor = WardDescriptor.decodeText(text)
            try core.noteKeys(statements)
            service = WardService(core)
        }

        var text = ""

        func sync(_ replicas: Replica...) throws {
            world.ward.service = service
            for replica in replicas { try world.ward.sync(replica) }
        }

        func audit() throws -> [AuditFinding] {
            let (text, scheme) = (text, world.ward.scheme)
            return try service.withCore { (core: WardCore) throws(StoreError) in
                try core.flush()
                return try core.audit(descriptor: text, scheme: scheme)?.findings ?? []
            }
        }
    }

    @Test(arguments: [false, true]) func devicesTakeNewKeysByTheRootKeysWordAndNothingFromOldOnes(compromised: Bool)
        throws
    {
        let it = try World(seed: compromised ? 82 : 81)
        let (lan, officer, mai) = (it.world.lan, it.world.officer, it.world.mai)
        let name = Slot(field: ReportField.reporterName)
        let before = try lan.commit(FieldScenarioTests.report("06685.03"), privates: [(name, "Bà Hoa")])
        try it.sync(lan)
        // Written before the rotation and sent after it: sealed to the old key.
        let between = try lan.commit(FieldScenarioTests.report("06685.03"), privates: [(name, "Ông Năm")])
        let old = it.service
        try it.rotate(compromised: compromised)
        try it.sync(lan, officer, mai)
        let after = try lan.commit(FieldScenarioTests.report("06685.03"), privates: [(name, "Cô Sáu")])
        #expect(lan.descriptor.sealingKey == it.keys.sealing.publicKey)
        try it.sync(lan, officer)
        let reader = try it.world.ward.device(800 + (compromised ? 1 : 0))
        for (saved, text) in [(before, "Bà Hoa"), (between, "Ông Năm"), (after, "Cô Sáu")] {
            #expect(try lan.disclosed(saved.dot, name) == text)
        }
        #expect(try lan.grant()?.role == .volunteer && mai.overseenGrants().count > 2)
        // The old key answers nobody any more who knows of the new one, and still those who do not.
        var client = SyncClient(lan)
        var transport = DirectTransport(service: old)
        #expect(throws: (any Error).self) { try client.run(&transport) }
        #expect(try lan.logEvidence() == nil)
        // A newcomer with the old descriptor is given the new one.
        try it.sync(reader)
        #expect(reader.descriptor.signingKeys.first == it.keys.signing.publicKey)
        #expect(try it.audit() == [])
        // Opened again, a device knows what it took over.
        let again = try Replica(
            opening: lan.database, time: it.world.ward.time, random: it.world.ward.random, scheme: it.world.ward.scheme)
        #expect(again.descriptor == lan.descriptor)
        #expect(try again.newestCheckpoint() != nil && again.grant() != nil)
        // Once more: what was sealed to the first key still opens.
        try it.rotate(compromised: false)
        try it.sync(lan, officer, mai)
        #expect(try it.audit() == [])
    }

    @Test func adescriptorThatTheRootKeyDidNotSignOrThatIsOlderChangesNothing() throws {
        let it = try World(seed: 83)
        let lan = it.world.lan
        let known = lan.descriptor
        var forged = known
        forged.issued += 100
        let thief = SigningKey.generate(random: it.world.ward.random)
        forged.rootKey = thief.publicKey
        let text = forged.signedText(by: thief, scheme: it.world.ward.scheme)
        #expect(try !lan.adopt(descriptor: #require(WardDescriptor.decodeText(text))))
        var older = known
        older.issued -= 1
        older.signingKeys = [thief.publicKey]
        let old = older.signedText(by: it.world.ward.root, scheme: it.world.ward.scheme)
        #expect(try !lan.adopt(descriptor: #require(WardDescriptor.decodeText(old))))
        #expect(lan.descriptor == known)
    }

    @Test func aGrantThatARetiredKeySignedLaterIsAFinding() throws {
        let it = try World(seed: 84)
        let retired = it.keys.signing
        try it.rotate(compromised: true)
        let ward = it.keys.ward
        let grant = Grant(
            device: it.world.minh.device, sealingKey: it.world.minh.sealingKey.publicKey, role: .admin,
            areas: ["06685"], validFrom: 1, validUntil: 0, name: "Minh")
        let scheme = it.world.ward.scheme
        try it.service.withCore { (core: WardCore) throws(StoreError) in
            try core.guarded { () throws(StoreError) in
                _ = try core.append(.grant(grant.signed(by: retired, ward: ward, scheme: scheme)), document: 0)
            }
        }
        #expect(try it.audit().contains { $0.subject == .grants && $0.problem == .signature })
    }
}
