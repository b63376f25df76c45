// The lists of a ward's settings, which every device reads.
@testable import SyncKit

func fuzzSettings(_ bytes: Bytes) {
    let text = String(decoding: bytes, as: UTF8.self)
    for topic in SettingsTopic.allCases {
        var (once, twice) = (WardSettings.standard, WardSettings.standard)
        let problems = once.apply(topic, text)
        promise(twice.apply(topic, text).count == problems.count, "a list is read again alike")
        promise(once == twice, "a list says the same each time")
        promise(problems.count <= 602, "problems are named line by line")
    }
}
