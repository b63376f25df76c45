// Every action on a task in every state, by everybody and with every claim: as the document's tables say, and never
// more than the ward's decision accepts.

import Testing

@testable import SyncKit

@Suite struct TaskActionTests {
    enum Person: Int, CaseIterable {
        case volunteer, lead, officer, admin, auditor, resident, strayVolunteer, strayLead, strayOfficer

        var role: Role {
            switch self {
            case .volunteer, .strayVolunteer: .volunteer
            case .lead, .strayLead: .lead
            case .officer, .strayOfficer: .officer
            case .admin: .admin
            case .auditor: .auditor
            case .resident: .resident
            }
        }

        var isStray: Bool { [.strayVolunteer, .strayLead, .strayOfficer].contains(self) }

        var actor: Actor {
            let areas =
                switch self {
                case .strayVolunteer, .strayLead, .strayOfficer: ["06685.04"]
                case .volunteer, .lead: ["06685.03"]
                case .officer: ["06685"]
                case .admin, .auditor, .resident: [String]()
                }
            return Actor(device: TaskActionTests.device(rawValue), role: role, areas: areas)
        }
    }

    /// What the person's claim is.
    enum Claim: CaseIterable {
        case nobodys, own, others, lost
    }

    static let slot = Slot(field: TaskField.claimant)
    static let area = Slot(field: TaskField.area)
    static let state = Slot(field: Schema.stateField)
    static let maker = Dot(device: DeviceID(Blake2b.hash([90])), sequence: 1)
    static let other = Dot(device: DeviceID(Blake2b.hash([91])), sequence: 1)

    static func key(_ number: Int) -> SigningKey { .generate(random: SeededRandomSource(seed: UInt64(number + 400))) }
    static func device(_ number: Int) -> DeviceID { DeviceID(key(number).publicKey) }

    /// A task in 06685.03 that somebody else made, in a state, with these claims.
    static func task(_ present: UInt8, _ claim: Claim, _ person: Person, kind: String = "training") -> DocumentState? {
        let own = Dot(device: device(person.rawValue), sequence: 1)
        func change(
            _ dot: Dot, _ index: UInt64, _ operation: [SyncKit.Operation], _ values: [CBORValue] = [],
            _ outcome: Outcome = .effective
        ) -> AcceptedChange {
            AcceptedChange(
                dot: dot, kind: .task, position: Position(epoch: 0, index: index), effective: .zero, seen: .start,
                seenDots: [], operations: operation,
                values: values.isEmpty ? nil : ChangeValues(salt: [], values: values.map(\.encoded)),
                outcomes: operation.map { _ in outcome })
        }
        var changes = [
            change(
                maker, 1,
                [.set(area), .set(Slot(field: TaskField.kind)), .set(Slot(field: TaskField.checklist, key: 1))],
                [.text("06685.03"), .text(kind), .text("Cài VNeID")], .none)
        ]
        switch claim {
        case .nobodys: break
        case .own: changes.append(change(own, 2, [.claim(slot)]))
        case .others: changes.append(change(other, 2, [.claim(slot)]))
        case .lost:
            changes.append(change(other, 2, [.claim(slot)]))
            changes.append(change(own, 3, [.claim(slot)], [], .lost))
        }
        let mover = Dot(device: DeviceID(Blake2b.hash([92])), sequence: 1)
        if present != 1 { changes.append(change(mover, 4, [.transition(state, to: present, follows: maker)])) }
        return DocumentState.folding(changes, id: Blake2b.hash([7]), creation: maker)
    }

    // MARK: What the document says

    /// The writers of a field, in the document's words.
    private static func writers(of field: String) -> [String] {
        let row = DataModelDocumentTests.document.rows("fields of task").first { $0.count > 5 && $0[1] == field }
        return words(row?[5] ?? "")
    }

    private static func writers(from: UInt8, to: UInt8) -> [String]? {
        let rows = DataModelDocumentTests.document.rows("steps of task")
        let row = rows.first { row in
            words(row[0]).contains("\(from)") && row[1].split(separator: " ").first == "\(to)"
        }
        return row.map { words($0[2]) }
    }

