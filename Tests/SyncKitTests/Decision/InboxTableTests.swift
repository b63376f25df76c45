// Holds the tables of the inbox in docs/data-model.md and the code together.

import Testing

@testable import SyncKit

@Suite struct InboxTableTests {
    private static let document = DataModelDocumentTests.document

    @Test func everyKindWithItsSeverityOwnerAndActionsStandsInTheDocument() {
        let lines = InboxKind.allCases.map { kind in
            let rule = InboxRule.of(kind)
            return [
                "\(kind.rawValue)", kind.name, rule.severity.name, rule.raise == nil ? "–" : rule.raised.name,
                rule.raise?.rawValue ?? "–", rule.owner.name,
                kind.actions.isEmpty ? "–" : kind.actions.map(\.rawValue).joined(separator: ", "),
            ]
        }
        let written = Self.document.rows("inbox").map { row in [row[0], row[1]] + Array(row.dropFirst(3)) }
        #expect(written == lines)
        #expect(InboxRule.all.map(\.kind) == InboxKind.allCases)
    }

    @Test func everyRemarkIsReadAsItIsWrittenAndStandsInTheDocument() {
        let other = Blake2b.hash([1])
        let remarks: [InboxRemark] = [
            .notTheSame(other), .looked, .areaStays("06688"), .asked(Slot(field: ReportField.category)),
            .sameAs(other),
        ]
        for remark in remarks { #expect(InboxRemark(remark.value.encoded) == remark) }
        #expect(
            Self.document.rows("remarks").map { $0[0] } == [
                "`[3, id]`", "`[4]`", "`[11, code]`", "`[32, slot]`", "`[33, id]`",
            ])
        for (value, number) in zip(remarks.map(\.value), [3, 4, 11, 32, 33] as [UInt64]) {
            guard case .array(let parts) = value else {
                Issue.record("no array")
                continue
            }
            #expect(parts.first == .unsigned(number))
        }
        // What another version says, or nothing, is no remark.
        for value in [CBORValue.null, .text("x"), .array([]), .array([.unsigned(99)]), .array([.unsigned(3)])] {
            #expect(InboxRemark(value.encoded) == nil)
        }
        #expect(InboxRemark([0xFF]) == nil)
    }

    @Test func everyRefusalThatNobodyDecidedIsOfOneKindAndAllWordsAreThere() {
        for code in RefusalCode.allCases {
            #expect((InboxKind(code) == nil) == [.declined, .replaced, .branchDeclined].contains(code))
            #expect(!code.inboxWord.vi.isEmpty && !code.inboxWord.en.isEmpty)
        }
        var texts: [InboxText] = []
        for kind in InboxKind.allCases {
            texts += [kind.word, kind.explanation, kind.advice]
            #expect(InboxKind(name: kind.name) == kind)
        }
        texts += InboxSeverity.allCases.map(\.word) + InboxRaise.allCases.map(\.word)
        texts += InboxAction.allCases.map(\.word)
        for text in texts {
            #expect(!text.vi.isEmpty && !text.en.isEmpty && text.vi != text.en)
            #expect(Array(TextNormalization.nfc(text.vi).utf8) == Array(text.vi.utf8))
        }
        #expect(Set(InboxKind.allCases.flatMap(\.actions)) == Set(InboxAction.allCases))
    }

    @Test func theMostSevereComesFirstAndPagesFollowEachOther() {
        var items: [InboxItem] = []
        for (place, kind) in [InboxKind.parallel, .fork, .values, .crossing].enumerated() {
            var item = InboxItem(kind, owner: InboxOwner(role: .officer), since: Int64(10 - place))
            item.document = Blake2b.hash([UInt8(place)])
            items.append(item)
        }
        #expect(items.inInboxOrder().map(\.kind) == [.fork, .crossing, .values, .parallel])
        #expect(items.reversed().map { $0 }.inInboxOrder().map(\.key) == items.inInboxOrder().map(\.key))
        let page = items.page(InboxFilter(), from: 1, limit: 2, at: 100)
        #expect(page.items.map(\.kind) == [.crossing, .values] && page.total == 4)
        #expect(items.page(InboxFilter(), from: 9, limit: 2, at: 100).items.isEmpty)
    }
}
