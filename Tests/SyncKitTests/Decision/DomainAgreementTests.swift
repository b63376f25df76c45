// The program and the domain's table agree on who may do what: every case of a small world, and random ones.

import Testing

@testable import SyncKit

@Suite struct DomainAgreementTests {
    private static let table = DomainTable()
    private static let own = DeviceID(Blake2b.hash([1]))
    private static let other = DeviceID(Blake2b.hash([2]))
    /// The claim of somebody else.
    private static let claim = Dot(device: DeviceID(Blake2b.hash([99])), sequence: 3)

    /// One thing that somebody could do to a field of a kind, as the program and as the table name it.
    private struct Case {
        let operation: SyncKit.Operation
        let merge: MergeKind
        let writers: Writers
        let doing: DomainTable.Doing
        let field: String
        var claimant: DeviceID?
    }

    /// Everything that can be done to a field: writing it, its steps, claims and releases, settling it.
    private static func cases(_ kind: DocumentKind, _ field: FieldSpec, actor: DeviceID) -> [Case] {
        let slot = Slot(field: field.code, key: field.isKeyed ? 7 : nil)
        func plain(_ operation: SyncKit.Operation, _ doing: DomainTable.Doing, claimant: DeviceID? = nil) -> Case {
            Case(
                operation: operation, merge: field.merge, writers: field.writers, doing: doing, field: field.name,
                claimant: claimant)
        }
        var cases: [Case] = []
        switch field.merge {
        case .register: cases = [plain(.set(slot), .write)]
        case .set: cases = [plain(.add(slot), .write), plain(.remove(slot), .write)]
        case .log: cases = [plain(.append(slot), .write)]
        case .link:
            cases = [plain(.link(slot, target: .zero), .write), plain(.unlink(slot, link: claim), .write)]
        case .claim:
            let mine = Dot(device: actor, sequence: 3)
            cases = [
                plain(.claim(slot), .claim),
                plain(.release(slot, claim: mine, successor: nil), .releaseOwn, claimant: actor),
                plain(.release(slot, claim: mine, successor: claim), .releaseOther, claimant: actor),
                plain(.release(slot, claim: claim, successor: nil), .releaseOther, claimant: claim.device),
            ]
        case .workflow:
            let names = WorkflowRules.stateNames(kind)
            for from in 1...UInt8(names.count) {
                for to in 1...UInt8(names.count) {
                    guard let step = WorkflowRules.step(kind, from: from, to: to) else { continue }
                    cases.append(
                        Case(
                            operation: .transition(slot, to: to, follows: claim), merge: .workflow,
                            writers: step.writers,
                            doing: .step(from: names[Int(from) - 1], to: names[Int(to) - 1]), field: field.name))
                }
            }
        }
        if [.register, .claim, .workflow].contains(field.merge) {
            cases.append(plain(.resolve(slot, settled: [claim]), .settle))
        }
        return cases
    }

    private static func verdict(_ code: RefusalCode?) -> DomainTable.Answer {
        switch code {
        case nil: .yes
        case .outsideArea: .outsideArea
        default: .no
        }
    }

    /// Compares one case.
    /// - Returns: what was expected, to see that every answer occurs.
    private func compare(_ item: Case, _ actor: Actor, _ facts: DocumentFacts) -> DomainTable.Answer {
        let found = Permission.refusal(
            actor, facts, item.operation, merge: item.merge, writers: item.writers, claimant: item.claimant)
        let expected = Self.table.answer(
            actor, facts.kind.name, author: facts.author, areas: facts.areas, item.doing, item.field)
        if Self.verdict(found) != expected {
            Issue.record(
                "\(actor.role) in \(actor.areas) on \(facts.kind.name).\(item.field) in \(facts.areas), \(item.doing): \(Self.verdict(found)), the table says \(expected)"
            )
        }
        return expected
    }

    private func compareFiling(_ actor: Actor, _ facts: DocumentFacts) -> DomainTable.Answer {
        let found = Self.verdict(Permission.refusalToCreate(actor, facts))
        let expected = Self.table.answer(
            actor, facts.kind.name, author: facts.author, areas: facts.areas, .file, "")
        if found != expected {
            Issue.record(
                "\(actor.role) in \(actor.areas) files \(facts.kind.name) in \(facts.areas): \(found), the table says \(expected)"
            )
        }
        return expected
    }

