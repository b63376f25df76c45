// Plays a field day with the real programs, and fails loudly where something does not hold.

import Foundation

let narrator = Narrator(environment: ProcessInfo.processInfo.environment)
let own = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
let root =
    CommandLine.arguments.count > 1
    ? URL(fileURLWithPath: CommandLine.arguments[1]) : URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-field-day-\(getpid())")
var status: Int32 = 0
do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let programs = Programs(
        binaries: own.deletingLastPathComponent(), day: folder,
        language: narrator.isVietnamese ? "vi_VN.UTF-8" : "en_US.UTF-8")
    try Day(programs, narrator, root: root.standardizedFileURL).run()
    narrator.say(
        "\n"
            + narrator.text(
                s(
                    "Ngày thực địa đã xong: \(narrator.checks) điều được kiểm tra, tất cả đều đúng.",
                    "The field day is done: \(narrator.checks) things were checked, and all of them hold.")))
} catch let failed as CheckFailed {
    FileHandle.standardError.write(Data("✗ \(failed.what)\n\(failed.detail)\n".utf8))
    status = 1
} catch {
    FileHandle.standardError.write(Data("✗ \(error)\n".utf8))
    status = 1
}
if status == 0 { try? FileManager.default.removeItem(at: folder) }
exit(status)
