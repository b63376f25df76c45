// Who may do what: the table of the domain, decided by the real decider.

import Testing

@testable import SyncKit

@Suite struct PermissionTests {
    /// Who acts, in the order of the columns below.
    enum Person: Int, CaseIterable {
        case author, resident, volunteer, lead, officer, admin, auditor, ward, strayVolunteer, strayLead

        var role: Role {
            switch self {
            case .author, .resident: .resident
            case .volunteer, .strayVolunteer: .volunteer
            case .lead, .strayLead: .lead
            case .officer: .officer
            case .admin: .admin
            case .auditor: .auditor
            case .ward: .ward
            }
        }

        var areas: [String] {
            switch self {
            case .author, .resident: []
            case .strayVolunteer, .strayLead: ["06685.04"]
            case .volunteer, .lead: ["06685.03"]
            case .officer, .admin, .auditor, .ward: ["06685"]
            }
        }
    }

    /// One action: on what it is done, and what comes of it for each person.
    struct Action: Sendable, CustomStringConvertible {
        let name: String
        let kind: DocumentKind
        /// The state that the document is in; `nil` for a creation.
        let state: UInt8?
        let operation: SyncKit.Operation
        let value: CBORValue?
        /// One letter a person: y = accepted, n = not permitted, a = outside of the area, s = step not allowed.
        let expected: String

        var description: String { name }
    }

    static let slot = Slot(field: Schema.stateField)
    static let creation = Dot(device: device(.author), sequence: 1)
    /// What every document below was moved by to its present state.
    static let moved = Dot(device: DeviceID(Blake2b.hash([99])), sequence: 1)
    static let claim = Dot(device: DeviceID(Blake2b.hash([98])), sequence: 1)

    static func step(_ name: String, _ kind: DocumentKind, _ from: UInt8, _ to: UInt8, _ expected: String) -> Action {
        Action(
            name: name, kind: kind, state: from, operation: .transition(slot, to: to, follows: moved), value: nil,
            expected: expected)
    }

    static func write(
        _ name: String, _ kind: DocumentKind, _ operation: SyncKit.Operation, _ value: CBORValue?, _ expected: String
    ) -> Action {
        Action(name: name, kind: kind, state: 1, operation: operation, value: value, expected: expected)
    }

    static func create(_ name: String, _ kind: DocumentKind, _ area: UInt8, _ expected: String) -> Action {
        let value = CBORValue.text(kind == .notice ? "Thông báo" : "06685.03")
        return Action(
            name: name, kind: kind, state: nil, operation: .set(Slot(field: area)), value: value, expected: expected)
    }

    static func settle(_ name: String, _ kind: DocumentKind, _ field: UInt8, _ chosen: CBORValue, _ expected: String)
        -> Action
    {
        write(
            name, kind, .resolve(Slot(field: field), settled: [creation]), .array([chosen, .text("đã hỏi")]), expected)
    }

    static let text = CBORValue.text("Đèn hỏng")

