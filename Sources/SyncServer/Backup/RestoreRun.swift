// Restoring: a new home from a backup, which goes on under the next epoch with a new device of the ward's own.
import Glibc
import SyncKit

/// A restore of a backup into a home that does not exist yet.
struct RestoreRun {
    let target: WardHome
    let random: any RandomSource
    let time: any TimeSource

    struct Result {
        var facts: BackupFacts
        var epoch: UInt64
    }

    /// Restores; the home appears whole or not at all.
    /// - Parameter epoch: the new epoch, where one above the copy's next was used already.
    func run(_ file: String, recovery: SealingKey, root: SigningKey, epoch: UInt64?) throws(BackupError) -> Result {
        if rmdir(target.path) != 0, errno != ENOENT { throw .home(.exists(target.path)) }
        let building = WardHome("\(target.path).\(getpid()).new")
        do throws(BackupError) {
            do throws(FileError) {
                try HomeFiles.makeDirectories(above: target.path)
                for directory in ["", "/keys", "/root"] { try HomeFiles.makeDirectory(building.path + directory) }
            } catch { throw .file(error) }
            let facts = try unpack(file, recovery, into: building)
            let result = try begin(building, facts, root, epoch, device: Self.newDevice(random))
            guard rename(building.path, target.path) == 0 else { throw .file(.last(target.path)) }
            HomeFiles.sync(directoryOf: target.path)
            return result
        } catch {
            building.discard()
            throw error
        }
    }

    private func unpack(_ file: String, _ recovery: SealingKey, into building: WardHome) throws(BackupError)
        -> BackupFacts
    {
        var open: (name: String, descriptor: Int32)?
        defer { if let open { close(open.descriptor) } }
        let facts = try BackupFile.read(file, key: recovery) { (name, piece) throws(BackupError) in
            let path = building.path + "/" + name
            if open?.name != name {
                if let old = open { close(old.descriptor) }
                let mode: mode_t = name.hasSuffix(".txt") || name.hasSuffix(".pub") ? 0o644 : 0o600
                let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
                guard descriptor >= 0 else { throw .file(.last(path)) }
                open = (name, descriptor)
            }
            guard let target = open?.descriptor else { throw .damaged }
            do throws(FileError) { try HomeFiles.write(piece, to: target, path) } catch { throw .file(error) }
        }
        for name in facts.files.map(\.name) {
            let descriptor = Glibc.open(building.path + "/" + name, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0, fsync(descriptor) == 0 else { throw .file(.last(name)) }
            close(descriptor)
        }
        return facts
    }

    private static func newDevice(_ random: any RandomSource) -> SigningKey { SigningKey.generate(random: random) }

    /// Signs the epoch, gives the ward a new device of its own, and opens it once, which checks all of it.
    private func begin(_ home: WardHome, _ facts: BackupFacts, _ root: SigningKey, _ epoch: UInt64?, device: SigningKey)
        throws(BackupError) -> Result
    {
        let seed = device.seed.withUnsafeBytes { Bytes($0) }
        do throws(HomeError) {
            var (descriptor, _) = try home.readDescriptor()
            guard descriptor.ward == facts.ward, descriptor.rootKey == root.publicKey else {
                throw .damaged("root.key")
            }
            let old = try home.open(time: time, random: random)
            guard old.root == facts.root, old.end == facts.end else { throw .damaged("ward.db") }
            let next = epoch ?? max(old.end.epoch, old.newer?.position.epoch ?? 0) + 1
            guard next > old.end.epoch, next < 0x7FFF else { throw .damaged("epoch") }
            let statement = EpochStatement(
                ended: old.end, root: old.root, epoch: next, device: DeviceID(device.publicKey),
                time: time.nowSeconds()
            ).signed(by: root, ward: descriptor.ward, scheme: Ed25519Scheme())
            descriptor.device = DeviceID(device.publicKey)
            descriptor.issued = max(descriptor.issued + 1, time.nowSeconds())
            let text = descriptor.signedText(by: root, scheme: Ed25519Scheme())
            do throws(FileError) {
                try HomeFiles.replace(home.descriptor, Bytes((text + "\n").utf8))
                try HomeFiles.replace(home.path + "/keys/device.key", seed, mode: 0o600)
            } catch { throw .file(error) }
            do throws(StoreError) {
                try WardCore.begin(statement, in: try Database(path: home.store, mode: .write))
            } catch { throw .store(error) }
            let restored = try home.open(time: time, random: random)
            return Result(facts: facts, epoch: restored.logEpoch)
        } catch { throw .home(error) }
    }
}
