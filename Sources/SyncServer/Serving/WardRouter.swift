// The paths of a ward's server.
import CommandLineKit
import SyncKit

/// Sync, join, the descriptor, whether the server is well, and the pages of the console.
final class WardRouter: HTTPRouter {
    private let service: WardService
    private let home: WardHome
    private let writeBehind: WriteBehind
    private let traffic: TrafficControl
    private let console: Console
    private let bundles: BundleDesk

    init(
        service: WardService, home: WardHome, writeBehind: WriteBehind, traffic: TrafficControl, console: Console
    ) {
        self.traffic = traffic
        self.console = console
        bundles = BundleDesk(service: service, writeBehind: writeBehind, traffic: traffic)
        self.service = service
        self.home = home
        self.writeBehind = writeBehind
    }

    func exchange(for head: HTTPRequestHead) -> HTTPRouting {
        let isPage = Console.owns(head.path)
        if let refusal = traffic.refusal(of: head) {
            let wait = [("Retry-After", String(refusal.number))]
            return .respond(isPage ? .text(429, "too many requests", headers: wait) : .refusal(refusal))
        }
        if isPage { return console.exchange(for: head) }
        switch head.path {
        case "/v1/sync":
            guard head.method == "POST" else { return notAllowed("POST") }
            return .accept(
                SyncExchange(
                    service: service, writeBehind: writeBehind, traffic: traffic, address: head.countedAs))
        case "/v1/join":
            guard head.method == "POST" else { return notAllowed("POST") }
            return .accept(JoinExchange(service: service, queue: traffic.queue))
        case "/v1/bundle":
            guard head.method == "POST" else { return notAllowed("POST") }
            return .accept(BundleExchange(bundles, address: head.countedAs))
        case let path where path.hasPrefix("/v1/bundle/"):
            guard head.method == "POST" else {
                return .respond(bundles.answer(path, address: head.countedAs))
            }
            guard let named = BundlePath(path), let part = named.part, let offset = named.offset else {
                return notAllowed("GET, HEAD")
            }
            let place = PartPlace(bundle: named.bundle, part: part)
            return .accept(BundleExchange(bundles, address: head.countedAs, resuming: (place, offset)))
        case "/v1/descriptor":
            guard head.method != "POST" else { return notAllowed("GET, HEAD") }
            return .respond(descriptor())
        case "/healthz":
            guard head.method != "POST" else { return notAllowed("GET, HEAD") }
            return .respond(health())
        default: return .respond(.text(404, "not found"))
        }
    }

    private func notAllowed(_ methods: String) -> HTTPRouting {
        .respond(.text(405, "method not allowed", headers: [("Allow", methods)]))
    }

    /// Read anew each time, so that other addresses are given out as soon as they are signed.
    private func descriptor() -> HTTPResponse {
        guard let text = try? home.readDescriptor().text else { return .text(503, "no descriptor") }
        return .text(200, text)
    }

    private func health() -> HTTPResponse {
        let (epoch, size, isFull) = service.withCore { core in (core.logEpoch, core.size, core.lacksRoom) }
        let isOlder = service.newerCheckpoint != nil
        let isFaulty = service.storeFault != nil
        let isSound = !isFaulty && !isOlder && !isFull
        var json = JSONWriter()
        json.object { json in
            json.member("status", isOlder ? "log-behind" : isFaulty ? "store-fault" : isFull ? "disk-full" : "ok")
            json.member("epoch", Int64(clamping: epoch))
            json.member("size", Int64(clamping: size))
            json.member("version", wardSyncVersion)
        }
        return HTTPResponse(
            status: isSound ? 200 : 503,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: .bytes(json.bytes))
    }
}
