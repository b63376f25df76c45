// What a team covers: neighborhoods, who works in them, how far their tasks are, who is active.

import SyncKit

/// The team and its work as a device knows them.
struct TeamFacts {
    /// A neighborhood with its team and its tasks.
    struct Unit {
        let code: String
        let name: String
        let leads: Int
        let volunteers: Int
        let lastActive: Int64?
        let work: AreaWork
        let doneThisWeek: Int

        var hasTeam: Bool { leads + volunteers > 0 }
    }

    struct Person {
        let member: Member
        let holds: Int
        let doneThisWeek: Int
        let isActive: Bool
    }

    /// How long somebody who did nothing still counts as active, in seconds.
    static let activeSeconds: Int64 = 7 * 86_400

    let units: [Unit]
    let people: [Person]

    var withoutTeam: [Unit] { units.filter { !$0.hasTeam } }

    /// - Parameter areas: what to look at: the areas of the grant, or one of them.
    init(_ store: some LocalDocuments, areas: [String], now: Int64) throws(ReplicaError) {
        let members = try store.members().filter {
            AreaCode.anyCovers(areas, $0.areas) || AreaCode.anyCovers($0.areas, areas)
        }
        let work = try store.workByArea(now: now)
        let finished = try store.finishedTasks(since: Self.weekStart(now))
        let held = try store.heldTasks()
        let team = members.filter { $0.role == .volunteer || $0.role == .lead }
        units = try Self.codes(store, areas, team, work, now: now).map { code, name in
            let here = team.filter { AreaCode.anyCovers($0.areas, [code]) }
            var sum = AreaWork(area: code)
            for item in work where AreaCode.covers(code, item.area) {
                sum.open += item.open
                sum.claimed += item.claimed
                sum.doing += item.doing
                sum.waitsForVerification += item.waitsForVerification
                sum.overdue += item.overdue
            }
            return Unit(
                code: code, name: name, leads: here.filter { $0.role == .lead }.count,
                volunteers: here.filter { $0.role == .volunteer }.count,
                lastActive: here.compactMap(\.lastActive).max(), work: sum,
                doneThisWeek: finished.filter { AreaCode.covers(code, $0.area) }.count)
        }
        people = members.map { member in
            Person(
                member: member, holds: held[member.device] ?? 0,
                doneThisWeek: finished.filter { $0.by == member.device }.count,
                isActive: member.lastActive.map { now - $0 <= Self.activeSeconds } ?? false)
        }
    }

    /// The neighborhoods of these areas; where the areas themselves are not known yet, those that are mentioned.
    private static func codes(
        _ store: some LocalDocuments, _ areas: [String], _ team: [Member], _ work: [AreaWork], now: Int64
    ) throws(ReplicaError) -> [(code: String, name: String)] {
        var found: [(code: String, name: String)] = []
        for area in areas {
            var units = try store.units(of: area, at: now)
            if units.isEmpty, area.utf8.contains(UInt8(ascii: ".")) {
                let ward = String(area.prefix { $0 != "." })
                units = try store.units(of: ward, at: now).filter { $0.code == area }
                if units.isEmpty { units = [(area, area)] }
            }
            found += units.filter { unit in !found.contains { $0.code == unit.code } }
        }
        if !found.isEmpty { return found }
        let mentioned = Set(team.flatMap(\.areas) + work.map(\.area)).filter { code in
            code.utf8.contains(UInt8(ascii: ".")) && AreaCode.anyCovers(areas, [code])
        }
        return mentioned.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map { ($0, $0) }
    }

    /// The beginning of the week's Monday.
    static func weekStart(_ now: Int64) -> Int64 {
        let date = LocalTime(seconds: now).date
        return date.startSeconds() - Int64(Weekday(date).rawValue) * 86_400
    }
}
