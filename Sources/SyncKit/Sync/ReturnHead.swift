// What stands in front of the answer in a return: which request it answers, and how it follows on earlier returns.

/// What stands in front of the answer in a return (`docs/protocol.md`, "Bundles").
package struct ReturnHead: Hashable, Sendable {
    /// How the answer follows on an earlier return, for a device that applied that one meanwhile.
    package struct Step: Hashable, Sendable {
        /// The checkpoint of the earlier return, and the scope that it left the device with.
        package var position: Position
        package var scope: Position
        /// That the log of the answer's checkpoint goes on from there.
        package var path: [Digest]
        /// Documents that left the device's scope since.
        package var left: [Digest]
    }

    /// The most earlier returns that are named.
    package static let mostSteps = 16
    /// The most documents that left, of all steps together.
    package static let mostLeft = 4096

    /// The hash of the request that is answered.
    package var request: Digest
    package var steps: [Step]

    package init(request: Digest, steps: [Step] = []) {
        self.request = request
        self.steps = steps
    }

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 64 + steps.count * 600)
        writer.arrayHeader(count: 3)
        writer.unsigned(1)
        writer.byteString(request)
        writer.arrayHeader(count: steps.count)
        for step in steps {
            writer.arrayHeader(count: 4)
            writer.unsigned(step.position.rawValue)
            writer.unsigned(step.scope.rawValue)
            writer.byteString(MerkleProof.bytes(step.path))
            writer.byteString(MerkleProof.bytes(step.left))
        }
        return writer.bytes
    }

    package init?(decoding bytes: Bytes) {
        do throws(CBORError) {
            var reader = CBORReader(bytes)
            guard try reader.arrayHeader(max: 3) == 3, try reader.unsigned() == 1 else { return nil }
            request = try reader.digest()
            steps = []
            for _ in 0..<(try reader.arrayHeader(max: Self.mostSteps)) {
                guard try reader.arrayHeader(max: 4) == 4 else { return nil }
                let position = Position(rawValue: try reader.unsigned())
                let scope = Position(rawValue: try reader.unsigned())
                let path = try reader.byteString(max: MerkleProof.maxLength * Digest.byteCount)
                let left = try reader.byteString(max: Self.mostLeft * Digest.byteCount)
                guard let path = Self.digests(path), let left = Self.digests(left) else { return nil }
                steps.append(Step(position: position, scope: scope, path: path, left: left))
            }
            try reader.finish()
        } catch { return nil }
    }

    private static func digests(_ bytes: Bytes) -> [Digest]? {
        guard bytes.count % Digest.byteCount == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap { Digest(bytes, at: $0) }
    }
}
