// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Faults planted on purpose, so that the simulator can show that it finds them. Never part of a product build.
let plantedFaults = ProcessInfo.processInfo.environment["WARDSYNC_PLANTED_FAULTS"] == "1"

/// The compiler's libFuzzer, for a build of the program that fuzzes (`scripts/fuzz`). Never part of a product build.
let fuzzer = ProcessInfo.processInfo.environment["WARDSYNC_FUZZER"]

let settings: [SwiftSetting] =
    [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]
    + (plantedFaults ? [.define("PLANTED_FAULTS")] : [])
    + (fuzzer != nil ? [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])] : [])

let package = Package(
    name: "WardSync",
    products: [
        .library(name: "SyncKit", targets: ["SyncKit"]),
        .executable(name: "ward-server", targets: ["SyncServer"]),
        .executable(name: "ward", targets: ["ResidentCLI"]),
        .executable(name: "field-day", targets: ["FieldDay"]),
        .executable(name: "ward-bench", targets: ["WardBench"]),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", path: "Sources/CInterop/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CSodium", path: "Sources/CInterop/CSodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CZstd", path: "Sources/CInterop/CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CMicroHTTPD", path: "Sources/CInterop/CMicroHTTPD", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CGnuTLS", path: "Sources/CInterop/CGnuTLS", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CCurl", path: "Sources/CInterop/CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CQREncode", path: "Sources/CInterop/CQREncode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CGd", path: "Sources/CInterop/CGd", providers: [.apt(["libgd-dev"])]),
        .systemLibrary(name: "CExif", path: "Sources/CInterop/CExif", providers: [.apt(["libexif-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/CInterop/CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "SyncKit", dependencies: ["CSQLite", "CSodium", "CZstd"], swiftSettings: settings),
        .target(name: "CommandLineKit", path: "Sources/CommandLine", swiftSettings: settings),
        .target(
            name: "WardWords", dependencies: ["CommandLineKit", "SyncKit"], swiftSettings: settings),
        .target(name: "QRCode", dependencies: ["CommandLineKit", "CQREncode", "CZlib"], swiftSettings: settings),
        .target(name: "Photos", dependencies: ["SyncKit", "CGd", "CExif"], swiftSettings: settings),
        .executableTarget(
            name: "SyncServer",
            dependencies: ["CommandLineKit", "QRCode", "SyncKit", "WardWords", "CMicroHTTPD", "CGnuTLS"],
            swiftSettings: settings),
        .executableTarget(
            name: "ResidentCLI",
            dependencies: ["CommandLineKit", "Photos", "QRCode", "SyncKit", "WardWords", "CCurl"],
            swiftSettings: settings),
        .executableTarget(name: "FieldDay", swiftSettings: settings),
        .executableTarget(
            name: "WardBench", dependencies: ["SyncKit", "CommandLineKit", "LinkSimulation", "CZstd"],
            path: "Benchmarks/WardBench",
            swiftSettings: settings),
        .target(
            name: "LinkSimulation", dependencies: ["SyncKit"], path: "Tests/LinkSimulation", swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["SyncKit"], path: "Tests/Simulation", swiftSettings: settings),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/Simulate", swiftSettings: settings),
        .executableTarget(
            name: "other-device", dependencies: ["SyncKit"], path: "Tests/OtherDevice", swiftSettings: settings),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulation"], exclude: ["planted-faults.txt"],
            swiftSettings: settings),
        .testTarget(name: "SyncKitTests", dependencies: ["SyncKit", "LinkSimulation"], swiftSettings: settings),
        .testTarget(name: "CommandLineKitTests", dependencies: ["CommandLineKit"], swiftSettings: settings),
        .testTarget(
            name: "QRCodeTests", dependencies: ["CommandLineKit", "QRCode", "CQREncode"], swiftSettings: settings),
        .testTarget(
            name: "SyncServerTests",
            dependencies: [
                "CommandLineKit", "QRCode", "SyncKit", "SyncServer", "WardWords", "CGnuTLS", "LinkSimulation",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ResidentCLITests", dependencies: ["ResidentCLI", "SyncServer", "WardWords", "LinkSimulation"],
            exclude: ["terminal-emulator.py"], swiftSettings: settings),
        .testTarget(name: "PhotosTests", dependencies: ["Photos", "SyncKit", "CGd"], swiftSettings: settings),
        .testTarget(name: "WardWeekTests", dependencies: ["SyncKit"], swiftSettings: settings),
        .testTarget(
            name: "DurabilityTests", dependencies: ["ResidentCLI", "SyncServer", "LinkSimulation"],
            swiftSettings: settings),
    ]
)

if let fuzzer {
    // Only tests are linked with executables: here the server is a library, without its main file.
    package.products.removeAll { $0.name == "ward-server" }
    package.targets.removeAll { $0.name == "SyncServer" || $0.type == .test }
    package.targets += [
        .target(
            name: "SyncServer",
            dependencies: ["CommandLineKit", "QRCode", "SyncKit", "WardWords", "CMicroHTTPD", "CGnuTLS"],
            exclude: ["main.swift"], swiftSettings: settings),
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CFuzzer", "CommandLineKit", "Photos", "SyncKit", "SyncServer"],
            path: "Tests/Fuzz", exclude: ["CFuzzer", "corpus", "seeds.py"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags([fuzzer]), .linkedLibrary("stdc++")]),
    ]
}
