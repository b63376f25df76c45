// One transfer of a file that breaks after every byte of every part of it, and goes on each time.

import SyncKit

/// What a transfer with very many breaks came to.
package struct LadderOutcome: Sendable {
    /// How often it broke: once after each byte of each part, its header and its proof included.
    package var breaks = 0
    /// How many parts arrived whole, and how many bytes they have together.
    package var wholeParts = 0
    package var partBytes = 0
    /// The most bytes that one break cost.
    package var mostLost = 0
    /// What is wrong; empty where nothing was lost and nothing came twice.
    package var problems: [String] = []
}

extension FileCuts {
    /// Moves one file, part by part. Each part is begun again and again, and breaks after one byte more each time, until
    /// it goes through. After every break whoever receives holds what it held before, and after the last part the file.
    /// - Parameters:
    ///   - level: of the parts.
    ///   - stride: a break after every byte (1), or after every so many.
    package func ladder(level: Int, stride: Int = 1) throws -> LadderOutcome {
        let side = try freshSide()
        let device = side.device
        let file = try side.stored ?? file(1)
        let name = file.attachment.content
        if way == .upload {
            _ = try device.commit(Self.report(with: file), files: [file])
        } else {
            try device.want(name)
        }
        // What is there of the file at whoever receives it, in leaves.
        func leaves() throws -> Int {
            if way == .download { return try ContentTables(device.database).held(name.root)?.leaves.size ?? 0 }
            return try side.ward.service.withCore { core throws(StoreError) in
                try core.contents.held(name.root)?.leaves.size ?? 0
            }
        }
        var plan = Self.plan(level)
        plan.mostAtOnce = ContentTree.leafLength << level
        let all = ContentTree.leafCount(Self.length)
        var outcome = LadderOutcome()
        var (place, held) = (0, 0)
        while held < all, outcome.problems.isEmpty {
            let cut = CutPlace.part(place)
            var transport = CutTransport(
                side.ward.service, cutUp: way == .upload ? cut : nil, cutDown: way == .download ? cut : nil)
            var isDone = Self.sync(device, &transport, plan, pausing: true).isDone
            // After a break the device first only asks.
            if transport.partsStart == nil { isDone = Self.sync(device, &transport, plan, pausing: true).isDone }
            let now = try leaves()
            if transport.brokeAt != nil {
                outcome.breaks += 1
                outcome.mostLost = max(
                    outcome.mostLost, way == .upload ? transport.partBytesUp : transport.partBytesDown)
                if isDone || now != held { outcome.problems.append("part \(outcome.wholeParts), byte \(place)") }
                place += stride
            } else {
                outcome.wholeParts += 1
                outcome.partBytes += transport.partBytes
                if !isDone || now <= held { outcome.problems.append("part \(outcome.wholeParts) did not arrive") }
                (held, place) = (now, 0)
            }
        }
        // The last word on the file, and nothing more of it.
        var last = CutTransport(side.ward.service)
        let isDone = Self.sync(device, &last, plan).isDone
        let parts = way == .upload ? last.partBytesUp : last.partBytesDown
        if !isDone || parts > 0 || outcome.wholeParts != all >> level { outcome.problems.append("the end") }
        let bytes =
            way == .download
            ? try device.content(name.root)
            : try side.ward.service.withCore { core throws(StoreError) in
                try core.contents.held(name.root).map { held throws(StoreError) in try core.contents.bytes(held) }
            }
        if bytes != file.content { outcome.problems.append("other bytes") }
        return outcome
    }
}
