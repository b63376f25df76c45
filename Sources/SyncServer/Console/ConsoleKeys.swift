// The console's own device key, kept in the home beside the ward's keys.
import Glibc
import SyncKit

/// Makes the key when the first admin signs in, and lets the ward admit it as its console.
final class ConsoleKeys: Sendable {
    private let home: WardHome
    private let key = Monitor<SigningKey?>(nil)

    init(home: WardHome) { self.home = home }

    /// The key, once it is there.
    var present: SigningKey? { key.withLock { $0 } }

    /// The key; made, kept and admitted where it is not.
    /// - Returns: nil where the home cannot be written to.
    func ready(_ service: WardService) throws(StoreError) -> SigningKey? {
        let made: SigningKey? = key.withLock { key in
            if key == nil { key = try? home.consoleKey(random: SystemRandomSource()) }
            return key
        }
        guard let made else { return nil }
        let device = DeviceID(made.publicKey)
        // What is sealed to the console would have to be opened by it, and it opens nothing: nobody keeps this key.
        let sealing = SealingKey.generate(random: SystemRandomSource()).publicKey
        try service.withCore { core throws(StoreError) in try core.admitConsole(device, sealingKey: sealing) }
        return made
    }
}

extension WardHome {
    private var consoleKeyFile: String { path + "/keys/console.key" }

    /// Reads the console's key, or makes it. It is in no backup: a restored server makes another one.
    fileprivate func consoleKey(random: some RandomSource) throws(FileError) -> SigningKey {
        if access(consoleKeyFile, F_OK) != 0 {
            let key = SigningKey.generate(random: random)
            try HomeFiles.create(consoleKeyFile, key.seed.withUnsafeBytes { Bytes($0) })
            HomeFiles.sync(directoryOf: consoleKeyFile)
            return key
        }
        let seed = try HomeFiles.read(consoleKeyFile, max: 32, isSecret: true)
        guard let key = try? SigningKey(seed: seed) else { throw FileError(.tooLarge, consoleKeyFile) }
        return key
    }
}
