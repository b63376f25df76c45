// Fuzzing of what a ward does with a frame before and after its signatures are verified.
@testable import SyncKit

/// A ward in memory that takes any signature, and a device that it knows.
enum FuzzedWard {
    static let device = DeviceID(.zero)

    static func make() -> WardService? {
        let random = SeededRandomSource(seed: 1)
        let keys = WardKeys(
            root: KnownKeys.root, signing: SigningKey.generate(random: random),
            sealing: SealingKey.generate(random: random), device: SigningKey.generate(random: random))
        let grant = Grant(
            device: device, sealingKey: KnownKeys.root, role: .admin, areas: ["06685"], validFrom: 0, validUntil: 0,
            name: "Mai")
        guard let database = try? Database(path: "", mode: .memory),
            let core = try? WardCore(
                database: database, keys: keys, areaCode: "06685", time: ManualTimeSource(seconds: 1_790_000_000),
                random: random, scheme: AnySignature()),
            (try? core.admit(grant)) != nil
        else { return nil }
        return WardService(core)
    }

    /// Looks up what a frame refers to: the first that a ward does with it.
    static func look(up frame: Bytes) {
        guard let opened = try? OpenedFrame(frame, dictionary: FrameDictionary.named, sender: device) else { return }
        let references = opened.references
        shared?.withCore { core in
            _ = core.lookInMemory(up: references)
            _ = core.look(up: references)
        }
    }

    /// Decides what a frame brings, and answers.
    static func receive(_ frame: Bytes) {
        guard let service = make(), let session = try? service.begin(request(of: service)) else { return }
        _ = try? session.receive(frame)
        while let answer = try? session.nextFrame() { promise(answer.count <= BlockReader.maxBlock, "a frame fits") }
        promise(service.storeFault == nil, "no frame breaks the store")
    }

    private static let shared = make()

    private static func request(of service: WardService) -> Bytes {
        SyncRequest(
            ward: service.ward.prefix8, device: device, position: .start, scope: .start, checkpointSerial: 0, serial: 1,
            nonce: Bytes(repeating: 1, count: 16), time: 1_790_000_000, chain: 0, sealingKey: nil
        ).signed(
            by: SigningKey.generate(random: SeededRandomSource(seed: 2)), ward: service.ward, scheme: AnySignature())
    }
}
