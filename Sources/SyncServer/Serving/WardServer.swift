// A ward being served: HTTP, the control socket and the writing behind, started and stopped together.
import Glibc
import SyncKit

/// Everything that runs while a ward is served. It owns the home's lock.
final class WardServer {
    private let http: HTTPServer
    private let control: ControlServer
    private let writeBehind: WriteBehind
    let service: WardService
    let traffic: TrafficControl
    let console: Console
    /// Declared last, so that it is released after everything that uses the store.
    private let lock: HomeLock

    /// Why a ward cannot be served.
    enum Failure: Error, Equatable {
        case home(HomeError)
        case http(HTTPServerError)
        case controlSocket
        /// The system has no thread left.
        case thread
    }

    /// The port that is listened on.
    var port: UInt16 { http.port }
    /// Whether it answers https.
    let isSecure: Bool

    /// Opens a home and serves it.
    /// - Parameter port: 0 takes any free one.
    init(
        home: WardHome, address: String, port: UInt16, limits: HTTPLimits = HTTPLimits(), tls: HTTPTLS? = nil,
        traffic limitsOfTraffic: TrafficLimits = TrafficLimits(),
        time: any TimeSource = SystemTimeSource()
    ) throws(Failure) {
        isSecure = tls != nil
        let descriptor: WardDescriptor
        do {
            descriptor = try home.readDescriptor().descriptor
            guard let lock = try HomeLock(home) else { throw HomeError.busy }
            self.lock = lock
            service = WardService(try home.open(time: time, random: SystemRandomSource()))
        } catch let error as HomeError {
            throw .home(error)
        } catch { throw .thread }
        writeBehind = WriteBehind(service)
        let traffic = TrafficControl(limitsOfTraffic, disk: home.path)
        self.traffic = traffic
        service.withCore { core in
            core.intakeLimits = limitsOfTraffic.intake
            core.hasRoomForUnknown = { part in traffic.hasRoomForUnknown(part) }
        }
        let isLoopback = (try? ListenAddress(address, port: port))?.isLoopback ?? false
        console = Console(
            service: service, home: home, ward: descriptor, traffic: traffic, isSecure: isSecure,
            isPrivate: isSecure || isLoopback, time: time)
        let router = WardRouter(
            service: service, home: home, writeBehind: writeBehind, traffic: traffic, console: console)
        http = HTTPServer(address: address, port: port, limits: limits, tls: tls, router: router)
        do { try http.start() } catch { throw .http(error) }
        console.address.change { [http] in $0 = Self.url(isSecure: tls != nil, address, http.port, descriptor.addresses)
        }
        let table = ControlTable(
            service: service, descriptor: descriptor, time: time, home: home, console: console)
        guard let control = ControlServer.start(table, home: home) else {
            http.stop(drainSeconds: 0)
            throw .controlSocket
        }
        self.control = control
        guard writeBehind.start() else {
            control.stop()
            http.stop(drainSeconds: 0)
            throw .thread
        }
    }

    /// Where a browser on this machine finds the server.
    private static func url(isSecure: Bool, _ address: String, _ port: UInt16, _ known: [String]) -> String {
        let isEvery = address == "0.0.0.0" || address == "::"
        // An address that stands for all of them is none that can be opened; with TLS the name has to fit, too.
        if isEvery, isSecure, let named = known.first(where: { $0.hasPrefix("https://") }) { return named }
        let named = !isEvery ? address : address == "::" ? "::1" : "127.0.0.1"
        let host = named.utf8.contains(UInt8(ascii: ":")) ? "[\(named)]" : named
        return "\(isSecure ? "https" : "http")://\(host):\(port)"
    }

    /// What stops taking in, without giving the home back; safe from any thread.
    struct Inlets: Sendable {
        fileprivate let http: HTTPServer
        fileprivate let control: ControlServer
        fileprivate let writeBehind: WriteBehind

        /// Finishes or refuses what is on its way, then writes everything.
        func close(drainSeconds: Int) {
            http.stop(drainSeconds: drainSeconds)
            control.stop()
            writeBehind.stop()
        }
    }

    var inlets: Inlets { Inlets(http: http, control: control, writeBehind: writeBehind) }
}
