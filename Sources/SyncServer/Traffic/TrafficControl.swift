// The server's word on a request before it costs anything: rates, the queue, the room on the disk.
import Glibc
import SyncKit

/// Everything that bounds what devices and addresses can ask for.
final class TrafficControl: Sendable {
    let queue: WorkQueue
    let limits: TrafficLimits
    private let disk: String
    private let requests: RateTable<UInt64>
    private let joins: RateTable<UInt64>
    private let signIns: RateTable<UInt64>
    private let newDevices: RateTable<UInt64>
    private let residents: RateTable<DeviceID>
    private let members: RateTable<DeviceID>

    /// - Parameter disk: a path on the disk that the store is on.
    init(_ limits: TrafficLimits, disk: String) {
        self.limits = limits
        self.disk = disk
        queue = WorkQueue(
            workers: limits.workers, length: limits.queueLength, waitSeconds: limits.queueSeconds,
            onEntry: limits.onEntry)
        requests = RateTable(limits.requestsPerAddress)
        joins = RateTable(limits.joinsPerAddress)
        signIns = RateTable(limits.signInsPerAddress)
        newDevices = RateTable(limits.newDevicesPerAddress)
        residents = RateTable(limits.requestsPerResident)
        members = RateTable(limits.requestsPerMember)
    }

    /// Why a request of this head is not read any further; nil: it is.
    func refusal(of head: HTTPRequestHead) -> SyncRefusal? {
        // Whoever watches the server asks as often as he likes.
        guard head.path != "/healthz", let address = head.countedAs else { return nil }
        let wait = requests.take(address) ?? (head.path == "/v1/join" ? joins.take(address) : nil)
        return wait.map { refused($0, "address", head.remoteAddress) }
    }

    /// Seconds until an address may try again to sign in at the console; nil: now. A proxy's address counts like
    /// others: whoever guesses behind it holds up the others, which is better than guessing without end.
    func signIn(_ head: HTTPRequestHead) -> UInt64? {
        let wait = signIns.take(head.countedAs ?? 0)
        if let wait { _ = refused(wait, "sign_ins", head.remoteAddress) }
        return wait
    }

    /// A device that the ward does not know.
    func admitDevice(_ address: UInt64?) throws(SyncRefusal) {
        try checkDisk(.resident)
        guard let address, let wait = newDevices.take(address) else { return }
        throw refused(wait, "new_devices", "")
    }

    /// A request that a device signed.
    func admit(_ device: DeviceID, _ role: Role) throws(SyncRefusal) {
        guard let wait = (role == .resident ? residents : members).take(device) else { return }
        throw refused(wait, "device", "")
    }

    /// Keeps what is left of the disk for those who work for the ward.
    func checkDisk(_ priority: WorkQueue.Priority) throws(SyncRefusal) {
        guard priority == .resident, let (free, _) = room(), free < limits.reservedDiskBytes else { return }
        Log.event("disk_reserved", [.bytes: .int(Int(clamping: free))])
        throw SyncRefusal(.unavailable)
    }

    /// Whether there is room for what devices bring that nobody dealt with: however many they are, they leave the rest of
    /// the disk to those whom somebody knows.
    func hasRoomForUnknown(_ part: IntakePart) -> Bool {
        guard let (free, all) = room() else { return true }
        let spared = min(all / 4, limits.sparedDiskBytes)
        return free >= (part == .files ? spared : spared / 2)
    }

    /// The bytes that are free on the disk, and all of it; `nil` where the system does not say.
    private func room() -> (free: UInt64, all: UInt64)? {
        var info = statvfs()
        guard statvfs(disk, &info) == 0 else { return nil }
        let (free, isFreeOver) = UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize))
        let (all, isAllOver) = UInt64(info.f_blocks).multipliedReportingOverflow(by: UInt64(info.f_frsize))
        return isFreeOver || isAllOver ? nil : (free, all)
    }

    private func refused(_ wait: UInt64, _ reason: String, _ address: String) -> SyncRefusal {
        Log.event("too_many", [.reason: .text(reason), .address: .text(address), .seconds: .int(Int(clamping: wait))])
        return SyncRefusal(.tooMany, number: wait)
    }
}