    @Test func everyRoleActionAndFieldInEveryRelationAgrees() {
        let places = [[], ["06685"], ["06685.03"], ["06685.04"], ["066851"], ["07030"], ["06685.03", "07030"]]
        var seen: [DomainTable.Answer: Int] = [:]
        for kind in DocumentKind.allCases {
            for role in Role.allCases {
                for actorAreas in places {
                    for areas in places {
                        for author in [Self.own, Self.other] {
                            let actor = Actor(device: Self.own, role: role, areas: actorAreas)
                            let facts = DocumentFacts(kind: kind, author: author, areas: areas)
                            seen[compareFiling(actor, facts), default: 0] += 1
                            for field in Schema.fields(of: kind) {
                                for item in Self.cases(kind, field, actor: actor.device) {
                                    seen[compare(item, actor, facts), default: 0] += 1
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(seen.count == 3 && seen.values.allSatisfy { $0 > 1000 }, "\(seen)")
    }

    @Test func aMillionRandomCasesAgree() {
        var chance = SeededChance("permission")
        let codes = ["06685", "06685.03", "06685.03.1", "06685.0", "066", "07030", "07030.1", "", ".", "06685.", "x"]
        let devices = (0..<4).map { DeviceID(Blake2b.hash([$0])) }
        var byKind: [DocumentKind: [[Case]]] = [:]
        for kind in DocumentKind.allCases {
            byKind[kind] = devices.map { device in
                Schema.fields(of: kind).flatMap { Self.cases(kind, $0, actor: device) }
            }
        }
        func areas() -> [String] { (0..<chance.below(4)).map { _ in codes[chance.below(codes.count)] } }
        var seen: [DomainTable.Answer: Int] = [:]
        for _ in 0..<1_000_000 {
            let kind = DocumentKind.allCases[chance.below(DocumentKind.allCases.count)]
            let number = chance.below(devices.count)
            let actor = Actor(
                device: devices[number], role: Role.allCases[chance.below(Role.allCases.count)], areas: areas())
            let facts = DocumentFacts(kind: kind, author: devices[chance.below(devices.count)], areas: areas())
            let items = byKind[kind]?[number] ?? []
            let pick = chance.below(items.count + 1)
            let answer = pick == items.count ? compareFiling(actor, facts) : compare(items[pick], actor, facts)
            seen[answer, default: 0] += 1
        }
        #expect(seen.count == 3 && seen.values.allSatisfy { $0 > 1000 }, "\(seen)")
    }

    /// Private values: who at the door or at the desk needs them, and nobody else.
    @Test func privateValuesAreOpenedForThoseWhoNeedThem() {
        let expected: [String: Set<Role>] = [
            "report.reporter_name": [.lead, .officer, .admin], "report.reporter_phone": [.lead, .officer, .admin],
            "task.household": [.volunteer, .lead, .officer, .admin],
            "task.contact": [.volunteer, .lead, .officer, .admin], "task.attendance": [.lead, .officer, .admin],
            "lookup.secret": [], "rating.code": [], "report.file_keys": [.lead, .officer, .admin],
            "task.file_keys": [.lead, .officer, .admin], "lookup.file_keys": [.officer],
        ]
        var found: [String: Set<Role>] = [:]
        for kind in DocumentKind.allCases {
            for field in Schema.fields(of: kind) where field.type == .sealed {
                let inside = DocumentFacts(kind: kind, author: Self.other, areas: ["06685.03"])
                let outside = DocumentFacts(kind: kind, author: Self.other, areas: ["07030"])
                for role in Role.allCases {
                    let actor = Actor(device: Self.own, role: role, areas: ["06685"])
                    if Permission.discloses(field, to: actor, inside) {
                        found["\(kind.name).\(field.name)", default: []].insert(role)
                    }
                    #expect(!Permission.discloses(field, to: actor, outside))
                }
                found["\(kind.name).\(field.name)", default: []].formUnion([])
            }
        }
        #expect(found == expected)
    }
}
