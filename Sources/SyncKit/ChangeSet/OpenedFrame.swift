// A frame that was decompressed but not unpacked, and what its receiver has to look up to unpack it.

/// A frame's columns. Opening one needs nothing of the receiver's, so it happens outside of any lock.
package struct OpenedFrame: Sendable {
    let columns: FrameColumns

    /// - Parameter sender: the device that sent it, where its key may be left out.
    package init(
        _ frame: Bytes, dictionary: (UInt32) -> CompressionDictionary?, sender: DeviceID? = nil
    ) throws(ChangeSetError) {
        columns = try FrameEnvelope.decode(frame, dictionary: dictionary, sender: sender)
    }

    /// What a receiver looks up to unpack a frame.
    package struct References: Sendable {
        /// Change sets whose documents are named by them.
        package var creations: [Dot] = []
        /// The first change set of each device, whose predecessor's id is left out.
        package var firsts: [Dot] = []
    }

    /// What the frame refers to. Of a malformed frame, what could be read: unpacking it fails afterwards.
    package var references: References {
        var references = References()
        do { try read(&references) } catch { return references }
        return references
    }

    private func read(_ references: inout References) throws(CBORError) {
        var offset = 0
        while offset < columns.documents.count {
            let number = try Varint.read(columns.documents, &offset, end: columns.documents.count)
            guard number >= 2 else { continue }
            guard number - 2 < UInt64(columns.devices.count) else { return }
            let sequence = try Varint.read(columns.documents, &offset, end: columns.documents.count)
            guard sequence <= Dot.maxSequence else { return }
            references.creations.append(Dot(device: columns.devices[Int(number - 2)], sequence: sequence))
        }
        var met: Set<UInt64> = []
        var author = 0
        var sequence = 0
        while author < columns.authors.count {
            let place = try Varint.read(columns.authors, &author, end: columns.authors.count)
            let step = try Varint.read(columns.sequences, &sequence, end: columns.sequences.count)
            guard place < UInt64(columns.devices.count), step <= Dot.maxSequence else { return }
            if met.insert(place).inserted {
                references.firsts.append(Dot(device: columns.devices[Int(place)], sequence: step))
            }
        }
    }
}
