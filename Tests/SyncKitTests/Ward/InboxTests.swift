// Every conflict that really happens: made by real devices, seen at the ward and on devices, decided, gone, and told.

import Testing

@testable import SyncKit

@Suite struct InboxTests {
    @Test func twoClaimsAreConfirmedAndTheOtherPersonIsTold() throws {
        let world = try InboxWorld()
        let task = try world.task()
        try world.settle()
        try world.claim(world.lan, task)
        try world.claim(world.minh, task)
        try world.sync([world.minh, world.lan])
        let item = try world.one(.claims)
        #expect(item.severity == .medium && item.raise == nil && item.document == task && item.area == "06685.03")
        #expect(item.owner == InboxOwner(role: .lead, area: "06685.03", device: world.lead.device))
        #expect(item.sides.map(\.dot.device) == [world.minh.device, world.lan.device])
        #expect(item.sides.map(\.stands) == [true, false])
        #expect(item.since <= world.ward.time.nowSeconds() && item.since > 1_790_000_000)
        let seen = try #require(item.sides[0].seen)
        #expect(item.sides[1].seen == seen && seen < item.sides[0].position)
        #expect(item.sides.allSatisfy { $0.serverTime != nil && $0.deviceTime != nil })

        // Work under a claim that does not hold makes it urgent.
        try world.step(world.lan, .task, task, to: 2)
        try world.settle()
        #expect(try world.one(.claims).severity == .high)
        #expect(try world.one(.claims).raise == .workUnderLostClaim)
        #expect(try world.one(.claims).sides[1].work > 0)
        #expect(try world.actions(world.lead, world.one(.claims)) == [.confirm, .share, .reassign, .ask])
        #expect(try world.actions(world.lan, world.one(.claims)).isEmpty)

        try world.decide(.claims, .confirm, by: world.lead, reason: "Minh ở gần hơn")
        #expect(try world.page(.claims).total == 0)
        #expect(try world.reasons(world.lan, task) == ["Minh ở gần hơn"])
        #expect(try world.lan.document(task)?.state.holder(TaskField.claimant)?.dot.device == world.minh.device)
    }

    @Test func whatSomebodyLeavesBehindIsEverybodysOfTheRole() throws {
        let world = try InboxWorld()
        let other = try world.ward.device(760, role: .lead, areas: ["06685.03"], name: "Hiền")
        let task = try world.task()
        try world.settle()
        try world.claim(world.lan, task)
        try world.claim(world.minh, task)
        try world.sync([world.minh, world.lan, other])
        try world.settle()
        let actor = Actor(device: other.device, role: .lead, areas: ["06685.03"])
        #expect(try !world.one(.claims).owner.isMine(actor))
        try world.ward.service.withCore { core in try core.revoke(world.lead.device, after: 1_000) }
        try world.sync([other, other])
        #expect(try world.one(.claims).owner == InboxOwner(role: .lead, area: "06685.03"))
        #expect(try world.one(.claims).owner.isMine(actor))
        let items = try world.page(on: other, .claims).items
        #expect(items.map(\.owner) == [InboxOwner(role: .lead, area: "06685.03")])
    }

    @Test func aTaskIsSharedOrGivenToWhoeverClaimedItLater() throws {
        for choice in [InboxChoice.share, .reassign(1)] {
            let world = try InboxWorld()
            let task = try world.task()
            try world.settle()
            try world.claim(world.lan, task)
            try world.claim(world.minh, task)
            try world.sync([world.minh, world.lan])
            try world.settle()
            try world.decide(.claims, choice, by: world.lead)
            #expect(try world.page(.claims).total == 0)
            let state = try #require(try world.lan.document(task)?.state)
            let holder = state.holder(TaskField.claimant)?.dot.device
            #expect(holder == (choice == .share ? world.minh.device : world.lan.device))
            #expect(Set(state.assignees) == (choice == .share ? [world.lan.device, world.minh.device] : []))
        }
    }

    @Test func aReopeningThatCrossedAClosingStandsAndIsNoted() throws {
        let world = try InboxWorld()
        let id = try world.report()
        try world.settle()
        for state: UInt8 in [2, 3, 4, 6] { try world.step(world.officer, .report, id, to: state) }
        try world.settle()
        try world.step(world.officer, .report, id, to: 7)
        try world.step(world.resident, .report, id, to: 9)
        try world.sync([world.officer, world.resident])
        let item = try world.one(.crossing)
        #expect(item.severity == .high && item.owner.role == .officer && item.owner.device == world.officer.device)
        #expect(item.base == CBORValue.unsigned(6).encoded)
        #expect(item.sides.map(\.deed) == [.step(7), .step(9)])
        #expect(item.sides.map(\.stands) == [true, true])
        try world.settle()
        try world.decide(.crossing, .note, by: world.officer, reason: "Mở lại là đúng")
        #expect(try world.page(.crossing).total == 0)
        #expect(try world.resident.document(id)?.state.present.state == 9)
        #expect(try world.reasons(world.resident, id) == ["Mở lại là đúng"])
    }