    //                                    author, resident, volunteer, lead, officer, admin, auditor, ward, two strays
    static let actions: [Action] = [
        create("file a report", .report, ReportField.area, "yyyyynnnaa"),
        create("look up a dossier", .lookup, LookupField.area, "yyyyynnnaa"),
        create("create a task", .task, TaskField.area, "nnnyynnnna"),
        create("write a notice", .notice, 1, "nnnnynnynn"),
        create("import an area", .area, 1, "nnnnnnnynn"),
        write("follow up on a report", .report, .set(Slot(field: ReportField.title)), text, "ynyyynnnaa"),
        write("comment", .report, .append(Slot(field: ReportField.comments)), text, "ynyyynnnaa"),
        write("tag", .report, .add(Slot(field: ReportField.tags)), text, "nnyyynnnaa"),
        step("classify", .report, 1, 2, "nnnnynnnnn"),
        step("assign to an agency", .report, 2, 3, "nnnnynnnnn"),
        write("name the agency", .report, .set(Slot(field: ReportField.agency)), text, "nnnnynnnnn"),
        write("set the due date", .report, .set(Slot(field: ReportField.due)), .unsigned(5), "nnnnynnnnn"),
        step("resolve", .report, 4, 6, "nnnnynnnnn"),
        write("write the result", .report, .set(Slot(field: ReportField.result)), text, "nnnnynnnnn"),
        step("publish", .report, 6, 7, "nnnnynnnnn"),
        step("reject", .report, 1, 10, "nnnnynnnnn"),
        step("mark as a duplicate", .report, 1, 11, "nnnnyynnnn"),
        step("take a duplicate up again", .report, 11, 1, "nnnnyynnnn"),
        step("reopen", .report, 6, 9, "ynnnynnnnn"),
        step("rate", .report, 7, 8, "ynnnnnnynn"),
        step("rate twice", .report, 8, 8, "ssssssssss"),
        step("publish what is not resolved", .report, 1, 7, "ssssssssss"),
        // Somebody else made these tasks.
        write("claim a task", .task, .claim(Slot(field: TaskField.claimant)), nil, "nnyynnnnaa"),
        step("do a task without a claim", .task, 1, 2, "nnsynnnnaa"),
        step("finish a task without a claim", .task, 2, 3, "nnsynnnnaa"),
        step("verify a task", .task, 3, 4, "nnnyynnnna"),
        step("cancel a task", .task, 1, 5, "nnnyynnnna"),
        write("assign a task", .task, .add(Slot(field: TaskField.assignees)), .bytes([1]), "nnnyyynnna"),
        write("tick the checklist", .task, .set(Slot(field: TaskField.checked, key: 1)), .bool(true), "nnyynnnnaa"),
        write(
            "note a visit", .task, .append(Slot(field: TaskField.visits)), .array([.text("met"), text]), "nnyynnnnaa"),
        write(
            "take a claim away", .task, .release(Slot(field: TaskField.claimant), claim: claim, successor: nil), nil,
            "nnnyyynnna"),
        step("answer a look-up", .lookup, 1, 2, "nnnnynnynn"),
        settle("settle one's own title", .report, ReportField.title, text, "ynnnyynnnn"),
        settle("settle an agency", .report, ReportField.agency, text, "nnnnyynnnn"),
        settle("settle a task's title", .task, TaskField.title, text, "nnnyyynnna"),
        settle("settle claims", .task, TaskField.claimant, .null, "nnnyyynnna"),
        settle("settle a crossing", .report, ReportField.state, .null, "nnnnyynnnn"),
    ]

    @Test(arguments: actions) func whoMayDoWhat(action: Action) throws {
        var found = ""
        for person in Person.allCases {
            switch try verdict(action, person) {
            case .accept: found += "y"
            case .refuse(.notPermitted): found += "n"
            case .refuse(.outsideArea): found += "a"
            case .refuse(.stepNotAllowed): found += "s"
            case .refuse, .hold: found += "?"
            }
        }
        #expect(found == action.expected, "\(action.name)")
    }

    /// The rule of values: what does not fit its field is refused, to the byte.
    static let values: [(UInt8, CBORValue, RefusalCode?)] = [
        (ReportField.title, .text(String(repeating: "a", count: 400)), nil),
        (ReportField.title, .text(String(repeating: "a", count: 401)), .wrongValue),
        (ReportField.description, .text(String(repeating: "a", count: 16_384)), nil),
        (ReportField.description, .text(String(repeating: "a", count: 16_385)), .wrongValue),
        (ReportField.category, .text(String(repeating: "a", count: 64)), nil),
        (ReportField.category, .text(String(repeating: "a", count: 65)), .wrongValue),
        (ReportField.title, .null, nil), (ReportField.title, .unsigned(1), .wrongValue),
        (ReportField.title, .bytes([65]), .wrongValue), (ReportField.area, .text("06685/03"), .wrongValue),
        (ReportField.area, .text(""), .wrongValue), (ReportField.due, .text("mai"), .wrongValue),
        (ReportField.location, .array([.unsigned(209_500_000), .unsigned(1_070_800_000), .unsigned(10)]), nil),
        (ReportField.location, .array([.unsigned(900_000_001), .unsigned(0), .unsigned(0)]), .wrongValue),
        (ReportField.location, .array([.unsigned(0), .unsigned(0)]), .wrongValue),
        (ReportField.reporterName, .array([.bytes(Bytes(0..<8)), .bytes([1])]), nil),
        (ReportField.reporterName, .text("Nguyễn Văn An"), .wrongValue),
        (ReportField.comments, .text("còn hỏng"), nil), (ReportField.comments, .null, .wrongValue),
        (ReportField.tags, .null, .wrongValue),
    ]

    @Test(arguments: values.indices) func aValueFitsItsFieldOrIsRefused(index: Int) throws {
        let (field, value, code) = Self.values[index]
        let operation: SyncKit.Operation =
            switch Schema.field(.report, field)?.merge {
            case .log: .append(Slot(field: field))
            case .set: .add(Slot(field: field))
            default: .set(Slot(field: field))
            }
        let verdict = try verdict(Self.write("write", .report, operation, value, ""), .officer)
        #expect(verdict == code.map { .refuse($0) } ?? .accept([]))
    }

