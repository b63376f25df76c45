// What tests that run with a sanitizer hand on to the programs that they start.

import Glibc

/// The sanitizers' options of this process, for the environment of another: among them where reports go, and that what a
/// program leaves to its end is no leak.
package enum SanitizerOptions {
    package static let environment = ["ASAN_OPTIONS", "TSAN_OPTIONS"].compactMap { name in
        getenv(name).map { name + "=" + String(cString: $0) }
    }
}
