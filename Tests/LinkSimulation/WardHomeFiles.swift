// The files of a home that `ward-server init` made, read while no server serves it.

import Foundation
import SyncKit

/// What stands in a server's home: keys and descriptor, and where its store is.
package struct WardHomeFiles {
    package let descriptor: WardDescriptor
    package let keys: WardKeys
    package let store: String

    package init(_ home: String) throws {
        func seed(_ name: String) throws -> Bytes {
            Bytes(try Data(contentsOf: URL(fileURLWithPath: home + "/keys/" + name + ".key")))
        }
        let text = try String(contentsOfFile: home + "/descriptor.txt", encoding: .utf8).filter { !$0.isWhitespace }
        guard let descriptor = WardDescriptor(verifying: text, scheme: Ed25519Scheme()) else {
            throw StoreError(.damaged, "descriptor")
        }
        self.descriptor = descriptor
        keys = WardKeys(
            root: descriptor.rootKey, signing: try SigningKey(seed: seed("signing")),
            sealing: try SealingKey(seed: seed("sealing")), device: try SigningKey(seed: seed("device")))
        store = home + "/ward.db"
    }

    /// Opens the store as a server does.
    package func core(time: any TimeSource = SystemTimeSource(), fast: Bool = false) throws -> WardCore {
        try WardCore(
            database: Database(path: store, mode: .exclusive, fast: fast), keys: keys, areaCode: descriptor.area,
            time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
    }
}
