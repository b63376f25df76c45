// The day's work on one page.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let todayLines: Int64 = 5

    /// `ward today`
    func today() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let grant = try attempt { () throws(ReplicaError) in try reader.grant() }
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        var near: String?
        if let given = parsed.option("area") { near = try area("--area", given, ward: ward) }
        let place = near
        let now = time.nowSeconds()
        let facts = try attempt { () throws(ReplicaError) in
            try TodayFacts(reader, device: reader.device, grant: grant, ward: ward, near: place, now: now)
        }
        let page = TodayPage(
            facts: facts, people: try People(reader, self), terminal: terminal,
            limit: Int(parsed.integer("limit") ?? Self.todayLines))
        if terminal.isJSON { terminal.printJSON { json in page.write(to: &json) } } else { page.print() }
        return .ok
    }
}
