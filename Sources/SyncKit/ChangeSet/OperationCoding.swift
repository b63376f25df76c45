// The skeleton's bytes: an array of operations, each [number, field, …].

extension Operation {
    /// Encodes operations as a skeleton (`docs/protocol.md`, "Skeleton").
    package static func encodeSkeleton(_ operations: [Operation]) -> Bytes {
        var writer = CBORWriter(reserving: 8 * operations.count + 1)
        writer.arrayHeader(count: operations.count)
        for operation in operations { operation.write(to: &writer) }
        return writer.bytes
    }

    private func write(to writer: inout CBORWriter) {
        func head(_ number: UInt64, _ slot: Slot, extra: Int) {
            writer.arrayHeader(count: 2 + extra + (slot.key == nil ? 0 : 1))
            writer.unsigned(number)
            writer.unsigned(UInt64(slot.field))
        }
        func key(_ slot: Slot) {
            if let key = slot.key { writer.unsigned(UInt64(key)) }
        }
        switch self {
        case .set(let slot):
            head(1, slot, extra: 0)
            key(slot)
        case .add(let slot):
            head(2, slot, extra: 0)
            key(slot)
        case .remove(let slot):
            head(3, slot, extra: 0)
            key(slot)
        case .append(let slot):
            head(4, slot, extra: 0)
            key(slot)
        case .claim(let slot):
            head(5, slot, extra: 0)
            key(slot)
        case .release(let slot, let claim, let successor):
            head(6, slot, extra: successor == nil ? 1 : 2)
            claim.write(to: &writer)
            successor?.write(to: &writer)
            key(slot)
        case .transition(let slot, let to, let follows):
            head(7, slot, extra: 2)
            writer.unsigned(UInt64(to))
            follows.write(to: &writer)
            key(slot)
        case .link(let slot, let target):
            head(8, slot, extra: 1)
            writer.byteString(target)
            key(slot)
        case .unlink(let slot, let link):
            head(9, slot, extra: 1)
            link.write(to: &writer)
            key(slot)
        case .resolve(let slot, let settled):
            head(10, slot, extra: 1)
            writer.arrayHeader(count: settled.count)
            for dot in settled { dot.write(to: &writer) }
            key(slot)
        }
    }

    /// Reads a skeleton strictly. An operation number that this version does not know makes the whole skeleton
    /// `nil`: such a change set is held and relayed, not refused.
    package static func decodeSkeleton(_ bytes: Bytes) throws(ChangeSetError) -> [Operation]? {
        guard bytes.count <= ChangeSetLimits.maxSkeleton else { throw ChangeSetError(.tooLarge, "skeleton") }
        do {
            var reader = CBORReader(bytes)
            let count = try reader.arrayHeader(max: ChangeSetLimits.maxOperations)
            var operations: [Operation] = []
            operations.reserveCapacity(count)
            var unknown = false
            for _ in 0..<count {
                if let operation = try read(&reader) { operations.append(operation) } else { unknown = true }
            }
            try reader.finish()
            guard count > 0 else { throw ChangeSetError(.malformed, "skeleton") }
            return unknown ? nil : operations
        } catch let error as CBORError {
            throw ChangeSetError(error.code == .tooLong ? .tooLarge : .malformed, "skeleton")
        } catch let error as ChangeSetError {
            throw error
        } catch {
            throw ChangeSetError(.malformed, "skeleton")
        }
    }

    private static func read(_ reader: inout CBORReader) throws(CBORError) -> Operation? {
        let start = reader.offset
        let count = try reader.arrayHeader(max: 8)
        guard count >= 2 else { throw CBORError(.typeMismatch, at: start) }
        let number = try reader.unsigned()
        let field = try reader.unsigned()
        guard (1...10).contains(number), field <= 255 else {
            for _ in 2..<count { _ = try reader.skipValue() }
            return nil
        }
        var used = 2
        func slot(_ reader: inout CBORReader) throws(CBORError) -> Slot {
            let code = UInt8(truncatingIfNeeded: field)
            guard used < count else { return Slot(field: code) }
            let key = try reader.unsigned()
            guard used + 1 == count, key <= UInt64(UInt32.max) else {
                throw CBORError(.typeMismatch, at: start)
            }
            return Slot(field: code, key: UInt32(key))
        }
        func need(_ extra: Int) throws(CBORError) {
            guard count >= 2 + extra else { throw CBORError(.typeMismatch, at: start) }
            used = 2 + extra
        }
        switch number {
        case 1: return .set(try slot(&reader))
        case 2: return .add(try slot(&reader))
        case 3: return .remove(try slot(&reader))
        case 4: return .append(try slot(&reader))
        case 5: return .claim(try slot(&reader))
        case 6:
            try need(1)
            let claim = try Dot(reading: &reader)
            var successor: Dot?
            if count > used, try reader.peekMajor() == 4 {
                used += 1
                successor = try Dot(reading: &reader)
            }
            return .release(try slot(&reader), claim: claim, successor: successor)
        case 7:
            try need(2)
            let to = try reader.unsigned()
            guard to <= 255 else { throw CBORError(.integerOverflow, at: start) }
            let follows = try Dot(reading: &reader)
            return .transition(try slot(&reader), to: UInt8(to), follows: follows)
        case 8:
            try need(1)
            let target = try reader.digest()
            return .link(try slot(&reader), target: target)
        case 9:
            try need(1)
            let link = try Dot(reading: &reader)
            return .unlink(try slot(&reader), link: link)
        default:
            try need(1)
            var settled: [Dot] = []
            for _ in 0..<(try reader.arrayHeader(max: ChangeSetLimits.maxSettled)) {
                settled.append(try Dot(reading: &reader))
            }
            return .resolve(try slot(&reader), settled: settled)
        }
    }
}