    @Test func twoReportsNearEachOtherAreLinkedOrSaidToBeDifferent() throws {
        for choice in [InboxChoice.link, .dismiss] {
            let world = try InboxWorld()
            let first = try world.report("Đèn trước nhà 12", north: 209_500_000, by: world.lan)
            _ = try world.report("Đèn xa", north: 209_600_000, by: world.lan)
            try world.settle()
            let second = try world.report("Đèn tắt", north: 209_501_500)
            try world.settle()
            let item = try world.one(.duplicates)
            #expect(item.severity == .low && item.document == second && item.likeness?.document == first)
            #expect(item.likeness.map { (15...19).contains($0.metres) } == true)
            #expect(item.likeness.map { $0.otherFiled < $0.filed } == true && item.likeness?.category == "lighting")
            #expect(try world.page(on: world.officer, .duplicates).items.map(\.key) == [item.key])
            #expect(try world.actions(world.officer, item) == [.link, .dismiss])
            #expect(try world.actions(world.resident, item).isEmpty)
            try world.decide(.duplicates, choice, by: world.officer, reason: "Cùng một cột đèn?")
            #expect(try world.page(.duplicates).total == 0)
            #expect(try world.page(on: world.officer, .duplicates).total == 0)
            let state = try #require(try world.resident.document(second)?.state)
            #expect((state.link(ReportField.duplicateOf) != nil) == (choice == .link))
            #expect(try world.reasons(world.resident, second) == ["Cùng một cột đèn?"])
            let remark = choice == .link ? InboxRemark.sameAs(first) : .notTheSame(first)
            #expect(state.remarks.map(\.remark) == [remark])
        }
    }

