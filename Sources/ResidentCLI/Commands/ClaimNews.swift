// What a sync brought for the claims of this device: who holds now what the person claimed.

import CommandLineKit
import SyncKit

/// A task that the person held, or thought to hold, before a sync and does not hold after it.
struct ClaimNews {
    enum What: String {
        /// Another claim came first.
        case lost
        /// Somebody gave the task to another person.
        case handedOver = "handed_over"
        /// Somebody ended the claim, and nobody holds the task.
        case freed
    }

    let id: Digest
    let title: String
    let what: What
    let holder: DeviceID?

    /// The tasks that the device holds, to be compared after the sync.
    static func held(_ replica: Replica) throws(ReplicaError) -> [DocumentRow] {
        let own = try replica.otherDevices().union([replica.device])
        return try replica.ownTasks().filter { $0.listing.holder.map(own.contains) ?? false }
    }

    /// What came of them.
    static func after(_ held: [DocumentRow], _ replica: Replica) throws(ReplicaError) -> [ClaimNews] {
        var news: [ClaimNews] = []
        let own = try replica.otherDevices().union([replica.device])
        for row in held {
            guard let state = try replica.document(row.id)?.state else { continue }
            let holder = state.holder(TaskField.claimant)?.dot.device
            if holder.map(own.contains) ?? false { continue }
            let isLate =
                state.entries(TaskField.claimant).last {
                    $0.action == .claim && own.contains($0.dot.device)
                }?.outcome == .lost
            news.append(
                ClaimNews(
                    id: row.id, title: row.listing.title,
                    what: holder == nil ? .freed : isLate ? .lost : .handedOver, holder: holder))
        }
        return news
    }

    func print(_ people: People) {
        let name = holder.map(people.name) ?? ""
        let say: TaskSay =
            switch what {
            case .lost: .lostNews
            case .handedOver: .takenNews
            case .freed: .freedNews
            }
        people.terminal.print(say.message, ShortID.text(id), title, name)
    }

    func write(_ people: People, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id.hex)
            json.member("short_id", ShortID.text(id))
            json.member("title", title)
            json.member("what", what.rawValue)
            json.member("holder", holder.map(people.programName))
        }
    }
}
