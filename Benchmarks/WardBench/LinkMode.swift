// Mode "links": what a day in the field costs on each link, in time of the link and bytes of bodies.

import LinkSimulation
import SyncKit

/// What a person did before the sync.
private enum Scenario: String, CaseIterable {
    case idle, report, photo, day

    /// - Returns: the payload: the bytes of files in it, and of what was typed.
    func act(_ replica: Replica, _ random: SeededRandomSource) throws -> Int {
        switch self {
        case .idle: return 0
        case .report: return try Self.file(replica, random, photo: 0)
        case .photo: return try Self.file(replica, random, photo: 1_500_000)
        case .day:
            var bytes = 0
            for number in 0..<40 { bytes += try Self.file(replica, random, photo: number % 8 == 0 ? 300_000 : 0) }
            return bytes
        }
    }

    /// A report of 300 bytes of Vietnamese text and three private values: name, number, and one of the numbered ones.
    private static func file(_ replica: Replica, _ random: SeededRandomSource, photo: Int) throws -> Int {
        let text =
            "Nắp cống trước số 12 ngõ 5 bị vỡ từ chiều qua, xe máy đi qua rất nguy hiểm, nhất là buổi tối khi đèn đường không sáng. Nhờ phường kiểm tra và cho thay nắp mới giúp bà con, có cháu nhỏ hay chơi gần đó. Cảm ơn cán bộ phường."
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Nắp cống vỡ trước số 12"))
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.description)), .text(text))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        var files: [NewFile] = []
        if photo > 0, let file = NewFile(random.bytes(photo), media: .jpeg, thumbnail: random.bytes(8000)) {
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            files.append(file)
        }
        let name = (slot: Slot(field: ReportField.reporterName), value: "Nguyễn Thị Hoa")
        let phone = (slot: Slot(field: ReportField.reporterPhone), value: "0912345678")
        let other = (slot: Slot(field: ReportField.fileKeys, key: 1), value: "số 12 ngõ 5")
        _ = try replica.commit(draft, privates: [name, phone, other], files: files)
        let typed = text.utf8.count + [name, phone, other].reduce(0) { $0 + $1.value.utf8.count }
        return typed + (files.isEmpty ? 0 : photo + 8000)
    }
}

/// A line for each link and scenario: the median of some rounds by bytes.
func runLinks(rounds: Int) throws -> [String] {
    var lines: [String] = []
    for profile in LinkProfile.all {
        for scenario in Scenario.allCases {
            var runs: [(figures: LinkFigures, payload: Int)] = []
            for round in 0..<rounds {
                let ward = try LinkWard()
                let device = try ward.device(scenario == .day ? .volunteer : .resident)
                let payload = try scenario.act(device, ward.random)
                let link = SimulatedLink(profile, to: ward.service, seed: UInt64(round * 31 + 7))
                guard try link.sync(device) != nil else { throw BenchError.failed("\(profile.name) \(scenario)") }
                runs.append((link.figures, payload))
            }
            runs.sort { $0.figures.bytes < $1.figures.bytes }
            let (figures, payload) = runs[runs.count / 2]
            let most = runs.map { share($0.figures, of: $0.payload) }.max() ?? 0
            lines.append(linkLine(profile, scenario.rawValue, figures, payload: payload, most: most))
        }
    }
    return lines
}

/// What went over a link for each byte of payload.
private func share(_ figures: LinkFigures, of payload: Int) -> Double {
    payload > 0 ? Double(figures.bytes) / Double(payload) : 0
}

/// What a scenario cost on a link.
/// - Parameter most: the largest share of all rounds; `nil` where there was one.
func linkLine(
    _ profile: LinkProfile, _ scenario: String, _ figures: LinkFigures, payload: Int, most: Double? = nil
) -> String {
    jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"links\""), ("link", "\"\(profile.name)\""),
        ("scenario", "\"\(scenario)\""), ("seconds", number(Double(figures.milliseconds) / 1000)),
        ("bytes_up", "\(figures.bytesUp)"), ("bytes_down", "\(figures.bytesDown)"), ("payload_bytes", "\(payload)"),
        ("share", number(share(figures, of: payload))),
        ("share_most", number(most ?? share(figures, of: payload))),
        ("exchanges", "\(figures.exchanges)"), ("faults", "\(figures.faults)"),
        ("bursts", "\(figures.bursts)"),
        ("head_bytes", "\(figures.exchanges * LinkFigures.headBytes + LinkFigures.handshakeBytes)"),
        ("bits_per_s", "\(profile.bitsPerSecond)"), ("round_trip_ms", "\(profile.roundTripMilliseconds)"),
    ])
}