    @Test func parallelEditsAreListedAndManyAreDismissedAtOnce() throws {
        let world = try InboxWorld()
        let ids = try (0..<3).map { try world.report("Số \($0)") }
        try world.settle()
        for id in ids {
            try world.set(world.lan, .report, id, ReportField.description, .text("Gần trường học"))
            try world.set(world.officer, .report, id, ReportField.agency, .text("dien_luc"))
        }
        try world.sync([world.lan, world.officer])
        let page = try world.page(.parallel)
        #expect(page.total == 3 && page.items.allSatisfy { $0.severity == .low && $0.sides.count == 2 })
        #expect(page.items.allSatisfy { $0.owner.role == .officer })
        #expect(
            page.items[0].sides.map(\.deed) == [
                .edit([Slot(field: ReportField.description)]), .edit([Slot(field: ReportField.agency)]),
            ])
        try world.settle()
        #expect(try world.page(on: world.officer, .parallel).total == 3)
        for item in try world.page(on: world.officer, .parallel).items {
            let state = try #require(try item.document.flatMap { id in try world.officer.document(id)?.state })
            for draft in try item.drafts(.dismiss, state, reason: "Khớp nhau") { _ = try world.officer.commit(draft) }
        }
        try world.settle()
        #expect(try world.page(.parallel).total == 0)
        #expect(try world.page(on: world.officer, .parallel).total == 0)
        #expect(try world.reasons(world.lan, ids[0]) == ["Khớp nhau"])
        // What comes later is a new one.
        try world.set(world.minh, .report, ids[0], ReportField.address, .text("Ngõ 3"))
        try world.set(world.officer, .report, ids[0], ReportField.urgency, .text("high"))
        try world.sync([world.minh, world.officer])
        #expect(try world.page(.parallel).items.map(\.document) == [ids[0]])
        #expect(try world.one(.parallel).history.map(\.reason) == ["Khớp nhau"])
    }

    @Test func twoValuesAreChosenEditedOrAskedAbout() throws {
        let world = try InboxWorld()
        let id = try world.report()
        try world.settle()
        try world.set(world.lan, .report, id, ReportField.category, .text("road"))
        try world.set(world.minh, .report, id, ReportField.category, .text("water"))
        try world.settle()
        let item = try world.one(.values)
        #expect(item.severity == .medium && item.slot == Slot(field: ReportField.category))
        #expect(item.base == CBORValue.text("lighting").encoded && item.history.isEmpty && item.asked == nil)
        #expect(Set(item.sides.map(\.dot.device)) == [world.lan.device, world.minh.device])
        #expect(try world.page(on: world.officer, .values).items.map(\.key) == [item.key])
        #expect(try world.page(on: world.officer, .values).items[0].base == item.base)
        try world.decide(.values, .ask, by: world.officer, reason: "Đường hay nước?")
        let asked = try world.one(.values)
        #expect(asked.asked != nil && asked.history.map(\.reason) == ["Đường hay nước?"])
        #expect(try world.reasons(world.lan, id) == ["Đường hay nước?"])
        try world.decide(.values, .edit(.text("garbage")), by: world.officer)
        #expect(try world.page(.values).total == 0)
        #expect(try world.minh.document(id)?.state.text(ReportField.category) == "garbage")
        // Two officers' dates are in dispute until someone decides.
        try world.set(world.officer, .report, id, ReportField.due, CBORValue(1_800_000_000))
        let other = try world.ward.device(990, role: .officer, areas: ["06685"], name: "Hoa")
        try world.sync([other])
        try world.set(other, .report, id, ReportField.due, CBORValue(1_800_086_400))
        try world.sync([other, world.officer])
        let due = try world.one(.values)
        #expect(due.severity == .high && due.raise == .disputed)
        try world.settle()
        try world.decide(.values, .choose(0), by: world.officer)
        #expect(try world.page(.values).total == 0)
        // An auditor sees it all and decides nothing.
        let auditor = try world.ward.device(991, role: .auditor, areas: ["06685"], name: "Kiểm")
        try world.sync([auditor])
        #expect(try world.actions(auditor, item).isEmpty)
        let state = try #require(try auditor.document(id)?.state)
        let draft = try #require(InboxRemark.looked.draft(on: state, reason: "x"))
        #expect(throws: ReplicaError.self) { try auditor.commit(draft) }
    }

    @Test func aMergedUnitIsConfirmedOrStays() throws {
        for choice in [InboxChoice.move, .dismiss] {
            let world = try InboxWorld()
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
            draft.perform(.set(Slot(field: ReportField.title)), .text("Ở Bạch Đằng"))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06688"))
            let id = try world.resident.commit(draft).document
            let officer = world.officer
            try world.settle()
            #expect(try world.page(.merged).total == 0)
            #expect(try officer.document(id) == nil && world.admin.document(id) == nil)
            var area = ChangeSetDraft(kind: .area)
            area.perform(.set(Slot(field: AreaField.code)), .text("06685"))
            area.perform(.set(Slot(field: AreaField.name)), .text("Phường Hồng Gai"))
            area.perform(.add(Slot(field: AreaField.mergedFrom)), .text("06688"))
            let made = area
            _ = try world.ward.service.withCore { core in try core.author([made]) }
            try world.settle()
            // Whoever has the unit that stands now has what is under the old one's code.
            #expect(try world.admin.document(id) != nil)
            let item = try world.one(.merged)
            #expect(item.severity == .low && item.merger?.old == "06688" && item.merger?.present == "06685")
            #expect(try world.page(on: officer, .merged).items.map(\.key) == [item.key])
            try world.decide(.merged, choice, by: officer, reason: "Theo nghị quyết")
            try world.settle()
            #expect(try world.page(.merged).total == 0)
            #expect(try world.page(on: officer, .merged).total == 0)
            #expect(
                try world.resident.document(id)?.state.text(ReportField.area) == (choice == .move ? "06685" : "06688"))
            #expect(try world.reasons(world.resident, id) == ["Theo nghị quyết"])
        }
    }

    @Test func theMostSevereAndOldestComeFirstByPagesAndFilters() throws {
        let world = try InboxWorld()
        let disputed = try world.report()
        let first = try world.report("Một")
        let second = try world.report("Hai")
        let task = try world.task()
        try world.settle()
        for id in [first, second] {
            try world.set(world.lan, .report, id, ReportField.category, .text("road"))
            try world.set(world.minh, .report, id, ReportField.category, .text("water"))
            try world.sync([world.lan, world.minh])
        }
        try world.claim(world.lan, task)
        try world.claim(world.minh, task)
        try world.sync([world.lan, world.minh])
        for state: UInt8 in [2, 3, 4, 6] { try world.step(world.officer, .report, disputed, to: state) }
        try world.settle()
        try world.step(world.officer, .report, disputed, to: 7)
        try world.step(world.resident, .report, disputed, to: 9)
        try world.settle()
        let all = try world.ward.service.inbox(InboxFilter())
        #expect(all.items.map(\.kind) == [.crossing, .values, .values, .claims])
        #expect(all.items.map(\.document) == [disputed, first, second, task])
        #expect(all.total == 4 && all.counts == [.crossing: 1, .values: 2, .claims: 1])
        var pages: [InboxItem] = []
        for from in 0..<5 { pages += try world.ward.service.inbox(InboxFilter(), from: from, limit: 1).items }
        #expect(pages.map(\.key) == all.items.map(\.key))
        func keys(_ change: (inout InboxFilter) -> Void) throws -> [Digest?] {
            var filter = InboxFilter()
            change(&filter)
            let meant = filter
            return try world.ward.service.inbox(meant).items.map(\.document)
        }
        #expect(try keys { $0.severity = .high } == [disputed])
        #expect(try keys { $0.owner = .lead } == [task])
        #expect(try keys { $0.areas = ["06685.04"] } == [])
        #expect(try keys { $0.areas = ["06685"] }.count == 4)
        #expect(try keys { $0.document = second } == [second])
        #expect(try keys { $0.documentKind = .task } == [task])
        #expect(try keys { $0.device = world.resident.device } == [disputed])
        let actor = try world.lead.actor()
        #expect(try keys { $0.mine = actor } == [task])
        #expect(try keys { $0.olderThan = 86_400 } == [])
        for item in all.items {
            #expect(try world.ward.service.withCore { core in try core.inboxItem(item.key) }?.sides == item.sides)
        }
        #expect(try world.ward.service.withCore { core in try core.inboxItem("values/none") } == nil)
    }
}
