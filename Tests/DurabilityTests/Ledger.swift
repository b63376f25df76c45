// What was promised: every change that a command reported as saved, and every one of which nobody knows.

/// One change of one device.
struct Promise {
    /// The document's short id.
    var document: String
    let isTask: Bool
    /// A text that no other change has; `nil` for a tick or a claim.
    var text: String?
    /// Comments and notes stand in the document by themselves; other values may be replaced by later ones.
    var isLogEntry: Bool
    /// The change set's place in its device's chain, where the command said so.
    var sequence: Int?
    /// Whether it has to be there; `false` where it was looked for after a kill and was not there.
    var isSaved: Bool
}

/// One device and what it was told.
final class LedgerDevice {
    let name: String
    let home: String
    let isTeam: Bool
    var id = ""
    var reports: [String] = []
    var tasks: [String] = []
    var promises: [Promise] = []
    var sequences: Set<Int> = []
    /// The highest place in the ward log that this device has seen.
    var position = 0

    init(name: String, home: String, isTeam: Bool) {
        self.name = name
        self.home = home
        self.isTeam = isTeam
    }

    /// What is wrong with a document's page, as far as this device's promises go.
    /// - Parameter page: of `show --json`.
    func faults(of document: String, in page: Outcome) -> [String] {
        let fields = Outcome.after("\"fields\":", in: page.out[...])
        let conflicts = Outcome.after("\"conflicts\":[", in: fields)
        let shown = fields.prefix(fields.count - conflicts.count)
        let history = Outcome.after("\"history\":[", in: conflicts)
        var faults: [String] = []
        for promise in promises where promise.document == document {
            let wanted = promise.isSaved ? 1 : 0
            if let text = promise.text {
                let found = Outcome.count(text, in: history)
                if found != wanted { faults.append("\(name): \(text) is \(found) times in the history of \(document)") }
                let standing = Outcome.count(text, in: shown)
                if promise.isLogEntry, standing != wanted {
                    faults.append("\(name): \(text) stands \(standing) times in \(document)")
                }
            }
            if let sequence = promise.sequence {
                let found = Outcome.count("\"device\":\"\(id)\",\"sequence\":\(sequence),", in: history)
                if found != 1 { faults.append("\(name): change \(sequence) is \(found) times in \(document)") }
            }
        }
        return faults
    }
}
