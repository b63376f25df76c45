// A second evaluator of who may do what, from the domain's table in docs/data-model.md and from nothing in the code.

@testable import SyncKit

/// The domain's table, and which action of it each operation on each field is.
struct DomainTable {
    /// For each action, the cell of each role in the order of the roles' numbers.
    private let rows: [String: [String]]

    init() {
        var rows: [String: [String]] = [:]
        for row in MarkdownTables(path: "docs/data-model.md").rows("who may do what") {
            rows[row[0]] = Array(row.dropFirst())
        }
        self.rows = rows
    }

    enum Answer: Hashable {
        case yes, no, outsideArea
    }

    /// What is done: filing, or something to a field of a document that is there.
    enum Doing {
        case file
        case write
        case step(from: String, to: String)
        case claim
        case releaseOwn
        case releaseOther
        case settle
    }

    func answer(_ actor: Actor, _ kind: String, author: DeviceID, areas: [String], _ doing: Doing, _ field: String)
        -> Answer
    {
        guard let action = Self.action(kind, doing, field), let cells = rows[action] else { return .no }
        let cell = cells[Int(actor.role.rawValue) - 1]
        let isEverywhere = ["procedure", "place", "notice", "alert", "area", "publication", "settings"].contains(kind)
        if cell.contains("all") { return .yes }
        if cell.contains("own"), actor.device == author { return .yes }
        guard cell.contains("area") else { return .no }
        return isEverywhere || Self.isInside(areas, of: actor.areas) ? .yes : .outsideArea
    }

    /// Whether one of the areas is one of the actor's or lies in it.
    private static func isInside(_ areas: [String], of own: [String]) -> Bool {
        areas.contains { area in
            var parts = Array(area.split(separator: ".", omittingEmptySubsequences: false))
            while !parts.isEmpty {
                if own.contains(parts.joined(separator: ".")) { return true }
                parts.removeLast()
            }
            return false
        }
    }

    // MARK: Which action it is

    private static func action(_ kind: String, _ doing: Doing, _ field: String) -> String? {
        switch doing {
        case .file: filing(kind)
        case .write: writing(kind, field)
        case .step(let from, let to): stepping(kind, from, to)
        case .claim: kind == "task" && field == "claimant" ? "claim and do a task" : nil
        case .releaseOwn: kind == "task" && field == "claimant" ? "give one's own claim back" : nil
        case .releaseOther: kind == "task" && field == "claimant" ? "take a claim away" : nil
        case .settle: settling(kind, field)
        }
    }

    private static func filing(_ kind: String) -> String? {
        switch kind {
        case "report": "file a report"
        case "task": "create, verify a task"
        case "lookup": "look up a dossier"
        case "place", "notice", "alert": "tell everybody something"
        case "follow", "rating": "follow by a code, rate by a code"
        case "settings": "configure"
        case "order": "give an order"
        case "procedure", "area", "publication", "progress": "import, publish, show progress"
        default: nil
        }
    }

    private static func writing(_ kind: String, _ field: String) -> String? {
        switch kind {
        case "report":
            switch field {
            case "category", "title", "description", "area", "address", "location", "urgency", "source",
                "reporter_name", "reporter_phone", "followers", "visibility", "file_keys":
                "follow up on a report"
            case "comments", "attachments": "comment"
            case "received": "import, publish, show progress"
            case "code_hash": "keep the mark of the look-up code"
            case "tags": "tag a report"
            case "proposals": "propose or flag"
            case "rating", "rating_comment": "rate"
            case "duplicate_of": "link a duplicate or take it up again"
            case "agency", "due", "result", "resolution", "public_title", "public_text",
                "rating_code_hash", "question", "public_photos":
                "decide on a report"
            default: nil
            }
        case "task":
            switch field {
            case "title", "area", "kind", "due", "priority", "report", "starts":
                "create, verify a task"
            case "assignees": "assign a task"
            case "checked", "visits", "result", "attendance": "claim and do a task"
            case "address", "household", "checklist", "notes", "lookup", "contact", "attachments", "file_keys":
                "add to a task"
            case "received": "import, publish, show progress"
            default: nil
            }
        case "lookup":
            switch field {
            case "answer": "answer a look-up"
            case "received": "import, publish, show progress"
            default: "write the question"
            }
        case "place", "notice", "alert": "tell everybody something"
        case "procedure", "area", "publication", "progress": "import, publish, show progress"
        case "settings": "configure"
        case "follow":
            field == "code_hash" ? "write the follow or the rating" : "import, publish, show progress"
        case "order": ["status", "why", "entry"].contains(field) ? "import, publish, show progress" : nil
        case "rating": field == "status" ? "import, publish, show progress" : "write the follow or the rating"
        default: nil
        }
    }

    private static func stepping(_ kind: String, _ from: String, _ to: String) -> String? {
        if kind == "task", from == "cancelled" { return "create, verify a task" }
        return switch (kind, to) {
        case ("report", "reopened"): "reopen"
        case ("report", "rated"): "rate"
        case ("report", "duplicate"), ("report", "received"): "link a duplicate or take it up again"
        case ("report", _): "decide on a report"
        case ("task", "doing"), ("task", "done"): "claim and do a task"
        case ("task", "open"): "give a task back"
        case ("task", _): "create, verify a task"
        case ("lookup", _): "answer a look-up"
        default: nil
        }
    }

    private static func settling(_ kind: String, _ field: String) -> String? {
        if kind == "task" { return "settle something of a task" }
        if kind == "order" { return nil }
        switch (kind, field) {
        case (_, "state"): return "settle something else"
        case ("report", "rating"), ("report", "rating_comment"): return "settle what an author may write"
        default: break
        }
        let written = writing(kind, field) ?? ""
        let byAuthor = [
            "follow up on a report", "keep the mark of the look-up code", "write the question",
            "write the follow or the rating",
        ]
        return byAuthor.contains(written) ? "settle what an author may write" : "settle something else"
    }
}