    @Test func operationsThatDoNotFitTheirFieldAreRefused() throws {
        let title = Slot(field: ReportField.title)
        let other = Dot(device: Self.creation.device, sequence: 77)
        let rows: [(SyncKit.Operation, CBORValue?, Verdict)] = [
            (.add(title), Self.text, .refuse(.wrongOperation)), (.claim(title), nil, .refuse(.wrongOperation)),
            (.set(Slot(field: ReportField.tags)), Self.text, .refuse(.wrongOperation)),
            (.set(Slot(field: ReportField.title, key: 0)), Self.text, .refuse(.wrongOperation)),
            (.set(Slot(field: 200)), Self.text, .hold(.newerSchema)),
            (.transition(Self.slot, to: 2, follows: other), nil, .hold(.missingReference)),
            (.link(Slot(field: ReportField.duplicateOf), target: .zero), nil, .hold(.missingReference)),
            (.resolve(title, settled: []), .array([Self.text, Self.text]), .refuse(.wrongValue)),
            (.resolve(title, settled: [other]), .array([Self.text, .null]), .refuse(.wrongValue)),
            (.resolve(title, settled: [other]), Self.text, .refuse(.wrongValue)),
            (
                .resolve(Self.slot, settled: [other]), .array([.bytes(Bytes(repeating: 0, count: 5000)), Self.text]),
                .refuse(.wrongValue)
            ),
            (
                .resolve(Slot(field: ReportField.tags), settled: [other]), .array([Self.text, Self.text]),
                .refuse(.wrongOperation)
            ),
        ]
        for (operation, value, expected) in rows {
            #expect(try verdict(Self.write("odd", .report, operation, value, ""), .officer) == expected)
        }
    }

    @Test func anAreaCoversItselfAndWhatLiesInIt() {
        #expect(AreaCode.covers("06685", "06685") && AreaCode.covers("06685", "06685.03"))
        for (outer, inner) in [("06685", "066851"), ("06685.03", "06685"), ("06685.03", "06685.031"), ("", "06685")] {
            #expect(AreaCode.covers(outer, inner) == false)
        }
    }

    private static func device(_ person: Person) -> DeviceID { DeviceID(key(person).publicKey) }

    private static func key(_ person: Person) -> SigningKey {
        SigningKey.generate(random: SeededRandomSource(seed: UInt64(person.rawValue)))
    }

    private func verdict(_ action: Action, _ person: Person) throws -> Verdict {
        let state = action.state.flatMap { self.state(action.kind, $0) }
        var draft = ChangeSetDraft(kind: action.kind, document: state == nil ? nil : Blake2b.hash([7]))
        draft.operations = [action.operation]
        draft.values = action.value.map { [$0.encoded] } ?? []
        draft.isSalted = true
        let change = try draft.signed(
            by: Self.key(person), ward: .zero, after: .start, time: HybridTime(seconds: 9, counter: 0),
            seen: SeenMark(position: .start, root: 0), salt: Bytes(repeating: 0, count: 16), scheme: SimulatedScheme())
        let actor = Actor(device: Self.device(person), role: person.role, areas: person.areas)
        let decider = try #require(Decider(change, actor: actor, state: state))
        return decider.decide { _ in (nil, false) }
    }

    /// A document of the author's in 06685.03, moved to a state; a task that somebody else claimed and gave back.
    private func state(_ kind: DocumentKind, _ state: UInt8) -> DocumentState? {
        let area = Slot(field: Schema.areaField(of: kind) ?? 1)
        func change(_ dot: Dot, _ index: UInt64, _ operations: [SyncKit.Operation], _ values: [CBORValue] = [])
            -> AcceptedChange
        {
            AcceptedChange(
                dot: dot, kind: kind, position: Position(epoch: 0, index: index), effective: .zero, seen: .start,
                seenDots: [], operations: operations,
                values: values.isEmpty ? nil : ChangeValues(salt: [], values: values.map(\.encoded)),
                outcomes: operations.map { _ in .effective })
        }
        // Tasks are not filed by residents.
        let author = kind == .task ? Dot(device: Self.moved.device, sequence: 9) : Self.creation
        var changes = [
            change(author, 1, [.set(area)], [.text("06685.03")]),
            change(Self.moved, 2, [.transition(Self.slot, to: state, follows: author)]),
        ]
        if kind == .task {
            let claimant = Slot(field: TaskField.claimant)
            changes.append(change(Self.claim, 3, [.claim(claimant)]))
            changes.append(
                change(
                    Dot(device: Self.claim.device, sequence: 2), 4,
                    [.release(claimant, claim: Self.claim, successor: nil)]))
        }
        return DocumentState.folding(changes, id: Blake2b.hash([7]), creation: author)
    }
}
