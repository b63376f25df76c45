// Runs libFuzzer on one decoder: `WARDSYNC_FUZZ_TARGET=cbor fuzz CORPUS` (docs/security.md, "Fuzzing").
import CFuzzer
import Glibc
import SyncKit

let chosen = getenv("WARDSYNC_FUZZ_TARGET").map { String(cString: $0) } ?? ""

guard FuzzTarget(rawValue: chosen) != nil else {
    print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
    exit(chosen.isEmpty ? 0 : 64)
}
FuzzTarget.chosen = FuzzTarget(rawValue: chosen) ?? .cbor
var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&argumentCount, &arguments) { data, count in
        FuzzTarget.chosen.run(Bytes(UnsafeBufferPointer(start: data, count: count)))
        return 0
    })
