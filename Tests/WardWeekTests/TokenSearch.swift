// Finding canaries in bytes: one pass by the C library, because the bytes are many.
import Glibc

enum TokenSearch {
    /// The tokens in some bytes, each once.
    static func tokens(in bytes: [UInt8]) -> Set<String> {
        bytes.withUnsafeBytes { tokens(in: $0) }
    }

    static func tokens(in buffer: UnsafeRawBufferPointer) -> Set<String> {
        var found: Set<String> = []
        guard let start = buffer.baseAddress else { return found }
        let prefix = CanaryBook.prefix
        var at = 0
        while at + CanaryBook.length <= buffer.count,
            let hit = memchr(start + at, Int32(prefix[0]), buffer.count - at)
        {
            let place = UnsafeRawPointer(hit) - start
            at = place + 1
            guard place + CanaryBook.length <= buffer.count, buffer[place + 1] == prefix[1],
                buffer[place + 2] == prefix[2], buffer[place + 3] == prefix[3]
            else { continue }
            found.insert(String(decoding: buffer[place..<(place + CanaryBook.length)], as: UTF8.self))
        }
        return found
    }

    /// The bytes of a file; none where there is no file.
    static func contents(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY)
        if file < 0 { return [] }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        lseek(file, 0, SEEK_SET)
        return [UInt8](unsafeUninitializedCapacity: max(0, size)) { buffer, count in
            while count < size {
                let got = read(file, buffer.baseAddress.map { $0 + count }, size - count)
                if got <= 0 { break }
                count += got
            }
        }
    }
}
