// Codes of dossiers: what is read as the same code, and what is left as it was typed.

import Testing

@testable import SyncKit

@Suite struct DossierCodeTests {
    @Test func aCodeIsReadAsItsUnitItsDayAndItsNumber() throws {
        let parts = try #require(DossierCode("000.17.22.H56-210531-0001").parts)
        #expect(parts.unit == "000.17.22.H56" && parts.date.iso8601 == "2021-05-31" && parts.number == "0001")
        #expect(DossierCode("38.98.H29-210519-0013").parts?.number == "0013")
        #expect(DossierCode("G01.899.108.000-240229-123456").parts?.number == "123456")
    }

    @Test(arguments: [
        " 000.17.22.h56-210531-0001 ", "000.17.22.H56 - 210531 - 0001", "000.17.22.H56–210531–1",
        "000.17.22.H56 210531 0001", "000. 17. 22. H56-210531-00 01", "000.17.22.H56-210531-000001",
        "000.17.22.H56\u{2011}210531\u{2212}001",
    ])
    func whatPeopleTypeDifferentlyIsTheSameCode(typed: String) {
        let code = DossierCode(typed)
        #expect(code == DossierCode("000.17.22.H56-210531-0001"))
        #expect(code.key == "000.17.22.H56-210531-0001")
    }

    @Test func whatWasTypedIsKept() {
        #expect(DossierCode("  38.98.h29-210519-13 ").typed == "38.98.h29-210519-13")
        #expect(DossierCode("  38.98.h29-210519-13 ").key == "38.98.H29-210519-0013")
    }

    @Test(arguments: [
        "000.17.22.H56-210231-0001", "000.17.22.H56-21053l-0001", "000.17.22.H56-210531-O001", "0OO.17.22-210531-",
        "000.17.22.H56-2105310001", "000..22.H56-210531-0001", "H56-0-210531-0001", "A-1", "", "đ.H56-210531-0001",
        "000.17.22.H56-20210531-0001", "1234567.H56-210531-0001", "H56-210531-0000000000001",
        "H56-²10531-0001",
    ])
    func whatDoesNotHaveTheFormIsMatchedExactly(typed: String) {
        let code = DossierCode(typed)
        #expect(!code.isRecognised && code.key == typed)
        #expect(DossierCode(" \(typed) ") == code)
        if typed.contains(where: { $0.isLetter && $0.isUppercase }) { #expect(DossierCode(typed.lowercased()) != code) }
    }

    @Test func aLongTextIsNoCodeAndCostsNothing() {
        let long = String(repeating: "1.", count: 40_000) + "H56-210531-0001"
        #expect(!DossierCode(long).isRecognised)
    }

    @Test func aNormalFormIsItsOwnNormalForm() {
        for typed in ["000.17.22.h56 210531 7", "x-1", "38.98.H29-210519-0013", "h1-000101-0"] {
            let key = DossierCode(typed).key
            #expect(DossierCode(key).key == key)
        }
    }
}
