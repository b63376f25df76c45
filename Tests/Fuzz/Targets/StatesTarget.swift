// Fuzzing of the states that a new device is given.
@testable import SyncKit

/// A whole frame; or what would have to be compressed to be one. What is read is bounded and is read again alike.
func fuzzStates(_ bytes: Bytes) {
    check(bytes)
    var writer = CBORWriter(reserving: bytes.count + 16)
    writer.arrayHeader(count: 3)
    writer.unsigned(0)
    writer.unsigned(UInt64(bytes.count))
    writer.byteString(bytes)
    check(writer.bytes)
}

private func check(_ bytes: Bytes) {
    guard let states = try? StateFrame.decode(bytes) else { return }
    promise(states.count <= StateFrame.maxCount, "a frame is bounded")
    let again = try? StateFrame.decode(StateFrame.encode(states))
    promise(again?.count == states.count, "what is read is read again")
    for (state, other) in zip(states, again ?? []) {
        promise(state.canonical == other.canonical, "a state is read again alike")
        promise(state.tops == other.tops && state.listed == other.listed, "so is what stands beside it")
        _ = state.conflicts
        _ = try? DocumentState(stored: state.stored)
    }
}