    private static func words(_ cell: String) -> [String] {
        cell.split(separator: ",").map { String($0).trimmingSpaces }
    }

    /// The steps of the workflow that an action takes, by the document; nil for one that takes none.
    private static func target(_ action: TaskAction) -> UInt8? {
        switch action {
        case .start: 2
        case .done: 3
        case .verify: 4
        case .cancel: 5
        case .sendBack, .reopen: 1
        default: nil
        }
    }

    /// Whether the document lets the person do it; the claim's part is told beside its workflows.
    private static func isAllowed(_ action: TaskAction, _ state: UInt8, _ claim: Claim, _ person: Person) -> Bool {
        let role = person.role.name
        let holdsIt = claim == .own
        if person.isStray { return false }
        if let target = target(action) {
            guard let writers = writers(from: state, to: target), writers.contains(role) else { return false }
            switch action {
            // Sent back is what was done, by those who verify it; a volunteer takes back only what is its own.
            case .sendBack: return state == 3 && role != "volunteer"
            case .reopen: return state != 2 && (role != "volunteer" || holdsIt)
            case .start, .done: return role != "volunteer" || holdsIt
            default: return true
            }
        }
        let isOpen = state == 1 || state == 2
        let isHeld = claim != .nobodys
        let releasers = ["lead", "officer", "admin"]
        switch action {
        case .claim: return isOpen && !isHeld && writers(of: "claimant").contains(role)
        case .release:
            let mayOwn = holdsIt && writers(of: "claimant").contains(role)
            return isOpen && isHeld && (mayOwn || releasers.contains(role))
        case .reassign: return isOpen && isHeld && releasers.contains(role)
        case .assign, .unassign: return isOpen && writers(of: "assignees").contains(role)
        case .edit: return state < 4 && writers(of: "address").contains(role)
        case .note: return writers(of: "notes").contains(role)
        case .visit: return state < 4 && writers(of: "visits").contains(role)
        case .check: return state < 4 && writers(of: "checked").contains(role)
        case .attend: return state < 4 && writers(of: "attendance").contains(role)
        default: return false
        }
    }

