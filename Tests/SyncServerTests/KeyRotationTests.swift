// Rotating keys in a ward's home: whole or not at all, and its backups hold what is needed.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct KeyRotationTests {
    private func home(_ body: (WardHome, String) throws -> Void) throws {
        let path = "/tmp/wardsync-keys-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        defer { system("rm -rf '\(path)' '\(path)'.*") }
        _ = try WardHome.create(
            at: path, name: "Phường Thử", area: "06685", addresses: ["http://127.0.0.1:1"], time: SystemTimeSource(),
            random: SystemRandomSource())
        try body(WardHome(path), path)
    }

    private func root(_ home: WardHome) throws -> SigningKey {
        try SigningKey(seed: try HomeFiles.read(home.rootKey, max: 32, isSecret: true))
    }

    @discardableResult
    private func rotate(_ home: WardHome, compromised: Bool = false) throws -> [KeyStatement] {
        try home.rotate(
            [.signing, .sealing], compromised: compromised, root: root(home), time: SystemTimeSource(),
            random: SystemRandomSource()
        ).statements
    }

    @Test func newKeysHoldAndTheLogSaysSoOnce() throws {
        try home { home, _ in
            let before = try home.readKeys().keys
            try rotate(home)
            let (keys, descriptor) = try home.readKeys()
            #expect(keys.signing.publicKey != before.signing.publicKey)
            #expect(descriptor.signingKeys == [keys.signing.publicKey, before.signing.publicKey])
            #expect(keys.pastSealing.map(\.publicKey) == [before.sealing.publicKey])
            for _ in 0..<2 {
                let core = try home.open(time: SystemTimeSource(), random: SystemRandomSource())
                let leaves = try core.leaves().compactMap { try? LogRecord(decoding: $0) }
                #expect(leaves.filter { $0.entry.number == 11 }.count == 2)
            }
            try rotate(home, compromised: true)
            let again = try home.readKeys()
            #expect(again.keys.compromised == [keys.signing.publicKey])
            #expect(!again.descriptor.signingKeys.contains(keys.signing.publicKey))
            #expect(again.keys.pastSealing.count == 2)
            _ = try home.open(time: SystemTimeSource(), random: SystemRandomSource())
        }
    }

    @Test func aStopBetweenTheFilesIsFinishedOrForgotten() throws {
        for step in 0..<5 {
            try home { home, path in
                let before = try home.readKeys().keys
                let keys = path + "/keys/"
                func copy(_ from: String, _ to: String) throws {
                    try HomeFiles.replace(to, try HomeFiles.read(from, max: 100_000), mode: 0o600)
                }
                for name in ["signing.key", "sealing.key"] { try copy(keys + name, path + "/old." + name) }
                try copy(home.descriptor, path + "/old.descriptor")
                try rotate(home)
                let after = try home.readKeys().keys
                // Puts the files back to where a stop in the middle leaves them.
                for (index, name) in ["signing.key", "sealing.key", "past.keys"].enumerated() where index >= step - 1 {
                    try copy(keys + name, keys + name + ".next")
                    if name == "past.keys" { unlink(keys + name) } else { try copy(path + "/old." + name, keys + name) }
                }
                if step == 0 { try copy(path + "/old.descriptor", home.descriptor) }
                let found = try home.readKeys().keys
                #expect(found.signing.publicKey == (step == 0 ? before : after).signing.publicKey)
                #expect(found.sealing.publicKey == (step == 0 ? before : after).sealing.publicKey)
                #expect(found.pastSealing.count == (step == 0 ? 0 : 1))
                #expect(access(keys + "past.keys.next", F_OK) != 0)
                _ = try home.open(time: SystemTimeSource(), random: SystemRandomSource())
            }
        }
    }
}
