// The team's coverage: which neighborhood has whom, how far its tasks are, who is active.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward team`, `ward task coverage`
    func team() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let grant = try attempt { () throws(ReplicaError) in try reader.grant() }
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        guard let grant, [.lead, .officer, .admin, .auditor].contains(grant.role) else {
            throw ErrorReport(
                .refused, code: "rule.notPermitted", happened: DaySay.notForYou.with(), loss: .nothingChanged,
                next: DaySay.notForYouNext.with())
        }
        var areas = grant.role == .admin || grant.role == .auditor ? [ward] : grant.areas
        if let given = parsed.option("area") { areas = [try area("--area", given, ward: ward)] }
        let asked = areas
        let now = time.nowSeconds()
        let facts = try attempt { () throws(ReplicaError) in try TeamFacts(reader, areas: asked, now: now) }
        if terminal.isJSON {
            terminal.printJSON { json in write(facts, to: &json) }
        } else {
            print(facts, now: now)
        }
        return .ok
    }

    private func print(_ facts: TeamFacts, now: Int64) {
        let values = ValueText(terminal: terminal)
        func seen(_ seconds: Int64?) -> String {
            seconds.map { values.ago($0, now: now) } ?? terminal.say(.never)
        }
        var units = Table([
            Table.Column(DaySay.unit.message, minimum: 10, flexible: true),
            Table.Column(DaySay.leads.message, right: true), Table.Column(DaySay.volunteers.message, right: true),
            Table.Column(DaySay.lastActive.message), Table.Column(DaySay.open.message, right: true),
            Table.Column(DaySay.doing.message, right: true), Table.Column(DaySay.doneThisWeek.message, right: true),
            Table.Column(DaySay.toVerify.message, right: true), Table.Column(DaySay.overdueCount.message, right: true),
        ])
        for unit in facts.units {
            units.add(unit.code == unit.name ? unit.code : unit.code + " " + unit.name)
            units.add(String(unit.leads))
            units.add(String(unit.volunteers))
            if unit.hasTeam { units.add(seen(unit.lastActive)) } else { units.add(terminal.say(.noTeam), .yellow) }
            for count in [
                unit.work.open, unit.work.claimed + unit.work.doing, unit.doneThisWeek, unit.work.waitsForVerification,
                unit.work.overdue,
            ] {
                units.add(String(count))
            }
        }
        terminal.print(units)
        if facts.people.isEmpty { return }
        terminal.print("")
        terminal.print(terminal.styled(terminal.say(.members), .bold))
        var people = Table([
            Table.Column(DaySay.person.message, minimum: 8, flexible: true), Table.Column(Say.device.message),
            Table.Column(DaySay.role.message), Table.Column(Say.areas.message, maximum: 24),
            Table.Column(DaySay.lastActive.message), Table.Column(DaySay.holds.message, right: true),
            Table.Column(DaySay.doneThisWeek.message, right: true), Table.Column(Say.marks.message),
        ])
        for person in facts.people {
            let member = person.member
            people.addRow([
                member.name, ShortID.text(member.device.digest), terminal.word(RoleWord.message(member.role)),
                member.areas.joined(separator: ", "), seen(member.lastActive), String(person.holds),
                String(person.doneThisWeek), person.isActive ? terminal.say(.active) : terminal.say(.idle),
            ])
        }
        terminal.print(people)
    }

    private func write(_ facts: TeamFacts, to json: inout JSONWriter) {
        json.object { json in
            json.array("neighborhoods") { json in
                for unit in facts.units {
                    json.object { json in
                        json.member("code", unit.code)
                        json.member("name", unit.name)
                        json.member("has_team", unit.hasTeam)
                        json.member("leads", unit.leads)
                        json.member("volunteers", unit.volunteers)
                        json.member("last_active", unit.lastActive.map { LocalTime(seconds: $0).iso8601 })
                        json.member("open", unit.work.open)
                        json.member("claimed", unit.work.claimed)
                        json.member("doing", unit.work.doing)
                        json.member("done_this_week", unit.doneThisWeek)
                        json.member("to_verify", unit.work.waitsForVerification)
                        json.member("overdue", unit.work.overdue)
                    }
                }
            }
            json.array("people") { json in
                for person in facts.people {
                    json.object { json in
                        json.member("name", person.member.name)
                        json.member("device", person.member.device.digest.hex)
                        json.member("role", person.member.role.name)
                        json.member("areas", person.member.areas)
                        json.member("last_active", person.member.lastActive.map { LocalTime(seconds: $0).iso8601 })
                        json.member("active", person.isActive)
                        json.member("holds", person.holds)
                        json.member("done_this_week", person.doneThisWeek)
                    }
                }
            }
            json.member("without_team", facts.withoutTeam.map(\.code))
        }
    }
}
