// What each entry of the log is about, in memory: enough to know whom it concerns without reading it.

/// One line for each entry: its kind, the author of what it decides, and its document.
struct LogIndex {
    private(set) var numbers: [UInt8] = []
    private(set) var devices: [Int32] = []
    private(set) var documents: [Int32] = []

    var count: Int { numbers.count }

    mutating func append(_ entry: LogEntry, document: Int64, _ tables: LogTables) throws(StoreError) {
        let author: DeviceID?
        switch entry {
        case .revoke(let device, _): author = device
        case .erase(let dot, _, _): author = dot.device
        case .grant, .move, .succession, .key: author = nil
        default: author = entry.decided?.dot.device
        }
        let device: Int64
        if let author {
            if author == lastAuthor?.id, let known = lastAuthor?.number {
                device = known
            } else {
                device = try tables.deviceNumber(author)
                lastAuthor = (author, device)
            }
        } else {
            device = 0
        }
        numbers.append(entry.number)
        devices.append(Int32(truncatingIfNeeded: device))
        documents.append(Int32(truncatingIfNeeded: document))
    }

    private var lastAuthor: (id: DeviceID, number: Int64)?
}
