// Mode "limits": what libsodium and SQLite allow on this machine.

import Foundation
import SyncKit
import Synchronization

/// Verifications a second on one core and on all, and plain inserts a second with one commit per 200 rows.
func runLimits(threads: Int) throws -> [String] {
    let key = SigningKey.generate(random: SeededRandomSource(seed: 3))
    let scheme = Ed25519Scheme()
    let message = Bytes(repeating: 7, count: 300)
    let signature = scheme.signBench(message, key)
    func verifies(_ threads: Int) -> Double {
        let each = 8000
        let begin = monotonicSeconds()
        runThreads(threads) {
            for _ in 0..<each {
                _ = scheme.verify(signature: signature, message: message, publicKey: key.publicKey)
            }
        }
        return Double(each * threads) / (monotonicSeconds() - begin)
    }
    let one = verifies(1)
    let all = verifies(threads)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-limits-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = try Database(path: folder.appendingPathComponent("raw.db").path, mode: .create)
    try database.run("CREATE TABLE raw(id INTEGER PRIMARY KEY, device INT, body BLOB)")
    let body = Bytes(repeating: 9, count: 350)
    let begin = monotonicSeconds()
    let batches = 100
    for batch in 0..<batches {
        try database.transaction { () throws(StoreError) in
            for _ in 0..<200 {
                try database.prepare("INSERT INTO raw(device,body) VALUES(?1,?2)").bind(1, Int64(batch)).bind(2, body)
                    .run()
            }
        }
    }
    let inserts = Double(batches * 200) / (monotonicSeconds() - begin)
    return [
        jsonLine([
            ("system", "\"libsodium\""), ("mode", "\"limits\""), ("verifies_per_s", number(all)),
            ("verifies_per_s_one_core", number(one)), ("cores", "\(threads)"),
        ]),
        jsonLine([("system", "\"sqlite\""), ("mode", "\"limits\""), ("inserts_per_s", number(inserts))]),
    ]
}

extension Ed25519Scheme {
    fileprivate func signBench(_ message: Bytes, _ key: SigningKey) -> Bytes {
        key.sign(.changeset, ward: .zero, message, scheme: self)
    }
}
