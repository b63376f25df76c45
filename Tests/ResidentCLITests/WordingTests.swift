// Every sentence in both languages, in one form, with the same places to fill.
import Testing

@testable import CommandLineKit
@testable import ResidentCLI
@testable import SyncKit
@testable import WardWords

@Suite struct ResidentWordingTests {
    private static func all<Table: MessageTable>(_: Table.Type) -> [Message] { Table.allCases.map(\.message) }

    static var messages: [Message] {
        var messages = all(Say.self) + all(FaultWord.self) + all(Category.self) + all(Urgency.self)
        messages += all(TaskKind.self) + all(Source.self) + all(ReportState.self) + all(TaskState.self)
        messages += all(LookupState.self) + all(DossierStatus.self) + all(RoleWord.self) + all(KindWord.self)
        messages += all(FieldWord.self) + all(LookupSay.self) + all(TLSWord.self) + all(LockWord.self)
        messages += all(SettingsSay.self) + all(StatisticsSay.self)
        messages += all(DeadlineSay.self) + Figure.allCases.flatMap { [$0.label.message, $0.heading.message] }
        messages += SettingsProblem.Reason.allCases.map(\.words.message) + SettingsTopic.allCases.map(\.title.message)
        messages += WardSettings.standard.categories.map(\.message)
        messages += all(ReferenceWord.self) + all(PlaceCategory.self) + all(AlertKind.self) + all(CompassWord.self)
        messages += all(AreaLevelWord.self)
        messages += all(SyncWord.self) + all(CodeWord.self) + WardProgram.spec.topics.map(\.title)
        messages += all(OfficerSay.self) + all(StepWord.self) + all(NeedWord.self) + all(SeverityWord.self)
        messages += all(ValueWord.self) + all(ActionWord.self) + all(AttachWord.self)
        messages += all(Visibility.self) + all(Resolution.self)
        messages += all(PublicWord.self) + all(RatingWord.self)
        messages += all(TaskSay.self) + all(DaySay.self) + all(TaskStageWord.self) + all(VisitResult.self)
        messages += all(Weekday.self) + TaskKind.allCases.flatMap(\.usualItems)
        messages += all(ReceiptWord.self) + all(TrustWord.self)
        messages += all(OrderSay.self) + all(OrderActionWord.self) + all(OrderProblemWord.self)
        messages += RefusalCode.allCases.map(RefusalWords.init).flatMap { [$0.why, $0.next] }
        messages += SyncRefusal.Code.allCases.map { SyncRefusalWords(SyncRefusal($0)) }.flatMap { [$0.why, $0.next] }
        for group in WardProgram.spec.groups {
            messages.append(group.title)
            messages += group.topics.map(\.summary)
            for command in group.commands {
                messages += [command.summary, command.details].compactMap { $0 } + command.examples.map(\.explanation)
                messages += command.arguments.flatMap { [$0.label, $0.summary] }
                messages += command.options.flatMap { [$0.label, $0.summary].compactMap { $0 } }
            }
        }
        return messages
    }

    @Test func everyMessageHasBothLanguagesInNFCWithTheSamePlaceholders() {
        #expect(Self.messages.count > 400)
        for message in Self.messages {
            #expect(!message.vi.isEmpty && !message.en.isEmpty)
            #expect(Array(TextNormalization.nfc(message.vi).utf8) == Array(message.vi.utf8), "\(message.vi)")
            #expect(SafeText.line(message.vi) == message.vi && SafeText.line(message.en) == message.en)
            for digit in 0...9 {
                #expect(message.vi.contains("{\(digit)}") == message.en.contains("{\(digit)}"), "\(message.en)")
            }
        }
    }

    @Test func theTableIsSoundAndNamesEveryCommandOnce() {
        #expect(WardProgram.spec.flaws().isEmpty)
        let runs = WardProgram.spec.groups.flatMap(\.commands).map(\.run).filter { $0 >= 0 }
        #expect(Set(runs) == Set(Command.allCases.map(\.rawValue)))
        for command in WardProgram.spec.groups.flatMap(\.commands) { #expect(!command.examples.isEmpty) }
    }

    @Test func everyReasonWhyAnOrderIsNotCarriedOutIsSaidInWords() {
        let whys =
            OrderProblem.allCases.map(\.rawValue) + RefusalCode.allCases.flatMap { ["rule_\($0.rawValue)", "\($0)"] }
        for why in whys {
            let word = OrderProblemWord.message(why)
            #expect(word.vi != why && word.en != why && word.vi != word.en, "\(why)")
        }
    }

    @Test func theStandardCategoriesAreThoseOfTheVocabulary() {
        #expect(WardSettings.standard.categories.map(\.code) == Category.allCases.map(\.rawValue))
        #expect(WardSettings.standard.categories.map(\.message) == Category.allCases.map(\.message))
    }

    @Test func everyFieldAndStateOfTheSchemaHasAName() {
        for kind in DocumentKind.allCases {
            for spec in Schema.fields(of: kind) { #expect(FieldWord(rawValue: spec.name) != nil, "\(spec.name)") }
            for (index, name) in WorkflowRules.stateNames(kind).enumerated() {
                #expect(StateWord.message(kind, UInt8(index + 1)).vi != name)
                #expect(StateWord.match(kind, name) == UInt8(index + 1))
            }
        }
    }

    @Test(arguments: [
        ("lighting", "lighting"), ("chieu sang", "lighting"), ("Chiếu sáng", "lighting"), ("rac", "garbage"),
        ("ngập", "flood"), ("via he", "pavement"), ("dien", "power"), ("khac", "other"),
    ])
    func aCategoryIsFoundByCodeOrNameOrBeginning(typed: String, code: String) {
        guard case .one(let category) = Category.match(typed) else {
            Issue.record("\(typed) is not found")
            return
        }
        #expect(category.rawValue == code)
    }

    @Test func aBeginningThatFitsSeveralIsNotGuessed() {
        guard case .several(let found) = Category.match("th") else {
            guard case .one = Category.match("th") else { return }
            return
        }
        #expect(found.count > 1)
    }

    @Test func placesAreReadExactlyOrNotAtAll() {
        #expect(
            ValueWords.location("20.9511234,107.07,15")
                == .array([.unsigned(209_511_234), .unsigned(1_070_700_000), .unsigned(15)]))
        #expect(
            ValueWords.location("-20.5, -107")
                == .array([.negative(-205_000_000), .negative(-1_070_000_000), .unsigned(0)]))
        for bad in [
            "", "1", "91,0", "0,181", "1,2,3,4", "1..2,3", "1e3,4", "a,b", "20.,107", ",", "20.95,107.07,-1", "٣,٤",
        ] {
            #expect(ValueWords.location(bad) == nil, "\(bad)")
        }
        #expect(ValueWords.degrees(-205_000_000) == "-20.5" && ValueWords.degrees(209_511_234) == "20.9511234")
        #expect(ValueWords.degrees(7) == "0.0000007")
    }
}
