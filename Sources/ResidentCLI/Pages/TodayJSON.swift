// One person's day for programs, with stable keys.

import CommandLineKit
import SyncKit

extension TodayPage {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("role", facts.role.name)
            json.member("name", facts.name.isEmpty ? nil : facts.name)
            json.member("areas", facts.areas)
            json.member("now", LocalTime(seconds: facts.now).iso8601)
            json.member("last_sync", facts.lastSync.map { LocalTime(seconds: $0).iso8601 })
            json.member("skew_seconds", facts.lastSync == nil ? nil : facts.skewSeconds)
            json.object("waiting") { json in
                for item in facts.waiting { json.member(item.kind.name, item.count) }
            }
            json.array("alerts") { json in
                for alert in facts.alerts {
                    json.object { json in
                        json.member("id", alert.id.hex)
                        json.member("title", alert.title)
                        json.member("kind", alert.category)
                        json.member("level", alert.level)
                        json.member("until", alert.validUntil.map { LocalTime(seconds: $0).iso8601 })
                    }
                }
            }
            json.array("attention") { json in
                for notice in facts.notices { write(notice, to: &json) }
            }
            write("mine", facts.mine, .task, to: &json)
            write("free", facts.free, .task, to: &json)
            json.member("free_total", facts.freeSoon)
            write("to_verify", facts.verify, .task, to: &json)
            json.member("to_verify_total", facts.verifyCount)
            if let team = facts.team { json.member("without_team", team.withoutTeam.map(\.code)) }
            json.object("reports") { json in
                for (state, count) in facts.reportCounts.sorted(by: { $0.key < $1.key }) {
                    json.member(WorkflowRules.name(.report, state), count)
                }
            }
            json.member("open_lookups", facts.openLookups)
            write("own_reports", facts.ownReports, .report, to: &json)
            write("own_lookups", facts.ownLookups, .lookup, to: &json)
        }
    }

    private func write(_ name: String, _ rows: [DocumentRow], _ kind: DocumentKind, to json: inout JSONWriter) {
        json.array(name) { json in
            for row in rows {
                json.object { json in
                    json.member("id", row.id.hex)
                    json.member("short_id", ShortID.text(row.id))
                    json.member("title", row.listing.title)
                    json.member("state", WorkflowRules.name(kind, row.listing.status))
                    json.member("area", row.listing.area)
                    guard kind == .task else { return }
                    let due = TaskOrder.due(row.listing.sort)
                    json.member("due", due.map { LocalTime(seconds: $0).iso8601 })
                    json.member("overdue", due.map { $0 < facts.now } ?? false)
                    json.member("priority", TaskOrder.priority(row.listing.sort))
                    json.member("holder", row.listing.holder.map(people.programName))
                }
            }
        }
    }

    private func write(_ item: TodayFacts.Notice, to json: inout JSONWriter) {
        json.object { json in
            let (kind, row): (String, DocumentRow?) =
                switch item {
                case .conflict(let row): ("conflict", row)
                case .claimLost(let row, _): ("claim_lost", row)
                case .sentBack(let row, _): ("sent_back", row)
                case .notAccepted: ("not_accepted", nil)
                case .question(let row, _): ("question", row)
                case .answered(let row): ("answered", row)
                case .decided: ("decided", nil)
                case .grantEnds: ("grant_ends", nil)
                case .revoked: ("revoked", nil)
                }
            json.member("what", kind)
            json.member("text", notice(item))
            if let row {
                json.member("id", row.id.hex)
                json.member("short_id", ShortID.text(row.id))
            } else if case .decided(let decision) = item {
                DecisionText(decision, people).write(to: &json)
            } else if case .notAccepted(let problem) = item {
                json.member("id", problem.document.hex)
                json.member("short_id", ShortID.text(problem.document))
            }
        }
    }
}
