// Base 32 and look-up codes: what hands type wrongly is noticed.

import Testing

@testable import SyncKit

@Suite struct CodesTests {
    @Test(arguments: [("", ""), ("00", "00"), ("ff", "zw"), ("666f6f626172", "csqpyrk1e8"), ("0102030405", "04106105")])
    func base32GoesBothWays(plain: String, text: String) {
        #expect(Base32.encode(hex(plain)) == text)
        #expect(Base32.decode(text) == hex(plain))
    }

    @Test func base32IsReadAsPeopleTypeIt() {
        #expect(Base32.decode("CSQP-YRKl E8") == Bytes("foobar".utf8))
        #expect(Base32.decode("oO") == [0])
        #expect(Base32.decode("iLio") == Base32.decode("1110"))
        for text in ["u", "csqpyrk1e8!", "0", "000", "zz", "đ0", "0\u{0}"] { #expect(Base32.decode(text) == nil) }
    }

    @Test func base32ReturnsEveryByte() {
        var chance = SeededChance("base32")
        for length in 0..<100 {
            let bytes = chance.bytes(length)
            let text = Base32.encode(bytes)
            #expect(Base32.decode(text) == bytes)
            #expect(Base32.encode(Base32.decode(text) ?? []) == text)
        }
    }

    @Test func aCodeIsReadInEveryFormThatPeopleWrite() throws {
        let source = SeededRandomSource(seed: 4)
        for _ in 0..<200 {
            let code = LookupCode(random: source.bytes)
            #expect(code.canonical.utf8.count == 16)
            #expect(code.text.utf8.count == 19)
            #expect(LookupCode(parsing: code.canonical) == code)
            #expect(LookupCode(parsing: code.text.uppercased()) == code)
            #expect(LookupCode(parsing: " \(code.text) ") == code)
            let confused = code.canonical.map { $0 == "0" ? "O" : $0 == "1" ? "l" : String($0) }.joined()
            #expect(LookupCode(parsing: confused) == code)
            #expect("\(code)" == "LookupCode")
        }
        #expect(LookupCode(random: source.bytes) != LookupCode(random: source.bytes))
    }

    @Test func anyWrongCharacterAndAnyExchangeIsNoticed() throws {
        let source = SeededRandomSource(seed: 11)
        for _ in 0..<20 {
            let characters = Bytes(LookupCode(random: source.bytes).canonical.utf8)
            for place in characters.indices {
                for other in Base32.alphabet where other != characters[place] {
                    var wrong = characters
                    wrong[place] = other
                    #expect(LookupCode(parsing: String(decoding: wrong, as: UTF8.self)) == nil)
                }
                for other in characters.indices where characters[other] != characters[place] {
                    var wrong = characters
                    wrong.swapAt(place, other)
                    #expect(LookupCode(parsing: String(decoding: wrong, as: UTF8.self)) == nil)
                }
            }
        }
    }

    @Test(arguments: ["", "0", "000000000000000", "00000000000000000", "000000000000000u", "0000-0000-0000-000é"])
    func whatIsNoCodeIsRefused(text: String) { #expect(LookupCode(parsing: text) == nil) }
}
