// Typed pointers into buffers that are known to hold something, as the C interface wants them.

extension UnsafeRawBufferPointer {
    /// The first byte; the buffer must not be empty.
    var bytePointer: UnsafePointer<UInt8> {
        guard let baseAddress else { preconditionFailure("the buffer is not empty") }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The first byte; the buffer must not be empty.
    var bytePointer: UnsafeMutablePointer<UInt8> {
        guard let baseAddress else { preconditionFailure("the buffer is not empty") }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// The first byte; the buffer must not be empty.
    var bytePointer: UnsafeMutablePointer<UInt8> { UnsafeMutableRawBufferPointer(self).bytePointer }
}