    @Test(arguments: TaskAction.allCases)
    func anActionIsPossibleExactlyWhereTheDocumentSaysSo(action: TaskAction) throws {
        #expect(!Self.writers(of: "notes").isEmpty)
        var allowed = 0
        for person in Person.allCases {
            for state in UInt8(1)...5 {
                for claim in Claim.allCases {
                    let task = try #require(Self.task(state, claim, person))
                    let situation = TaskSituation(task, person.actor)
                    let refusal = situation.refusal(of: action)
                    let expected = Self.isAllowed(action, state, claim, person)
                    #expect(
                        (refusal == nil) == expected,
                        "\(person) \(action) in \(state) with \(claim): \(String(describing: refusal))")
                    #expect(situation.possible.contains(action) == (refusal == nil))
                    if refusal == nil { allowed += 1 }
                }
            }
        }
        #expect(allowed > 0)
    }

    @Test(arguments: TaskAction.allCases)
    func whatIsPossibleIsAcceptedByTheWardAndTakesEffect(action: TaskAction) throws {
        for person in Person.allCases {
            for state in UInt8(1)...5 {
                for claim in Claim.allCases {
                    let task = try #require(Self.task(state, claim, person))
                    let situation = TaskSituation(task, person.actor)
                    guard let verdict = try decide(action, situation, person) else { continue }
                    let place = "\(person) \(action) in \(state) with \(claim)"
                    switch verdict {
                    case .accept(let outcomes):
                        let counts = outcomes.allSatisfy { $0 == .none || $0 == .effective }
                        if situation.refusal(of: action) == nil { #expect(counts, "\(place): \(outcomes)") }
                    case .refuse, .hold:
                        #expect(situation.refusal(of: action) != nil, "\(place): \(verdict)")
                    }
                }
            }
        }
    }

    @Test func theReasonNamesWhoHoldsTheTaskAndWhatIsPossible() throws {
        func refusal(_ action: TaskAction, _ state: UInt8, _ claim: Claim, _ person: Person, kind: String = "visit")
            throws -> TaskRefusal?
        {
            let task = try #require(Self.task(state, claim, person, kind: kind))
            return TaskSituation(task, person.actor).refusal(of: action)
        }
        let holder = Self.other.device
        #expect(try refusal(.claim, 1, .own, .volunteer) == .alreadyHeld)
        #expect(try refusal(.claim, 1, .others, .volunteer) == .heldByOther(holder))
        #expect(try refusal(.start, 1, .lost, .volunteer) == .claimLost(holder))
        #expect(try refusal(.done, 2, .nobodys, .volunteer) == .notClaimed)
        #expect(try refusal(.release, 2, .others, .volunteer) == .heldByOther(holder))
        #expect(try refusal(.release, 1, .nobodys, .lead) == .notClaimed)
        #expect(try refusal(.verify, 3, .own, .volunteer) == .notPermitted)
        #expect(try refusal(.verify, 2, .others, .lead) == .wrongStage(.doing))
        #expect(try refusal(.claim, 1, .nobodys, .officer) == .notPermitted)
        #expect(try refusal(.claim, 1, .nobodys, .strayVolunteer) == .outsideArea)
        #expect(try refusal(.verify, 3, .others, .strayLead) == .outsideArea)
        #expect(try refusal(.attend, 1, .own, .volunteer) == .notTraining)
        #expect(try refusal(.cancel, 5, .nobodys, .lead) == .wrongStage(.cancelled))
        let lost = try #require(Self.task(1, .lost, .volunteer, kind: "visit"))
        #expect(TaskSituation(lost, Person.volunteer.actor).possible == [.edit, .note, .visit, .check])
    }

    /// The ward's decision on what the command would send; nil where it sends nothing by itself.
    private func decide(_ action: TaskAction, _ situation: TaskSituation, _ person: Person) throws -> Verdict? {
        let state = situation.state
        var operation: SyncKit.Operation
        var value: CBORValue?
        switch action {
        case .claim: operation = .claim(Self.slot)
        case .release, .reassign:
            guard let holder = situation.holder else { return nil }
            operation = .release(Self.slot, claim: holder.dot, successor: action == .reassign ? holder.dot : nil)
        case .start, .done, .verify, .cancel, .sendBack, .reopen:
            guard let to = Self.target(action) else { return nil }
            operation = .transition(Self.state, to: to, follows: state.present.dot)
        case .assign, .unassign: (operation, value) = (.add(Slot(field: TaskField.assignees)), .bytes([1]))
        case .edit: (operation, value) = (.set(Slot(field: TaskField.address)), .text("Số 12"))
        case .note: (operation, value) = (.append(Slot(field: TaskField.notes)), .text("Hẹn lại"))
        case .visit:
            (operation, value) = (.append(Slot(field: TaskField.visits)), .array([.text("absent"), .text("")]))
        case .check: (operation, value) = (.set(Slot(field: TaskField.checked, key: 1)), .bool(true))
        case .attend:
            operation = .set(Slot(field: TaskField.attendance, key: 7))
            value = .array([.bytes(Bytes(0..<8)), .bytes([1])])
        }
        var draft = ChangeSetDraft(kind: .task, document: state.id)
        draft.operations = [operation]
        draft.values = value.map { [$0.encoded] } ?? []
        draft.isSalted = true
        let change = try draft.signed(
            by: Self.key(person.rawValue), ward: .zero, after: ChainLink(sequence: 8, id: .zero),
            time: HybridTime(seconds: 9, counter: 0), seen: SeenMark(position: Position(epoch: 0, index: 9), root: 0),
            salt: Bytes(repeating: 0, count: 16), scheme: SimulatedScheme())
        let decider = try #require(Decider(change, actor: person.actor, state: state))
        return decider.decide { _ in (nil, false) }
    }
}
