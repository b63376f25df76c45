// Training sessions: who attends. Names are sealed to the ward, the count is public.

import CommandLineKit
import SyncKit

/// Somebody who attended a session.
struct Attendee {
    /// The name, where the device wrote it or may read it.
    let name: String?
    let notedBy: DeviceID
    let at: HybridTime

    /// Everybody who is noted, in the order of noting.
    static func all(_ state: DocumentState, _ store: any LocalDocuments) -> [Attendee] {
        var attendees: [Attendee] = []
        for slot in state.slots where slot.slot.field == TaskField.attendance {
            for entry in slot.entries where !CBORReader(entry.value).isNull() {
                let name = (try? store.disclosed(entry, slot.slot)) ?? nil
                attendees.append(Attendee(name: name, notedBy: entry.dot.device, at: entry.effective))
            }
        }
        return attendees.sorted { ($0.at, $0.name ?? "") < ($1.at, $1.name ?? "") }
    }
}

extension CommandRun {
    private static let attendeeLimit = 200
    private static let mostNames = 100

    /// `ward task attend ID NAME…`
    func taskAttend() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let work = try taskWork(replica)
        try check(.attend, work)
        let typed = parsed.arguments.dropFirst()
        guard typed.count <= Self.mostNames else {
            throw bad("NAME", String(typed.count), Self.filled(Say.expectChoice.message, String(Self.mostNames)))
        }
        var keys = Set(work.state.slots.compactMap { $0.slot.field == TaskField.attendance ? $0.slot.key : nil })
        var privates: [(slot: Slot, value: String)] = []
        for name in typed {
            let name = try text("NAME", name, limit: Self.attendeeLimit)
            // A random key, so that two who note people at once do not write over each other.
            var key = UInt32.random(in: 1 ... .max)
            while !keys.insert(key).inserted { key = UInt32.random(in: 1 ... .max) }
            privates.append((Slot(field: TaskField.attendance, key: key), name))
        }
        let saved = try attempt { () throws(ReplicaError) in try replica.commit(work.draft, privates: privates) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", work.view.id.hex)
                    json.member("short_id", work.short)
                    json.member("kind", DocumentKind.task.name)
                    json.member("sequence", Int64(clamping: saved.dot.sequence))
                    json.member("added", privates.count)
                    json.member("saved", true)
                    json.member("waiting", true)
                }
            }
            return .ok
        }
        terminal.print(TaskSay.attended.message, work.short, String(privates.count))
        terminal.remark(TaskSay.attendedNames.message)
        terminal.remark(Say.savedWaiting.message)
        return .ok
    }

    /// `ward task attendance ID`
    func taskAttendance() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .task)
        let people = try People(reader, self)
        let attendees = Attendee.all(view.state, reader)
        let named = attendees.filter { $0.name != nil }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("count", attendees.count)
                    json.array("names") { json in
                        for attendee in named {
                            json.object { json in
                                json.member("name", attendee.name)
                                json.member("noted_by", people.programName(attendee.notedBy))
                                json.member("time", LocalTime(attendee.at).iso8601)
                            }
                        }
                    }
                }
            }
            return .ok
        }
        terminal.print(
            TaskSay.attendance.message, ShortID.text(view.id), terminal.say(.attendees, String(attendees.count)))
        if !named.isEmpty {
            var table = Table([
                Table.Column(TaskSay.nameColumn.message, flexible: true), Table.Column(TaskSay.notedBy.message),
            ])
            for attendee in named { table.addRow([attendee.name ?? "", people.name(attendee.notedBy)]) }
            terminal.print(table)
        }
        let sealed = attendees.count - named.count
        if sealed > 0 { terminal.print(TaskSay.attendeesSealed.message, String(sealed)) }
        return .ok
    }
}
