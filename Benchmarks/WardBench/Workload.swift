// The field workload as it stands in its JSON file, in the terms of the schema.

import Foundation
import SyncKit

/// The workload: reports known to everyone, and each device's offline edits.
struct Workload {
    struct Report {
        let id: String
        let neighborhood: Int
        let fields: [String: String]
    }

    struct Edit {
        let report: String
        let field: String
        let value: String
    }

    struct Device {
        let neighborhood: Int
        let edits: [Edit]
    }

    let base: [Report]
    let devices: [Device]

    var size: [Int] { [base.count, devices.count, devices.first?.edits.count ?? 0] }
    var editCount: Int { devices.reduce(0) { $0 + $1.edits.count } }

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard let top = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let base = top["base"] as? [[String: Any]], let devices = top["devices"] as? [[String: Any]]
        else { throw BenchError.badWorkload }
        self.base = try base.map { item in
            guard let id = item["id"] as? String, let neighborhood = item["neighborhood"] as? Int,
                let fields = item["fields"] as? [String: Any]
            else { throw BenchError.badWorkload }
            return Report(id: id, neighborhood: neighborhood, fields: fields.compactMapValues { $0 as? String })
        }
        self.devices = try devices.map { item in
            guard let neighborhood = item["neighborhood"] as? Int, let ops = item["ops"] as? [[String]] else {
                throw BenchError.badWorkload
            }
            return Device(
                neighborhood: neighborhood,
                edits: ops.map { Edit(report: $0[0], field: $0[1], value: $0[2]) })
        }
    }
}

enum BenchError: Error {
    case badWorkload
    case usage
    case failed(String)
}

extension Workload.Edit {
    /// The edit as an operation of the schema. The peers treat `status` and `assignee` as plain registers; here they
    /// are the registers `urgency` and `agency`, so that all three do the same work.
    var operation: SyncKit.Operation {
        switch field {
        case "status": .set(Slot(field: ReportField.urgency))
        case "assignee": .set(Slot(field: ReportField.agency))
        case "description": .set(Slot(field: ReportField.description))
        case "category": .set(Slot(field: ReportField.category))
        default: .append(Slot(field: ReportField.comments))
        }
    }
}

extension Workload.Report {
    /// The change set that files the report.
    var draft: ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text(fields["category"] ?? ""))
        draft.perform(.set(Slot(field: ReportField.title)), .text(fields["title"] ?? ""))
        draft.perform(.set(Slot(field: ReportField.description)), .text(fields["description"] ?? ""))
        draft.perform(.set(Slot(field: ReportField.area)), .text(areaCode(neighborhood)))
        draft.perform(.set(Slot(field: ReportField.urgency)), .text("normal"))
        return draft
    }
}

func areaCode(_ neighborhood: Int) -> String { "06685." + (neighborhood < 10 ? "0" : "") + String(neighborhood) }
