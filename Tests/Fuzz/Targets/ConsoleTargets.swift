// What comes to the console from anybody, and what an operator is handed.
@testable import SyncKit
@testable import SyncServer

func fuzzForm(_ bytes: Bytes) {
    let text = String(decoding: bytes, as: UTF8.self)
    promise(
        PercentCoding.decode(Bytes(PercentCoding.encode(text).utf8)[...]) == text, "percent-encoding goes both ways")
    _ = PercentCoding.decode(bytes[...])
    if let form = FormFields(bytes) {
        promise(bytes.count <= FormFields.maxBytes, "a form is bounded")
        for name in ["", "a", "reason", "key"] {
            _ = form.number(name)
            promise((form.text(name, max: 100)?.utf8.count ?? 0) <= 100, "a field is bounded")
            promise(form.all(name).first == form[name], "the first value is the field's")
        }
    }
    let cookies = Cookies(text)
    for name in ["", "wardsync", "a"] { _ = cookies[name] }
}

func fuzzHanded(_ bytes: Bytes) {
    for text in [String(decoding: bytes, as: UTF8.self), "wardorder1-" + Base32.encode(bytes + check(bytes))] {
        guard let read = PreparedOrder.read(text) else { continue }
        let again = PreparedOrder.read(PreparedOrder.text(read.order, ward: read.ward))
        promise(again?.order == read.order && again?.ward == read.ward, "an order is read again alike")
    }
    if let facts = BackupFacts(decoding: bytes) {
        promise(BackupFacts(decoding: facts.encoded) == facts, "a backup's head is read again alike")
        promise(facts.files.allSatisfy { !$0.name.contains("..") && !$0.name.hasPrefix("/") }, "no file climbs")
    }
    if let request = ControlRequest(decoding: bytes) {
        let again = ControlRequest(decoding: request.encoded)
        promise(again?.encoded == request.encoded, "a request of the socket is read again alike")
    }
}

/// What stands behind an order against slips of the pen.
private func check(_ bytes: Bytes) -> ArraySlice<UInt8> { Blake2b.hash(bytes).bytes[..<8] }
