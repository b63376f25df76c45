// What people carry from one device to another: a stick, or a folder of messages.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

/// A folder with files of bundles.
struct Stick {
    private let directory: TemporaryDirectory
    let path: String

    init(_ directory: TemporaryDirectory, _ name: String = "stick") {
        self.directory = directory
        path = directory.path + "/" + name
        mkdir(path, 0o700)
    }

    /// The paths of the files whose names begin so.
    func files(_ prefix: String = "ward") -> [String] {
        directory.files(in: path).filter { $0.hasPrefix(prefix) }.map { path + "/" + $0 }
    }

    /// Lets a device write its bundle here.
    @discardableResult
    func export(from device: WardDevice, _ options: String..., place: SourceLocation = #_sourceLocation) throws
        -> ProgramRun
    {
        let made = try device.ward(["bundle", "export", "--to", path] + options)
        #expect(made.code == 0, "\(made.text) \(made.errors)", sourceLocation: place)
        return made
    }

    /// Gives a device the files whose names begin so.
    @discardableResult
    func give(to device: WardDevice, _ prefix: String = "ward", place: SourceLocation = #_sourceLocation) throws
        -> ProgramRun
    {
        let taken = try device.ward(["bundle", "import", "--json"] + files(prefix))
        #expect(taken.code == 0, "\(taken.text) \(taken.errors)", sourceLocation: place)
        return taken
    }

    /// How many bytes the files have together.
    func bytes(_ prefix: String = "ward") throws -> Int {
        try files(prefix).reduce(0) { try $0 + HomeFiles.read($1, max: 1 << 22).count }
    }
}

extension ProgramRun {
    /// The first value of a number's member in JSON output.
    func number(_ key: String) throws -> Int {
        let start = try #require(text.firstRange(of: "\"\(key)\":"), "\(key) in \(text) \(errors)")
        return try #require(Int(text[start.upperBound...].prefix { $0.isNumber }))
    }
}

extension TestHome {
    /// A phone that never saw a network.
    func offlinePhone(_ name: String) throws -> WardDevice {
        let device = WardDevice(
            directory: directory, path: directory.path + "/" + name, address: "http://127.0.0.1:1")
        #expect(try device.ward("init", "--descriptor", home.descriptor).code == 0)
        return device
    }
}
