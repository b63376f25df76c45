// Mode "links": what a day in the field costs on each link, in time of the link and bytes of bodies.

import LinkSimulation
import SyncKit

/// What a person did before the sync.
private enum Scenario: String, CaseIterable {
    case idle, report
    /// A report of a device that did not sync while others filed a hundred.
    case lateReport = "report after 100 of others"
    case paper, photo, day
    /// Somebody else's photo, which the ward holds, is fetched.
    case fetch

    /// The photo of a report.
    private static let photoLength = 1_500_000

    /// Whether it happens in a ward whose log is not short.
    var isInGrownWard: Bool { self == .report || self == .lateReport }

    /// - Returns: the payload: the bytes of files in it, and of what was typed.
    func act(_ replica: Replica, _ random: SeededRandomSource) throws -> Int {
        switch self {
        case .idle: return 0
        case .fetch:
            guard let id = try replica.list(.report).first?.id,
                let named = try replica.document(id)?.state.attachments.first?.attachment.content
            else {
                throw BenchError.failed("no photo")
            }
            try replica.want(named)
            return named.length
        case .report, .lateReport: return try Self.file(replica, random, photo: 0)
        case .paper: return try Self.file(replica, random, photo: 256 * 1024)
        case .photo: return try Self.file(replica, random, photo: Self.photoLength)
        case .day:
            var bytes = 0
            for number in 0..<40 { bytes += try Self.file(replica, random, photo: number % 8 == 0 ? 300_000 : 0) }
            return bytes
        }
    }

    /// What others did before the device came.
    func prepare(_ ward: LinkWard) throws {
        guard self == .fetch else { return }
        let author = try ward.device(.resident)
        _ = try Self.file(author, ward.random, photo: Self.photoLength)
        var client = SyncClient(author)
        var transport = DirectTransport(service: ward.service)
        try client.run(&transport)
    }

    private static func file(_ replica: Replica, _ random: SeededRandomSource, photo: Int) throws -> Int {
        var draft = FieldReport.draft(random)
        var files: [NewFile] = []
        if photo > 0, let file = NewFile(random.bytes(photo), media: .jpeg, thumbnail: random.bytes(8000)) {
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            files.append(file)
        }
        _ = try replica.commit(draft, privates: FieldReport.privates, files: files)
        return FieldReport.typed + (files.isEmpty ? 0 : photo + 8000)
    }
}

/// A line for each link and scenario: the median of some rounds by bytes.
func runLinks(rounds: Int) throws -> [String] {
    var lines: [String] = []
    let grown = try LinkWard()
    try grown.grow(by: 1000)
    for profile in LinkProfile.all {
        for scenario in Scenario.allCases {
            var runs: [(figures: LinkFigures, payload: Int)] = []
            for round in 0..<rounds {
                let ward = scenario.isInGrownWard ? grown : try LinkWard()
                try scenario.prepare(ward)
                let device = try ward.device(scenario == .day || scenario == .fetch ? .volunteer : .resident)
                if scenario == .lateReport { try grown.grow(by: 100) }
                let payload = try scenario.act(device, ward.random)
                let link = SimulatedLink(profile, to: ward.service, seed: UInt64(round * 31 + 7))
                guard try link.sync(device) != nil else { throw BenchError.failed("\(profile.name) \(scenario)") }
                runs.append((link.figures, payload))
            }
            runs.sort { $0.figures.bytes < $1.figures.bytes }
            let (figures, payload) = runs[runs.count / 2]
            let most = runs.map { share($0.figures, of: $0.payload) }.max() ?? 0
            let unbroken = runs.filter { $0.figures.faults == 0 }.map(\.figures.bytes)
            lines.append(
                linkLine(
                    profile, scenario.rawValue, figures, payload: payload, most: most,
                    unbroken: unbroken.isEmpty ? nil : unbroken[unbroken.count / 2]))
        }
    }
    return lines
}

/// What went over a link for each byte of payload.
private func share(_ figures: LinkFigures, of payload: Int) -> Double {
    payload > 0 ? Double(figures.bytes) / Double(payload) : 0
}

/// What a scenario cost on a link.
/// - Parameters:
///   - most: the largest share of all rounds; `nil` where there was one.
///   - unbroken: bodies both ways in the middle one of the rounds that nothing broke; `nil` where there was none.
func linkLine(
    _ profile: LinkProfile, _ scenario: String, _ figures: LinkFigures, payload: Int, most: Double? = nil,
    unbroken: Int? = nil
) -> String {
    jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"links\""), ("link", "\"\(profile.name)\""),
        ("scenario", "\"\(scenario)\""), ("seconds", number(Double(figures.milliseconds) / 1000)),
        ("bytes_up", "\(figures.bytesUp)"), ("bytes_down", "\(figures.bytesDown)"), ("payload_bytes", "\(payload)"),
        ("share", number(share(figures, of: payload))),
        ("share_most", number(most ?? share(figures, of: payload))),
        ("unbroken_bytes", unbroken.map(String.init) ?? "null"),
        ("exchanges", "\(figures.exchanges)"), ("faults", "\(figures.faults)"),
        ("bursts", "\(figures.bursts)"),
        ("head_bytes", "\(figures.headBytes)"),
        ("bits_per_s", "\(profile.bitsPerSecond)"), ("round_trip_ms", "\(profile.roundTripMilliseconds)"),
    ])
}
